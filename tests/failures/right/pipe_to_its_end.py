"""Right: closes ends, so that the reader sees the end.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(reader, writer):
    writer.close()
    try:
        while True:
            print(reader.recv())
    except EOFError:
        print("the end")


if __name__ == "__main__":
    reader, writer = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(reader, writer))
    process.start()
    reader.close()
    writer.send("one")
    writer.close()
    process.join()
