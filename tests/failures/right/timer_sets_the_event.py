"""Right: a thread's timer wakes every process.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
import threading

context = multiprocessing.get_context(sys.argv[1])


def work(event):
    event.wait()


if __name__ == "__main__":
    event = context.Event()
    process = context.Process(target=work, args=(event,))
    process.start()
    threading.Timer(1.5, event.set).start()
    process.join()
