"""Three workers, and a main program that gets SIGTERM, as from the command `kill`."""

import os
import signal
import time
from multiprocessing import Barrier, Process


def work(ready: Barrier) -> None:
    ready.wait()
    time.sleep(10_000)


if __name__ == "__main__":
    ready = Barrier(4)
    workers = [Process(target=work, args=(ready,)) for _ in range(3)]
    for worker in workers:
        worker.start()
    ready.wait()
    os.kill(os.getpid(), signal.SIGTERM)  # another program does this in real life
    for worker in workers:
        worker.join()
