"""A child puts what can't be pickled, and goes on as if all were well."""

from multiprocessing import Process, Queue


def work(results: Queue) -> None:
    results.put(lambda: 1)
    print("child: put, and on to the next thing", flush=True)


if __name__ == "__main__":
    results = Queue()
    child = Process(target=work, args=(results,))
    child.start()
    print("the parent has got", results.get())
