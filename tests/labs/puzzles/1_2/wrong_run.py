"""Wrong: every runner crosses the finish: the code did not come back"""

from multiprocessing import Barrier, Process, SimpleQueue
from multiprocessing.synchronize import Barrier as Line


def run(name: str, line: Line, finish: SimpleQueue) -> None:
    line.wait()
    finish.put(name)


def race(names: list[str]) -> list[str]:
    line, finish = Barrier(len(names)), SimpleQueue()
    for name in names:
        Process(target=run, args=(name, line, finish)).run()
    return [finish.get() for _ in names]
