"""Right: a few results of imap wait until they are taken.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


class Picture:
    def __init__(self, number):
        self.number, self.points = number, bytes([number % 256]) * 60_000_000

    def __reduce__(self):
        return Picture, (self.number,)


if __name__ == "__main__":
    with context.Pool(2) as pool:
        for picture in pool.imap(Picture, range(3)):
            del picture
            time.sleep(0.1)
    print("done")
