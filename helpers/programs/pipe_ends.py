"""A child counts the messages in a pipe until the pipe ends."""

from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection


def read_all(reader: Connection, writer: Connection) -> None:
    writer.close()
    messages = 0
    try:
        while True:
            reader.recv()
            messages += 1
    except EOFError:
        print("messages:", messages)


if __name__ == "__main__":
    reader, writer = Pipe(duplex=False)
    child = Process(target=read_all, args=(reader, writer))
    child.start()
    reader.close()
    writer.send("one")
    writer.send("two")
    writer.close()
    child.join()
