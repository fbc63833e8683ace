"""Two processes send each other so many bytes, and only then receive.

Pass one number for both processes, or the parent's and the child's.
"""

import sys
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection


def send_first(connection: Connection, size: int) -> int:
    connection.send(bytes(size))
    return len(connection.recv())


if __name__ == "__main__":
    sizes = [int(size) for size in sys.argv[1:]]
    ours, theirs = Pipe()
    child = Process(target=send_first, args=(theirs, sizes[-1]))
    child.start()
    print("received:", send_first(ours, sizes[0]))
    child.join()
