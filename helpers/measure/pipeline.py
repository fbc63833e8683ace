"""A pipeline of real processes around one queue; each process records what it did when.

    producers -put-> Queue(bound) -get-> consumers
        each sends its steps, and each consumer its checksums, through its own pipe -> Flow

Each child has its own pipe to the parent. So the parent can wait for messages and for ends at the
same time, and the queue in the middle is the only thing that several processes wait for.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing import Barrier, Pipe, Process, Queue, connection
from queue import Full

from helpers.engines.pool import Progress, Stopped, WorkFailed, check_hooks
from helpers.validation import bad_type, number, whole_number
from helpers.workers.pipeline import END, Step, consume, produce

KINDS = ("make", "put", "get", "use")


@dataclass(frozen=True)
class Flow:
    """The record of a pipeline: producers, consumers, `items` of `size` bytes, and their queue.

    `bound` is the queue's maxsize, or 0 for none. The steps' times are seconds since the first one.
    `checksums` has what the consumers computed, in the order in which it arrived: (number of the
    item, checksum).
    """

    producers: int
    consumers: int
    items: int
    size: int
    bound: int
    steps: tuple[Step, ...] = field(repr=False)
    checksums: tuple[tuple[int, int], ...] = field(repr=False)

    @property
    def seconds(self) -> float:
        """Return the seconds from the start of the first step to the end of the last one."""
        return max(step.end for step in self.steps)

    @property
    def exactly_once(self) -> bool:
        """Return whether each item came back exactly once."""
        return Counter(number for number, _ in self.checksums) == Counter(range(self.items))

    @property
    def processes(self) -> tuple[str, ...]:
        """Return the names of all processes, producers first."""
        producers = [f"producer {n}" for n in range(1, self.producers + 1)]
        return (*producers, *(f"consumer {n}" for n in range(1, self.consumers + 1)))

    @property
    def lengths(self) -> list[tuple[float, int]]:
        """Return the queue's length as (time, length from then on), in order of time.

        An item is in the queue from the end of its put to the end of its get. Each process records
        these a moment late, so the get may seem to end first. Such an item does not count.
        """
        got = {step.item: step.end for step in self.steps if step.kind == "get"}
        changes = []
        for step in self.steps:
            if step.kind == "put" and step.end < got.get(step.item, step.end):
                changes += [(step.end, 1), (got[step.item], -1)]
        length, lengths = 0, [(0.0, 0)]
        for time, change in sorted(changes):
            length += change
            lengths.append((time, length))
        return lengths

    @property
    def longest(self) -> int:
        """Return the largest number of items that were in the queue at a time."""
        return max(length for _, length in self.lengths)

    def seconds_in(self, kind: str) -> float:
        """Return the seconds that all processes together spent in steps of that kind."""
        return sum(step.end - step.start for step in self.steps if step.kind == kind)

    def share_of(self, kind: str) -> float:
        """Return the share of their time, 0 to 1, that producers or consumers spent in `kind`.

        The time of a process is from the start of its first step to the end of its last one.
        """
        role = "producer" if kind in ("make", "put") else "consumer"
        theirs = [step for step in self.steps if step.who.startswith(role)]
        spans: dict[str, tuple[float, float]] = {}
        for step in theirs:
            first, last = spans.get(step.who, (step.start, step.end))
            spans[step.who] = (min(first, step.start), max(last, step.end))
        whole = sum(last - first for first, last in spans.values())
        return self.seconds_in(kind) / whole if whole else 0.0

    @property
    def taken(self) -> dict[str, int]:
        """Return how many items each consumer got, by its name."""
        counts = Counter(s.who for s in self.steps if s.kind == "get" and s.item != END)
        return {name: counts[name] for name in self.processes[self.producers :]}


def flow_in_words(flow: Flow) -> list[str]:
    """Return what the picture of `flow` shows as sentences: the text alternative to it.

    Raise TypeError for what is not a Flow.
    """
    if not isinstance(flow, Flow):
        raise bad_type("flow", flow, "a Flow", "Pass what run_pipeline(…) returned.")
    bound = f"a queue of at most {flow.bound}" if flow.bound else "a queue without a bound"
    taken = ", ".join(map(str, flow.taken.values()))
    return [
        f"{_many(flow.producers, 'producer')}, {_many(flow.consumers, 'consumer')}, {bound}: "
        f"{flow.items} items of {flow.size:,} bytes in {flow.seconds:.3f} s",
        f"the queue held at most {flow.longest} items; the consumers got {taken}",
        f"producers spent {flow.share_of('put'):.0%} of their time in put(), "
        f"consumers {flow.share_of('get'):.0%} of theirs in get()",
    ]


def _many(count: int, what: str) -> str:
    return f"{count} {what}" + ("s" if count != 1 else "")


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
    """Run a pipeline of that many producers and consumers, and return its Flow.

    The producers share `items` of `size` bytes. A producer takes `make` seconds for an item, a
    consumer `use` seconds. They sleep for these seconds instead of computing, so they need no
    cores. `bound` is the queue's maxsize, or 0 for none. Raise TypeError or ValueError for
    arguments that can't be used, WorkFailed if a process dies, and Stopped once `stop` is set. No
    process is left in any case.
    """
    whole_number("producers", producers, 1, MOST_WORKERS, "Pass how many, e.g. producers=2.")
    whole_number("consumers", consumers, 1, MOST_WORKERS, "Pass how many, e.g. consumers=2.")
    whole_number("items", items, 1, MOST_ITEMS, "Pass how many, e.g. items=60.")
    whole_number("size", size, 0, MOST_BYTES, "Pass bytes, e.g. size=1_000.")
    whole_number("bound", bound, 0, MOST_BOUND, "Pass the queue's maxsize, or 0 for none.")
    number("make", make, 0, 1, "Pass seconds, e.g. make=0.002.")
    number("use", use, 0, 1, "Pass seconds, e.g. use=0.006.")
    check_hooks(progress, stop)
    tasks: Queue = Queue(bound)
    gate = Barrier(producers + consumers)
    tasks.cancel_join_thread()  # a stopped pipeline leaves sentinels in the queue
    try:
        with _Children() as children:
            for n in range(producers):
                dealt = range(n, items, producers)
                children.start(f"producer {n + 1}", produce, (dealt, size, make, tasks, gate))
            for n in range(consumers):
                children.start(f"consumer {n + 1}", consume, (use, tasks, gate))
            steps, checksums = _collect(children, tasks, consumers, items, progress, stop)
    finally:
        tasks.close()
    began = min(step.start for step in steps)
    moved = [step._replace(start=step.start - began, end=step.end - began) for step in steps]
    return Flow(producers, consumers, items, size, bound, tuple(moved), tuple(checksums))


class _Children:
    """Child processes, each with a pipe to the parent. All have ended after the `with` block."""

    def __init__(self) -> None:
        self.processes: dict[str, Process] = {}
        self.connections: dict[str, connection.Connection] = {}

    def __enter__(self) -> _Children:
        return self

    def start(self, name: str, target: Callable, args: tuple) -> None:
        ours, theirs = Pipe(duplex=False)
        self.connections[name] = ours
        args = (name, *args, theirs)
        self.processes[name] = Process(target=target, name=name, args=args, daemon=True)
        self.processes[name].start()
        theirs.close()  # the child has its own copy

    def __exit__(self, *_: object) -> None:
        # Killing a process can break the queue for the others. Here that is harmless: all of them
        # are killed, and the queue is not used again.
        for process in self.processes.values():
            if process.is_alive():
                process.kill()
        for process in self.processes.values():
            process.join()
        for one in self.connections.values():
            one.close()

    def messages(self, limit: float) -> Iterator[tuple[str, tuple]]:
        """Yield (name, message) of each child that has sent one; wait at most `limit` seconds."""
        ready = connection.wait(list(self.connections.values()), limit)
        for name, one in list(self.connections.items()):
            if one not in ready:
                continue
            try:
                yield name, one.recv()
            except EOFError:  # the child has ended; `lost` looks at its exit code
                one.close()
                del self.connections[name]

    def lost(self) -> str:
        """Return a sentence about a child that has failed; an empty string if none has."""
        for name, process in self.processes.items():
            if process.exitcode:
                return f"{name} ended with exit code {process.exitcode} before its work was done"
        return ""


def _collect(
    children: _Children,
    tasks: Queue,
    sentinels: int,
    items: int,
    progress: Progress | None,
    stop: threading.Event | None,
) -> tuple[list[Step], list[tuple[int, int]]]:
    """Collect all steps and checksums; send the consumers' sentinels once all producers have ended.

    A producer ends only after all its items are in the queue's pipe, so no sentinel overtakes an
    item.
    """
    steps: list[Step] = []
    checksums: list[tuple[int, int]] = []
    ready: set[str] = set()
    producers = [one for name, one in children.processes.items() if name.startswith("producer")]
    while len(ready) < len(children.processes):
        if stop is not None and stop.is_set():
            raise Stopped
        for name, (kind, what) in children.messages(limit=0.05):
            if kind == "steps":
                steps += what
                ready.add(name)
            else:
                checksums.append(what)
                if progress is not None:
                    progress(len(checksums), items)
        if lost := children.lost():
            raise WorkFailed(lost)
        if sentinels and all(producer.exitcode == 0 for producer in producers):
            sentinels -= _send_sentinels(tasks, sentinels)
    return steps, checksums


def _send_sentinels(tasks: Queue, most: int) -> int:
    """Put up to `most` sentinels without waiting; return how many found room.

    This process must not wait in put(), because it also has to receive messages.
    """
    for sent in range(most):
        try:
            tasks.put_nowait(None)
        except Full:
            return sent
    return most
