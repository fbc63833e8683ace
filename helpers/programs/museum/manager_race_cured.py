"""Two shops note every loaf that they sell in a manager's dict, and serve in step."""

from multiprocessing import Barrier, Lock, Manager, Process


def serve(both):
    both.wait()
    return 1


def sell(sales, both, lock):
    for _ in range(50):
        loaves = serve(both)
        with lock:
            sales["bread"] += loaves


if __name__ == "__main__":
    lock = Lock()
    with Manager() as manager:
        sales, both = manager.dict(bread=0), Barrier(2)
        shops = [Process(target=sell, args=(sales, both, lock)) for _ in range(2)]
        for shop in shops:
            shop.start()
        for shop in shops:
            shop.join()
        print("all 100 are there:", sales["bread"] == 100)
