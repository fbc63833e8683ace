"""Right: each child writes its own part.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(array, start):
    for place in range(start, start + 50):
        array[place] += place


if __name__ == "__main__":
    array = context.Array("i", 100)
    processes = [context.Process(target=work, args=(array, start)) for start in (0, 50)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    print(sum(array[:]))
