"""A lock, a shared number and a queue: given to a child at its start, and sent to it later."""

from multiprocessing import Lock, Pool, Process, Queue, SimpleQueue, Value


def touch(thing: object) -> None:
    """Having it is all."""


if __name__ == "__main__":
    things = {"Lock": Lock(), "Value": Value("i", 0), "Queue": Queue()}
    line = SimpleQueue()
    for name, thing in things.items():
        child = Process(target=touch, args=(thing,))
        child.start()
        child.join()
        print(f"{name}, at the start:", "arrives" if child.exitcode == 0 else "fails")
        try:
            line.put(thing)
            print(f"{name}, through a queue: arrives")
        except RuntimeError as error:
            print(f"{name}, through a queue:", type(error).__name__)
    with Pool(1, initializer=touch, initargs=(things["Lock"],)) as pool:
        print("Lock, at the start of a pool:", pool.apply(len, ("arrives",)) and "arrives")
        try:
            pool.apply(touch, (things["Lock"],))
            print("Lock, in a pool's task: arrives")
        except RuntimeError as error:
            print("Lock, in a pool's task:", type(error).__name__)
