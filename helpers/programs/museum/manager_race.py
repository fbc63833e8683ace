"""Two shops note every loaf that they sell in a manager's dict, and serve in step."""

from multiprocessing import Barrier, Manager, Process


def serve(both):
    both.wait()
    return 1


def sell(sales, both):
    for _ in range(50):
        sales["bread"] += serve(both)


if __name__ == "__main__":
    with Manager() as manager:
        sales, both = manager.dict(bread=0), Barrier(2)
        shops = [Process(target=sell, args=(sales, both)) for _ in range(2)]
        for shop in shops:
            shop.start()
        for shop in shops:
            shop.join()
        print("all 100 are there:", sales["bread"] == 100)
