"""Right: the queue is made below the guard, and is an argument; a lock at the top is not used.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])
unused = context.Lock()


def serve(orders):
    for order in iter(orders.get, None):
        print("serve", order)


if __name__ == "__main__":
    orders = context.Queue()
    waiter = context.Process(target=serve, args=(orders,))
    waiter.start()
    for order in ("tea", "cake", None):
        orders.put(order)
    waiter.join()
