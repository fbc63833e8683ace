"""What happened on a line of processes with a queue in it: who did what when. Plain data.

    Step(who, kind, item, start, end)  ->  Flow: the queue's length over time, who waited how long

All times are seconds since the first step began.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from helpers.validation import bad_type

KINDS = ("make", "put", "get", "use")
END = -1  # the item of a get that took the sentinel


class Step(NamedTuple):
    """One process did one thing: it made, put, got or used the item of that number."""

    who: str
    kind: str
    item: int
    start: float
    end: float


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
        spans = {}
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
