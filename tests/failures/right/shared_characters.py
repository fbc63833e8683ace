"""Right: the characters of a text are shared.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def rename(name):
    name.value = b"the new name"


if __name__ == "__main__":
    name = context.Array("c", 100)
    child = context.Process(target=rename, args=(name,))
    child.start()
    child.join()
    print(name.value)
