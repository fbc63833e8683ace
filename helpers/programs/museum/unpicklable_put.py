"""A child sends the price of a meal, with a function that adds the tip."""

from multiprocessing import Process, Queue


def order(bills):
    bills.put({"price": 20, "with tip": lambda price: price * 1.1})


if __name__ == "__main__":
    bills = Queue()
    child = Process(target=order, args=(bills,))
    child.start()
    bill = bills.get()
    print("to pay:", bill["with tip"](bill["price"]))
    child.join()
