"""Fails: too_many_files.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import resource
import sys

context = multiprocessing.get_context(sys.argv[1])


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))
    pipes = [context.Pipe() for _ in range(200)]
    print(len(pipes))
