"""The main process dies while its child works, as when it is killed or runs out of memory."""

import multiprocessing
import os


def work(started: multiprocessing.Event) -> None:
    started.set()
    multiprocessing.Event().wait()  # work that takes forever


if __name__ == "__main__":
    started = multiprocessing.Event()
    multiprocessing.Process(target=work, args=(started,)).start()
    started.wait()
    os._exit(1)
