"""A consumer waits in get(); end it with `kill`, `terminate` or `sentinel`, and start another."""

import sys
from multiprocessing import Event, Process, Queue


def consume(items, started):
    started.set()
    while True:
        item = items.get()
        if item is None:
            break
        print("got:", item, flush=True)


if __name__ == "__main__":
    items, started = Queue(), Event()
    first = Process(target=consume, args=(items, started))
    second = Process(target=consume, args=(items, started))
    first.start()
    started.wait()
    first.join(0.5)  # by now it waits in get()
    if sys.argv[1] == "kill":
        first.kill()
    elif sys.argv[1] == "terminate":
        first.terminate()
    else:
        items.put(None)
    first.join()
    second.start()
    items.put("an item")
    items.put(None)
    second.join()
