"""A child pays two bills from one account, under a lock."""

from multiprocessing import Lock, Process


def pay(lock):
    with lock:
        print("paid")


def pay_all(lock):
    with lock:
        for _ in range(2):
            pay(lock)


if __name__ == "__main__":
    lock = Lock()
    child = Process(target=pay_all, args=(lock,))
    child.start()
    child.join()
