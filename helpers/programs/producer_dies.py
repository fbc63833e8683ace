"""A producer fails before its second item; its parent waits for both."""

from multiprocessing import Process, Queue


def produce(results):
    for divisor in (1, 0):
        results.put(10 // divisor)


if __name__ == "__main__":
    results = Queue()
    producer = Process(target=produce, args=(results,))
    producer.start()
    print([results.get(), results.get()])
    producer.join()
