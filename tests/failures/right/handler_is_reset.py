"""Right: a child resets the signal handler that fork copied.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import signal
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def clean_up(number, frame):
    stopped.append(number)


def work(ready):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    ready.set()
    while True:
        time.sleep(0.1)


stopped = []

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, clean_up)
    ready = context.Event()
    child = context.Process(target=work, args=(ready,))
    child.start()
    ready.wait()
    child.terminate()
    child.join()
    print(child.exitcode)
