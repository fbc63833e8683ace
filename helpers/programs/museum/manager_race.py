"""Two children add up 600 sales each, in a dict of a manager."""

from multiprocessing import Barrier, Manager, Process


def sell(sales, both):
    both.wait()
    for _ in range(600):
        sales["bread"] += 1


if __name__ == "__main__":
    with Manager() as manager:
        sales, both = manager.dict(bread=0), Barrier(2)
        children = [Process(target=sell, args=(sales, both)) for _ in range(2)]
        for child in children:
            child.start()
        for child in children:
            child.join()
        print("all 1,200 are there:", sales["bread"] == 1_200)
