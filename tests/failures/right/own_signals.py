"""Right: signals between processes.

methods: fork spawn
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import os
import signal
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(started):
    signal.signal(signal.SIGUSR1, lambda number, frame: sys.exit(0))
    started.set()
    while True:
        signal.pause()


if __name__ == "__main__":
    started = context.Event()
    process = context.Process(target=work, args=(started,))
    process.start()
    started.wait()
    os.kill(process.pid, signal.SIGUSR1)
    process.join()
    print(process.exitcode)
