"""Two shops note every loaf that they sell in a manager's dict; both open at the same time."""

from multiprocessing import Barrier, Manager, Process


def sell(sales, opening):
    for _ in range(50):
        opening.wait()
        sales["bread"] += 1


if __name__ == "__main__":
    with Manager() as manager:
        sales, opening = manager.dict(bread=0), Barrier(2)
        shops = [Process(target=sell, args=(sales, opening)) for _ in range(2)]
        for shop in shops:
            shop.start()
        for shop in shops:
            shop.join()
        print("all 100 are there:", sales["bread"] == 100)
