"""Right: a pool of threads.

methods: spawn
pythons: 3.11-3.15
limit: 20
"""

from multiprocessing.pool import ThreadPool

if __name__ == "__main__":
    with ThreadPool(3) as pool:
        print(pool.map(lambda number: number * number, range(10)))
