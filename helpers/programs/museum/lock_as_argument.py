"""Two workers take turns, by a lock."""

from multiprocessing import Lock, Pool


def work(lock):
    with lock:
        return "done"


if __name__ == "__main__":
    lock = Lock()
    with Pool(2) as pool:
        print(pool.map(work, [lock, lock]))
