"""A child is started while a thread of its parent holds a lock; then the child wants that lock."""

import threading
from multiprocessing import Process

lock = threading.Lock()
holding, let_go = threading.Event(), threading.Event()


def hold() -> None:
    with lock:
        holding.set()
        let_go.wait()


def work() -> None:
    with lock:
        pass


if __name__ == "__main__":
    thread = threading.Thread(target=hold)
    thread.start()
    holding.wait()
    child = Process(target=work)
    child.start()
    let_go.set()  # the parent's lock is free from here on
    thread.join()
    child.join()
    print("the child: got the lock")
