"""A thread writes a long line into a log; meanwhile a child wants to write, too."""

import threading
from multiprocessing import Process

log = threading.Lock()


def write_for_ever(writing):
    with log:
        writing.set()
        threading.Event().wait()


def write():
    with log:
        print("the child has written")


if __name__ == "__main__":
    writing = threading.Event()
    child = Process(target=write)
    child.start()
    threading.Thread(target=write_for_ever, args=(writing,), daemon=True).start()
    writing.wait()
    child.join()
