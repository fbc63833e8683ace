"""Right: a sentinel for each worker.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(tasks, results):
    for item in iter(tasks.get, None):
        results.put(item * item)


if __name__ == "__main__":
    tasks, results = context.Queue(), context.Queue()
    processes = [context.Process(target=work, args=(tasks, results)) for _ in range(3)]
    for process in processes:
        process.start()
    for number in range(20):
        tasks.put(number)
    for _ in processes:
        tasks.put(None)
    print(sum(results.get() for _ in range(20)))
    for process in processes:
        process.join()
