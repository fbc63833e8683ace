"""Two consumers, six items, and as many sentinels as the argument says."""

import sys
from multiprocessing import Process, Queue


def consume(tasks: Queue) -> None:
    for _ in iter(tasks.get, None):  # get, until a None comes
        pass


if __name__ == "__main__":
    tasks = Queue()
    consumers = [Process(target=consume, args=(tasks,)) for _ in range(2)]
    for consumer in consumers:
        consumer.start()
    for item in [1, 2, 3, 4, 5, 6] + [None] * int(sys.argv[1]):
        tasks.put(item)
    for consumer in consumers:
        consumer.join()
