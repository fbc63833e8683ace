"""Fails: several_writers.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def send(writer, mark, both):
    both.wait()
    for _ in range(3000):
        writer.send([mark * 100_000])


if __name__ == "__main__":
    reader, writer = context.Pipe(duplex=False)
    both = context.Barrier(2)
    for mark in "ab":
        context.Process(target=send, args=(writer, mark, both), daemon=True).start()
    for _ in range(6000):
        assert len(set(reader.recv()[0])) == 1
