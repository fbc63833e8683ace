"""A child sends the price of a meal, with a function that adds the tip."""

from multiprocessing import Process, Queue


def order(bills):
    bills.put({"price": 20, "tip": 0.1})


if __name__ == "__main__":
    bills = Queue()
    child = Process(target=order, args=(bills,))
    child.start()
    bill = bills.get()
    print("to pay:", bill["price"] * (1 + bill["tip"]))
    child.join()
