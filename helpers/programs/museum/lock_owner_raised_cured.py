"""Two children write into the same book, one after the other."""

from multiprocessing import Lock, Process


def write(name, lock):
    with lock:
        print(name[0], "writes")


if __name__ == "__main__":
    lock = Lock()
    for name in ("", "Ada"):
        child = Process(target=write, args=(name, lock))
        child.start()
        child.join()
        print("exit code:", child.exitcode)
