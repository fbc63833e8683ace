"""Fails: made_again_by_spawn.

methods: spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])
go = context.Event()


def run():
    go.wait()


if __name__ == "__main__":
    runner = context.Process(target=run)
    runner.start()
    go.set()
    runner.join()
