"""Right: many pipes, each of which is closed before the next one.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import resource
import sys

context = multiprocessing.get_context(sys.argv[1])


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))
    for _ in range(200):
        for end in context.Pipe():
            end.close()
    print("done")
