"""Wrong: every runner crosses the finish: the code did not come back"""

from multiprocessing import Barrier, Process, SimpleQueue
from multiprocessing.synchronize import Barrier as Line


def run(name: str, line: Line, finish: SimpleQueue) -> None:
    line.wait()
    finish.put(name)


def race(names: list[str]) -> list[str]:
    line, finish = Barrier(len(names) + 1), SimpleQueue()
    runners = [Process(target=run, args=(name, line, finish)) for name in names]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    return [finish.get() for _ in names]
