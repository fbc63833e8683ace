"""Two processes send each other so many bytes, and only then receive."""

import sys
from multiprocessing import Pipe, Process


def send_first(connection, size):
    connection.send(bytes(size))
    print("received:", len(connection.recv()))


if __name__ == "__main__":
    size = int(sys.argv[1])
    ours, theirs = Pipe()
    child = Process(target=send_first, args=(theirs, size))
    child.start()
    send_first(ours, size)
    child.join()
