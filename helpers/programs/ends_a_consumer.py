"""A consumer waits in get(). It is ended: by `kill`, or by `sentinel`. Then comes another one."""

import sys
from multiprocessing import Event, Process, Queue


def consume(items: Queue, started: Event) -> None:
    started.set()
    for item in iter(items.get, None):
        print("got:", item, flush=True)


if __name__ == "__main__":
    items, started = Queue(), Event()
    first, second = (Process(target=consume, args=(items, started)) for _ in range(2))
    first.start()
    started.wait()
    first.join(0.5)  # by then it waits in get()
    first.kill() if sys.argv[1] == "kill" else items.put(None)
    first.join()
    second.start()
    for item in ("an item", None):
        items.put(item)
    second.join()
