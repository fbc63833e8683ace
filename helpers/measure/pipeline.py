"""A line of real processes with one queue in it, each of which notes what it did when.

    producers -put-> Queue(bound) -get-> consumers
        each sends its notes, and each consumer its checksums, by a pipe of its own -> Flow

A pipe for each child, so that its end can be waited for together with what it sends, and so that
nothing but the queue in the middle is waited for by several.
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
    """A line at work: so many producers and consumers, items of `size` bytes, a queue of `bound`.

    `bound` is 0 for a queue without one. `checksums` are what the consumers computed of the items,
    as they came back: (number of the item, checksum).
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
        """From the first step's start to the last one's end."""
        return max(step.end for step in self.steps)

    @property
    def exactly_once(self) -> bool:
        """Whether each item came back once, none twice and none not at all."""
        return Counter(number for number, _ in self.checksums) == Counter(range(self.items))

    @property
    def who(self) -> tuple[str, ...]:
        """The names of all, producers first."""
        producers = [f"producer {n}" for n in range(1, self.producers + 1)]
        return (*producers, *(f"consumer {n}" for n in range(1, self.consumers + 1)))

    @property
    def lengths(self) -> list[tuple[float, int]]:
        """(time, how many items are in the queue from then on), in order.

        An item is in it from the end of its put to the end of its get. Where the notes of the two
        processes overlap, since each notes its own end a moment later, it counts as not in it.
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
        """The most items that were in the queue at one time."""
        return max(length for _, length in self.lengths)

    def seconds_in(self, kind: str) -> float:
        """Seconds that all of them together spent in steps of that kind."""
        return sum(step.end - step.start for step in self.steps if step.kind == kind)

    def share_of(self, kind: str) -> float:
        """The share, 0 to 1, of their time that the producers (or the consumers) spent in `kind`.

        Their time is from their own first step to their own last one.
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
        """How many items each consumer got."""
        counts = Counter(s.who for s in self.steps if s.kind == "get" and s.item != END)
        return {name: counts[name] for name in self.who[self.producers :]}


def flow_in_words(flow: Flow) -> list[str]:
    """What the picture of `flow` shows, as sentences: the text alternative to it."""
    if not isinstance(flow, Flow):
        raise bad_type("flow", flow, "a Flow", "Pass what run_pipeline(…) returned.")
    bound = f"a queue of {flow.bound} at the most" if flow.bound else "a queue without a bound"
    taken = ", ".join(map(str, flow.taken.values()))
    return [
        f"{_many(flow.producers, 'producer')}, {_many(flow.consumers, 'consumer')}, {bound}: "
        f"{flow.items} items of {flow.size:,} bytes in {flow.seconds:.3f} s",
        f"the queue held {flow.longest} items at the most; the consumers got {taken}",
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
    tasks: Queue = Queue(bound)
    gate = Barrier(producers + consumers)
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

    def start(self, name: str, target: Callable, args: tuple) -> None:
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
        ready = connection.wait(list(self.lines.values()), limit)
        for name, line in list(self.lines.items()):
            if line not in ready:
                continue
            try:
                yield name, line.recv()
            except EOFError:  # it has ended, and its exit code says how
                line.close()
                del self.lines[name]

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
