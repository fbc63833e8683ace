"""Right: a block of SharedMemory and an RLock, in a spawn context."""

import struct
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.shared_memory import SharedMemory

from helpers.workers.lab_03 import count_word

SPAWN = get_context("spawn")


def send(page: str, word: str, end: Connection) -> None:
    with end:
        end.send(count_word(page, word))


def count_by_values(pages: list[str], word: str) -> int:
    ends, processes = [], []
    for page in pages:
        mine, theirs = SPAWN.Pipe(duplex=False)
        process = SPAWN.Process(target=send, args=(page, word, theirs), daemon=True)
        process.start()
        theirs.close()
        ends.append(mine)
        processes.append(process)
    total = 0
    while ends:
        for end in wait(ends):
            total += end.recv()
            end.close()
            ends.remove(end)
    for process in processes:
        process.join()
    return total


def add_count(page: str, word: str, name: str, lock: object) -> None:
    count = count_word(page, word)
    block = SharedMemory(name)
    lock.acquire()
    try:
        (total,) = struct.unpack_from("q", block.buf)
        struct.pack_into("q", block.buf, 0, total + count)
    finally:
        lock.release()
        block.close()


def count_in_shared_memory(pages: list[str], word: str) -> int:
    block, lock = SharedMemory(create=True, size=8), SPAWN.RLock()
    try:
        struct.pack_into("q", block.buf, 0, 0)
        processes = [
            SPAWN.Process(target=add_count, args=(page, word, block.name, lock)) for page in pages
        ]
        [process.start() for process in processes]
        [process.join() for process in processes]
        return struct.unpack_from("q", block.buf)[0]
    finally:
        block.close()
        block.unlink()
