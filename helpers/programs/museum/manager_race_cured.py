"""Two children add up 600 sales each, in a dict of a manager."""

from multiprocessing import Barrier, Lock, Manager, Process


def sell(sales, both, lock):
    both.wait()
    for _ in range(600):
        with lock:
            sales["bread"] += 1


if __name__ == "__main__":
    lock = Lock()
    with Manager() as manager:
        sales, both = manager.dict(bread=0), Barrier(2)
        children = [Process(target=sell, args=(sales, both, lock)) for _ in range(2)]
        for child in children:
            child.start()
        for child in children:
            child.join()
        print("all 1,200 are there:", sales["bread"] == 1_200)
