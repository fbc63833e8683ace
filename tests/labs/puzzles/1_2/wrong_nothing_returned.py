"""Wrong: every runner crosses the finish: in any order, got None"""

from multiprocessing import Barrier, Process, SimpleQueue
from multiprocessing.synchronize import Barrier as Line


def run(name: str, line: Line, finish: SimpleQueue) -> None:
    line.wait()
    finish.put(name)


def race(names: list[str]) -> None:
    line, finish = Barrier(len(names)), SimpleQueue()
    runners = [Process(target=run, args=(name, line, finish)) for name in names]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
