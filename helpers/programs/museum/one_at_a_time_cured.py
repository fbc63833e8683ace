"""Three children wait 0.4 seconds each, for three answers from far away."""

import time
from multiprocessing import Process


def ask():
    time.sleep(0.4)  # stands for the way there and back


if __name__ == "__main__":
    children = [Process(target=ask) for _ in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join()
