"""Right: a daemon is cut off on purpose.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def beat(event):
    while True:
        event.set()
        time.sleep(0.05)


if __name__ == "__main__":
    event = context.Event()
    context.Process(target=beat, args=(event,), daemon=True).start()
    event.wait()
    print("it beats")
