"""Three workers, and a main program that stops them all when it gets SIGTERM or Ctrl-C."""

import signal
import sys
import time
from multiprocessing import Barrier, Event, Process


def begin(ready: Barrier) -> None:
    """Leave Ctrl-C to the main program, and don't keep the SIGTERM handler that fork copies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    ready.wait()


def listen(ready: Barrier, please_stop: Event) -> None:
    begin(ready)
    while not please_stop.is_set():
        time.sleep(0.01)  # stands for a piece of work


def hang(ready: Barrier, please_stop: Event) -> None:
    begin(ready)
    time.sleep(10_000)


def refuse(ready: Barrier, please_stop: Event) -> None:
    begin(ready)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(10_000)


def join_all(workers: list[Process], seconds: float) -> None:
    end = time.monotonic() + seconds
    for worker in workers:
        worker.join(max(0, end - time.monotonic()))


def stop_all(workers: list[Process], please_stop: Event, patience: float) -> None:
    please_stop.set()  # ask all
    join_all(workers, patience)
    for worker in workers:
        worker.terminate()
    join_all(workers, patience)
    for worker in workers:
        worker.kill()
    for worker in workers:
        worker.join()


def leave(number: int, frame: object) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, leave)
    ready, please_stop = Barrier(4), Event()
    workers = [Process(target=job, args=(ready, please_stop)) for job in (listen, hang, refuse)]
    try:
        for worker in workers:
            worker.start()
        ready.wait()
        signal.raise_signal(signal.SIGTERM)  # another program does this in real life
        for worker in workers:
            worker.join()
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)  # a second one must not interrupt stop_all
        stop_all([worker for worker in workers if worker.pid], please_stop, patience=0.5)
        print("exit codes:", [worker.exitcode for worker in workers])
