"""A child starts a child of its own, and is terminated."""

import time
from multiprocessing import Event, Process


def sleep_long(started: Event) -> None:
    started.set()
    time.sleep(10_000)


def start_one_more(started: Event) -> None:
    grandchild = Process(target=sleep_long, args=(started,))
    grandchild.start()
    grandchild.join()


if __name__ == "__main__":
    started = Event()
    child = Process(target=start_one_more, args=(started,))
    child.start()
    started.wait()
    child.terminate()
    child.join()
    print("main: my child has ended")
