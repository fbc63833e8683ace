"""Fails: argument_not_rebuilt.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

context = multiprocessing.get_context(sys.argv[1])


class Settings:
    def __init__(self, **values):
        self.values = values

    def __setstate__(self, state):
        self.values = dict(self.defaults, **state)


def area(settings):
    return settings.values["width"] * settings.values["height"]


if __name__ == "__main__":
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        print(list(executor.map(area, [Settings(width=2, height=3)])))
