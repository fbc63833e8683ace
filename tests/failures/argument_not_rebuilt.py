"""Fails: argument_not_rebuilt.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


class Settings:
    def __init__(self, **values):
        self.values = values

    def __setstate__(self, state):
        self.values = dict(self.defaults, **state)


def area(settings):
    return settings.values["width"] * settings.values["height"]


if __name__ == "__main__":
    with context.Pool(2) as pool:
        print(pool.map(area, [Settings(width=2, height=3)]))
