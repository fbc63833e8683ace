"""Right: a hanging child is terminated and told of.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys
import threading

context = multiprocessing.get_context(sys.argv[1])


def hang(started):
    started.set()
    threading.Event().wait()


if __name__ == "__main__":
    started = context.Event()
    process = context.Process(target=hang, args=(started,))
    process.start()
    started.wait()
    process.join(0.2)
    process.terminate()
    process.join()
    print(process.exitcode < 0)
