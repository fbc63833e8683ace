"""Right: two processes without a pool."""

from multiprocessing import Barrier, Process, SimpleQueue
from multiprocessing.synchronize import Barrier as Table


def lift(end: str, both: Table, lifted: SimpleQueue) -> None:
    both.wait()
    lifted.put(end)


def carry(ends: list[str]) -> list[str]:
    both, lifted = Barrier(2), SimpleQueue()
    workers = [Process(target=lift, args=(end, both, lifted)) for end in ends]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sorted((lifted.get() for _ in ends), key=ends.index)
