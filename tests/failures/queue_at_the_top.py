"""Fails: made_again_by_spawn.

methods: spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])
orders = context.Queue()


def serve():
    for order in iter(orders.get, None):
        print("serve", order)


if __name__ == "__main__":
    waiter = context.Process(target=serve)
    waiter.start()
    for order in ("tea", "cake", None):
        orders.put(order)
    waiter.join()
