"""Two consumers, six items, and as many sentinels as the argument says."""

import sys
from multiprocessing import Process, Queue


def consume(tasks):
    while True:
        task = tasks.get()
        if task is None:
            break


if __name__ == "__main__":
    tasks = Queue()
    consumers = [Process(target=consume, args=(tasks,)) for _ in range(2)]
    for consumer in consumers:
        consumer.start()
    for number in range(6):
        tasks.put(number)
    for _ in range(int(sys.argv[1])):
        tasks.put(None)
    for consumer in consumers:
        consumer.join()
