"""Right: progress with one writer and one reader.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def work(value):
    for _ in range(50):
        value.value += 1
        time.sleep(0.002)


if __name__ == "__main__":
    value = context.Value("i", 0)
    process = context.Process(target=work, args=(value,))
    process.start()
    while value.value < 50:
        time.sleep(0.01)
    process.join()
    value.value = 0
