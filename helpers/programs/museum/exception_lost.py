"""Three children read a price each; the parent adds them up."""

from multiprocessing import Process, SimpleQueue


def read(text, prices):
    prices.put(int(text))


if __name__ == "__main__":
    prices = SimpleQueue()
    children = [Process(target=read, args=(text, prices)) for text in ("20", "3O", "40")]
    for child in children:
        child.start()
    for child in children:
        child.join()
    total = 0
    while not prices.empty():
        total += prices.get()
    print("the total is", total)
