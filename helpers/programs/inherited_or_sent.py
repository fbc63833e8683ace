"""A lock, a shared number and a queue: given to a child when it starts, or sent to it later."""

from multiprocessing import Lock, Manager, Pool, Process, Queue, SimpleQueue, Value


def touch(thing: object) -> None:
    """Having the thing is enough."""


def receive(line: SimpleQueue, answers: SimpleQueue) -> None:
    with line.get():
        answers.put("arrives")


if __name__ == "__main__":
    things = {"Lock": Lock(), "Value": Value("i", 0), "Queue": Queue()}
    line, answers = SimpleQueue(), SimpleQueue()
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

    lock = things["Lock"]
    with Pool(1, initializer=touch, initargs=(lock,)) as pool:
        print("Lock, at the start of a pool:", pool.apply(str, ("arrives",)))
        try:
            pool.apply(touch, (lock,))
            print("Lock, in a pool's task: arrives")
        except RuntimeError as error:
            print("Lock, in a pool's task:", type(error).__name__)

    with Manager() as manager:
        child = Process(target=receive, args=(line, answers))
        child.start()
        lock = manager.Lock()
        line.put(lock)
        print("manager's lock, through a queue:", answers.get())
        child.join()
