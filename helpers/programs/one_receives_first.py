"""Two processes send each other so many bytes; one of them receives first."""

import sys
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection


def send_first(connection: Connection, size: int) -> int:
    connection.send(bytes(size))
    return len(connection.recv())


def receive_first(connection: Connection, size: int) -> None:
    connection.recv()
    connection.send(bytes(size))


if __name__ == "__main__":
    size = int(sys.argv[1])
    ours, theirs = Pipe()
    child = Process(target=receive_first, args=(theirs, size))
    child.start()
    print("received:", send_first(ours, size))
    child.join()
