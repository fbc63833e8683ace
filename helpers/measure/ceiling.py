"""The meter of the machine's ceiling: the most that any engine could reach on this machine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from time import perf_counter

from helpers.measure.interpreter import OtherInterpreter


class CeilingMeter:
    """A meter of the machine's ceiling: independent interpreters that each do the whole work.

    They share nothing and work at the same time. Their throughput, as a multiple of one
    interpreter's, is the most that any engine could reach on this machine. `counts` are the numbers
    of interpreters to measure, ascending; 1 is always among them. All of them end with `stack`.
    """

    def __init__(
        self,
        stack: ExitStack,
        worker: Callable,
        tasks: list,
        counts: Iterable[int],
        stop: threading.Event | None = None,
    ) -> None:
        self.counts = sorted({1, *counts})
        self._stop = stop
        self._best_seconds: dict[int, float] = {}
        self._interpreters = [
            stack.enter_context(OtherInterpreter()) for _ in range(self.counts[-1])
        ]
        for interpreter in self._interpreters:
            interpreter.load(worker, tasks)

    def run(self, count: int) -> None:
        """Let `count` interpreters do the whole work at the same time, and keep the best time.

        Raise WorkFailed if one of them fails, and Stopped if the event `stop` is set.
        """
        began = perf_counter()
        for interpreter in self._interpreters[:count]:
            interpreter.go()
        for interpreter in self._interpreters[:count]:
            interpreter.result(stop=self._stop)
        seconds = perf_counter() - began
        self._best_seconds[count] = min(seconds, self._best_seconds.get(count, seconds))

    def ceiling(self, count: int) -> float:
        """Return the throughput of `count` interpreters as a multiple of one interpreter's.

        Raise KeyError before `run(1)` and `run(count)`.
        """
        return count * self._best_seconds[1] / self._best_seconds[count]
