"""Two processes send each other so many bytes; one of them receives first."""

import sys
from multiprocessing import Pipe, Process


def send_first(connection, size):
    connection.send(bytes(size))
    print("received:", len(connection.recv()))


def receive_first(connection, size):
    print("received:", len(connection.recv()))
    connection.send(bytes(size))


if __name__ == "__main__":
    size = int(sys.argv[1])
    ours, theirs = Pipe()
    child = Process(target=receive_first, args=(theirs, size))
    child.start()
    send_first(ours, size)
    child.join()
