"""The main program handles SIGTERM, starts a child, and terminates that child."""

import signal
import sys
import time
from multiprocessing import Event, Process


def work(started: Event) -> None:
    started.set()
    time.sleep(10_000)


def leave(number: int, frame: object) -> None:
    sys.exit(3)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, leave)
    started = Event()
    child = Process(target=work, args=(started,))
    child.start()
    started.wait()
    child.terminate()
    child.join()
    print("the child's exit code:", child.exitcode)
