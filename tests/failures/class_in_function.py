"""Fails: class_not_found.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def area(box):
    return box.width * box.height


def main():
    class Box:
        def __init__(self, width, height):
            self.width, self.height = width, height

    with context.Pool(2) as pool:
        print(pool.map(area, [Box(1, 2), Box(3, 4)]))


if __name__ == "__main__":
    main()
