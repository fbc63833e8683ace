"""Fails: two_readers.

methods: fork forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(reader, both):
    both.wait()
    while reader.recv() is not None:
        pass


if __name__ == "__main__":
    reader, writer = context.Pipe(duplex=False)
    both = context.Barrier(3)
    for _ in range(2):
        context.Process(target=work, args=(reader, both), daemon=True).start()
    both.wait()
    for _ in range(50_000):
        writer.send([b"x" * 3000])
