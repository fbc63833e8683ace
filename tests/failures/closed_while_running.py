"""Fails: process_out_of_order.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(event):
    event.wait()


if __name__ == "__main__":
    event = context.Event()
    process = context.Process(target=work, args=(event,))
    process.start()
    try:
        process.close()
    finally:
        event.set()
