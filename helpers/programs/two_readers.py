"""Two children read from one end of a pipe. Pass `locked` for a lock around recv(), or `bare`."""

import sys
from multiprocessing import Barrier, Lock, Pipe, Process, synchronize
from multiprocessing.connection import Connection

MESSAGE, HOW_MANY = bytes(300_000), 100


def read_bare(reader: Connection, lock: synchronize.Lock, all_here: synchronize.Barrier) -> None:
    all_here.wait()
    while True:
        message = reader.recv()
        if message is None:
            break
        if message == MESSAGE:
            print("whole", flush=True)


def read_locked(reader: Connection, lock: synchronize.Lock, all_here: synchronize.Barrier) -> None:
    all_here.wait()
    while True:
        with lock:
            message = reader.recv()
        if message is None:
            break
        if message == MESSAGE:
            print("whole", flush=True)


if __name__ == "__main__":
    read = read_locked if sys.argv[1] == "locked" else read_bare
    reader, writer = Pipe(duplex=False)
    lock, all_here = Lock(), Barrier(3)
    children = [Process(target=read, args=(reader, lock, all_here)) for _ in range(2)]
    for child in children:
        child.start()
    all_here.wait()
    for _ in range(HOW_MANY):
        writer.send(MESSAGE)
    for _ in children:
        writer.send(None)  # one for each of them
    for child in children:
        child.join()
