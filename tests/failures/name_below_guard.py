"""Fails: state_not_carried.

methods: spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def price(item):
    return prices[item]


if __name__ == "__main__":
    prices = {"apple": 3, "pear": 4}
    with context.Pool(2) as pool:
        print(pool.map(price, ["apple", "pear"]))
