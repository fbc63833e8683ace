"""Right: a child that refuses is killed.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import signal
import sys
import threading

context = multiprocessing.get_context(sys.argv[1])


def refuse(started):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    started.set()
    threading.Event().wait()


if __name__ == "__main__":
    started = context.Event()
    process = context.Process(target=refuse, args=(started,))
    process.start()
    started.wait()
    process.terminate()
    process.join(0.2)
    process.kill()
    process.join()
