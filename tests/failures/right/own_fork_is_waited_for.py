"""Right: the program waits for the child that it forked itself, and for no other.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import os
import sys

context = multiprocessing.get_context(sys.argv[1])


if __name__ == "__main__":
    child = context.Process(target=print, args=("work",))
    child.start()
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    child.join()
    print(child.exitcode)
