"""A child counts the messages in a pipe until the pipe ends."""

from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection


def read_all(reader: Connection) -> None:
    messages = 0
    try:
        while True:
            reader.recv()
            messages += 1
    except EOFError:
        print("messages:", messages)


if __name__ == "__main__":
    reader, writer = Pipe(duplex=False)
    child = Process(target=read_all, args=(reader,))
    child.start()
    writer.send("one")
    writer.send("two")
    writer.close()
    child.join()
