"""Fails: memory_removed_by_stranger.

methods: fork
pythons: 3.11-3.15
limit: 20
"""

import time
from multiprocessing import Pipe, Process
from multiprocessing.shared_memory import SharedMemory


def attach(reader):
    SharedMemory(name=reader.recv()).close()


if __name__ == "__main__":
    reader, writer = Pipe(duplex=False)
    child = Process(target=attach, args=(reader,))
    child.start()  # before this program's first block, so the child starts a tracker of its own
    memory = SharedMemory(create=True, size=100)
    writer.send(memory.name)
    child.join()
    while True:
        SharedMemory(name=memory.name).close()
        time.sleep(0.1)
