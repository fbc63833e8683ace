"""Fails: task_done_too_often.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
from queue import Empty

context = multiprocessing.get_context(sys.argv[1])


def work(jobs, done):
    while True:
        try:
            done.put(jobs.get(timeout=0.5) ** 2)
        except Empty:
            break
        finally:
            jobs.task_done()


if __name__ == "__main__":
    jobs, done = context.JoinableQueue(), context.SimpleQueue()
    for number in range(3):
        jobs.put(number)
    worker = context.Process(target=work, args=(jobs, done))
    worker.start()
    print([done.get() for _ in range(3)])
    worker.join()
