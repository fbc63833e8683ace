"""Fails: full_pipe.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


if __name__ == "__main__":
    reader, writer = context.Pipe(duplex=False)
    writer.send_bytes(b"x" * 2_000_000)
    print(len(reader.recv_bytes()))
