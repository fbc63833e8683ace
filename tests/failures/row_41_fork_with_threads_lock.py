"""Row 41: forked while a thread held a lock.

methods: fork
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
import threading

context = multiprocessing.get_context(sys.argv[1])


lock = threading.Lock()


def hold(inside):
    with lock:
        inside.set()
        threading.Event().wait()


def work():
    with lock:
        print("mine")


if __name__ == "__main__":
    inside = threading.Event()
    threading.Thread(target=hold, args=(inside,), daemon=True).start()
    inside.wait()
    process = context.Process(target=work)
    process.start()
    process.join()
