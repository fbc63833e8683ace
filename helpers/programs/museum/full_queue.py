"""A parent hands five plates to a child, over a table with room for two."""

from multiprocessing import Process, Queue


def wash(table):
    for _ in range(5):
        print("washed", table.get())


if __name__ == "__main__":
    table = Queue(2)
    for plate in range(5):
        table.put(plate)
    child = Process(target=wash, args=(table,))
    child.start()
    child.join()
