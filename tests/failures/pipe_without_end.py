"""Fails: pipe_still_open.

methods: fork
pythons: 3.11-3.15
limit: 20
"""

import contextlib
import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(reader):
    with contextlib.suppress(EOFError):
        while True:
            print(reader.recv())


if __name__ == "__main__":
    reader, writer = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(reader,))
    process.start()
    writer.send("one")
    writer.close()
    process.join()
