"""Fails: ignored_terminate.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import signal
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(started):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    started.set()
    while True:
        signal.pause()


if __name__ == "__main__":
    started = context.Event()
    process = context.Process(target=work, args=(started,))
    process.start()
    started.wait()
    process.terminate()
    process.join()
