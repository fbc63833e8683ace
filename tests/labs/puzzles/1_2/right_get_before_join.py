"""Right: reads the answers before it joins."""

from multiprocessing import Barrier, Process, SimpleQueue
from multiprocessing.synchronize import Barrier as Line


def run(name: str, line: Line, finish: SimpleQueue) -> None:
    line.wait()
    finish.put(name)


def race(names: list[str]) -> list[str]:
    line, finish = Barrier(len(names)), SimpleQueue()
    runners = [Process(target=run, args=(name, line, finish)) for name in names]
    for runner in runners:
        runner.start()
    order = [finish.get() for _ in names]
    for runner in runners:
        runner.join()
    return order
