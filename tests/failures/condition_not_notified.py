"""Fails: condition_not_notified.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(condition, numbers):
    with condition:
        condition.wait_for(lambda: len(numbers) == 3)


if __name__ == "__main__":
    condition, numbers = context.Condition(), []
    child = context.Process(target=work, args=(condition, numbers))
    child.start()
    with condition:
        numbers.extend([1, 2, 3])
    child.join()
