"""Right: what wait_for looks at is shared, so an early notification does no harm.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def work(condition, ready):
    time.sleep(0.5)
    with condition:
        condition.wait_for(lambda: ready.value)


if __name__ == "__main__":
    condition, ready = context.Condition(), context.Value("b", 0)
    child = context.Process(target=work, args=(condition, ready))
    child.start()
    with condition:
        ready.value = 1
        condition.notify_all()
    child.join()
    print(child.exitcode)
