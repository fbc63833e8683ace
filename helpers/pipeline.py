"""A line of real processes with one queue in it, each of which notes what it did when.

    producers -put-> Queue(bound) -get-> consumers
        each sends its notes, and each consumer its checksums, by a pipe of its own -> Flow

A pipe for each child, so that its end can be waited for together with what it sends, and so that
nothing but the queue in the middle is waited for by several.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from multiprocessing import Barrier, Pipe, Process, Queue, connection
from queue import Full

from helpers.engines.pool import Progress, Stopped, WorkFailed, check_hooks
from helpers.flow import Flow, Step
from helpers.validation import number, whole_number
from helpers.workers.pipeline import consume, produce

MOST_WORKERS, MOST_ITEMS, MOST_BYTES, MOST_BOUND = 8, 1_000, 1_000_000, 1_000


def run_pipeline(
    producers: int = 1,
    consumers: int = 1,
    items: int = 60,
    size: int = 100,
    bound: int = 0,
    *,
    make: float = 0.002,
    use: float = 0.006,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Flow:
    """What a line of so many processes did: a Flow.

    `items` of `size` bytes are dealt out to the producers, each of which needs `make` seconds for
    one; a consumer needs `use` seconds. `bound` is the queue's maxsize, 0 for none. Those seconds
    are waited, not computed, so that any machine has room for all. Raises WorkFailed if one of
    them dies and Stopped if `stop` is set; no process is left in either case.
    """
    whole_number("producers", producers, 1, MOST_WORKERS, "Pass how many, e.g. producers=2.")
    whole_number("consumers", consumers, 1, MOST_WORKERS, "Pass how many, e.g. consumers=2.")
    whole_number("items", items, 1, MOST_ITEMS, "Pass how many, e.g. items=60.")
    whole_number("size", size, 0, MOST_BYTES, "Pass bytes, e.g. size=1_000.")
    whole_number("bound", bound, 0, MOST_BOUND, "Pass the queue's maxsize, or 0 for none.")
    number("make", make, 0, 1, "Pass seconds, e.g. make=0.002.")
    number("use", use, 0, 1, "Pass seconds, e.g. use=0.006.")
    check_hooks(progress, stop)
    tasks, gate = Queue(bound), Barrier(producers + consumers)
    tasks.cancel_join_thread()  # a line that is given up leaves sentinels that nobody will take
    try:
        with _Crew() as crew:
            for n in range(producers):
                dealt = range(n, items, producers)
                crew.start(f"producer {n + 1}", produce, (dealt, size, make, tasks, gate))
            for n in range(consumers):
                crew.start(f"consumer {n + 1}", consume, (use, tasks, gate))
            steps, checksums = _collect(crew, tasks, consumers, items, progress, stop)
    finally:
        tasks.close()
    began = min(step.start for step in steps)
    moved = [step._replace(start=step.start - began, end=step.end - began) for step in steps]
    return Flow(producers, consumers, items, size, bound, tuple(moved), tuple(checksums))


class _Crew:
    """Child processes with a pipe from each; none of them is left at the end of `with`."""

    def __init__(self) -> None:
        self.processes: dict[str, Process] = {}
        self.lines: dict[str, connection.Connection] = {}

    def __enter__(self) -> _Crew:
        return self

    def start(self, name: str, target: object, args: tuple) -> None:
        line, far_end = Pipe(duplex=False)
        self.lines[name] = line
        args = (name, *args, far_end)
        self.processes[name] = Process(target=target, name=name, args=args, daemon=True)
        self.processes[name].start()
        far_end.close()  # the child has its own copy

    def __exit__(self, *_: object) -> None:
        # Killing breaks the queue for whoever is left: here nobody is, and it is not used again.
        for process in self.processes.values():
            if process.is_alive():
                process.kill()
        for process in self.processes.values():
            process.join()
        for line in self.lines.values():
            line.close()

    def messages(self, limit: float) -> Iterator[tuple[str, tuple]]:
        """(name, message) of all that have sent one; waits `limit` seconds for the first."""
        names = {line: name for name, line in self.lines.items()}
        for line in connection.wait(list(names), limit):
            try:
                yield names[line], line.recv()
            except EOFError:  # it has ended; of that, its exit code tells
                line.close()
                del self.lines[names[line]]

    def lost(self) -> str:
        """What became of one that has ended badly; "" if none has."""
        for name, process in self.processes.items():
            if process.exitcode:
                return f"{name} ended with exit code {process.exitcode} before its work was done"
        return ""


def _collect(
    crew: _Crew,
    tasks: Queue,
    sentinels: int,
    items: int,
    progress: Progress | None,
    stop: threading.Event | None,
) -> tuple[list[Step], list[tuple[int, int]]]:
    """All steps and checksums. When every producer has ended, each consumer is sent its sentinel.

    A producer does not end before all that it put is in the pipe, so no sentinel overtakes an item.
    """
    steps: list[Step] = []
    checksums: list[tuple[int, int]] = []
    ready: set[str] = set()
    makers = [process for name, process in crew.processes.items() if name.startswith("producer")]
    while len(ready) < len(crew.processes):
        if stop is not None and stop.is_set():
            raise Stopped
        for name, (kind, what) in crew.messages(limit=0.05):
            if kind == "steps":
                steps += what
                ready.add(name)
            else:
                checksums.append(what)
                if progress is not None:
                    progress(len(checksums), items)
        if lost := crew.lost():
            raise WorkFailed(lost)
        if sentinels and all(maker.exitcode == 0 for maker in makers):
            sentinels -= _send_sentinels(tasks, sentinels)
    return steps, checksums


def _send_sentinels(tasks: Queue, most: int) -> int:
    """How many found room: this process must not wait in put(), it has to listen as well."""
    for sent in range(most):
        try:
            tasks.put_nowait(None)
        except Full:
            return sent
    return most
