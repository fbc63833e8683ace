"""Two children count 5,000 visitors each, on one shared counter."""

from multiprocessing import Barrier, Process, Value


def count(visitors, both):
    both.wait()
    for _ in range(5_000):
        with visitors.get_lock():
            visitors.value += 1


if __name__ == "__main__":
    visitors, both = Value("i", 0), Barrier(2)
    children = [Process(target=count, args=(visitors, both)) for _ in range(2)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print("all 10,000 were counted:", visitors.value == 10_000)
