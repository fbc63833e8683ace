"""Right: each of two writers has a pipe of its own.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def send(writer, mark):
    for _ in range(300):
        writer.send([mark * 100_000])


if __name__ == "__main__":
    pipes = [context.Pipe(duplex=False) for _ in "ab"]
    for (_, writer), mark in zip(pipes, "ab", strict=True):
        context.Process(target=send, args=(writer, mark), daemon=True).start()
    for _ in range(300):
        assert all(len(set(reader.recv()[0])) == 1 for reader, _ in pipes)
