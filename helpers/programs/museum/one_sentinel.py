"""Three workers take numbers from a queue until None comes."""

from multiprocessing import Process, Queue


def work(numbers):
    while True:
        number = numbers.get()
        if number is None:
            break
        print(number**2, flush=True)


if __name__ == "__main__":
    numbers = Queue()
    workers = [Process(target=work, args=(numbers,)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for number in range(6):
        numbers.put(number)
    numbers.put(None)
    for worker in workers:
        worker.join()
