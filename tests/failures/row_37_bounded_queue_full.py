"""Row 37: a full queue that nobody reads.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


if __name__ == "__main__":
    queue = context.Queue(2)
    for number in range(3):
        queue.put(number)
