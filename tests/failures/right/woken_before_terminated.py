"""Right: a waiting child is woken, and only then terminated.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def wait(ready, condition):
    with condition:
        ready.set()
        condition.wait()
    time.sleep(60)


if __name__ == "__main__":
    ready, condition = context.Event(), context.Condition()
    child = context.Process(target=wait, args=(ready, condition))
    child.start()
    ready.wait()
    with condition:
        condition.notify_all()
    child.terminate()
    child.join()
    print(child.exitcode)
