"""Right: the parent closes its writing end before it reads.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def produce(writer):
    for number in range(3):
        writer.send(number)


if __name__ == "__main__":
    reader, writer = context.Pipe(duplex=False)
    child = context.Process(target=produce, args=(writer,))
    child.start()
    writer.close()
    try:
        while True:
            print(reader.recv())
    except EOFError:
        print("that was all")
    child.join()
