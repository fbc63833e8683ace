"""Right: a class with __getattr__ can be pickled, because that looks at no own attribute.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


class Settings:
    def __init__(self, **values):
        self.values = values

    def __getattr__(self, name):
        if name.startswith("__") or name == "values":
            raise AttributeError(name)
        return self.values[name]


def area(settings):
    return settings.width * settings.height


if __name__ == "__main__":
    with context.Pool(2) as pool:
        print(pool.map(area, [Settings(width=2, height=3)]))
