"""Right: a condition with a notice.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(condition, value):
    with condition:
        value.value = 5
        condition.notify_all()


if __name__ == "__main__":
    condition, value = context.Condition(), context.Value("i", 0)
    process = context.Process(target=work, args=(condition, value))
    with condition:
        process.start()
        condition.wait_for(lambda: value.value == 5)
    process.join()
