"""A child sends four letters; the parent takes all that are there."""

import time
from multiprocessing import Process, Queue


def send(letters):
    for number in range(4):
        time.sleep(0.1)  # it takes a while to write one
        letters.put(f"letter {number}")


if __name__ == "__main__":
    letters = Queue()
    child = Process(target=send, args=(letters,))
    child.start()
    found = [letters.get() for _ in range(4)]
    child.join()
    print("all four came:", len(found) == 4)
