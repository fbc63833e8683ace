"""Two workers take turns, by a lock."""

from multiprocessing import Lock, Pool


def keep(lock):
    global kept
    kept = lock


def work(number):
    with kept:
        return "done"


if __name__ == "__main__":
    lock = Lock()
    with Pool(2, initializer=keep, initargs=(lock,)) as pool:
        print(pool.map(work, range(2)))
