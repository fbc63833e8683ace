"""A function creates a queue, starts a child with it, and returns the child alone."""

from multiprocessing import Process, SimpleQueue


def work(results: SimpleQueue) -> None:
    results.put(42)


def start_worker() -> Process:
    results = SimpleQueue()
    worker = Process(target=work, args=(results,))
    worker.start()
    return worker  # and nothing in this process refers to `results` any more


if __name__ == "__main__":
    worker = start_worker()
    worker.join()
    print("the child's exit code:", worker.exitcode)
