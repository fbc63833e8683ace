"""Right: a worker tries task_done() until there is nothing left to mark, and logs the error.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
import traceback

context = multiprocessing.get_context(sys.argv[1])


def mark_all(jobs):
    try:
        while True:
            jobs.task_done()
    except ValueError:
        traceback.print_exc()


if __name__ == "__main__":
    jobs = context.JoinableQueue()
    for number in range(3):
        jobs.put(number)
    print([jobs.get() for _ in range(3)])
    worker = context.Process(target=mark_all, args=(jobs,))
    worker.start()
    worker.join()
    jobs.join()
    print("exit code", worker.exitcode)
