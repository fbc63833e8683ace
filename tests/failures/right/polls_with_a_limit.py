"""Right: looks for items again and again.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import queue
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def work(items):
    for number in range(3):
        time.sleep(0.4)
        items.put(number)


if __name__ == "__main__":
    items, found = context.Queue(), []
    process = context.Process(target=work, args=(items,))
    process.start()
    while len(found) < 3:
        try:
            found.append(items.get(timeout=0.1))
        except queue.Empty:
            continue
    process.join()
