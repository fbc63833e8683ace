"""A comparison of libraries that run a function over many tasks: which is fast at what.

compare -> another interpreter: open each tool -> rounds: each workload, each tool -> close all
        -> LibraryComparison: seconds, ratios to the best, and where the advice changes
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

from helpers.engines.pool import Progress
from helpers.measure.interpreter import OtherInterpreter
from helpers.measure.library_adapters import TOOLS, Tool, why_missing
from helpers.validation import bad_type, bad_value, number, one_of, whole_number
from helpers.workers.compute import count_primes, mandelbrot_row
from helpers.workers.payloads import pieces, sum_array
from helpers.workers.workloads import workload

USUAL = "ProcessPoolExecutor"  # what this course advises, unless the numbers say otherwise
CLEARLY = 1.3  # times as fast: with a smaller ratio, the next run may say the opposite
_CHUNK = 50


@dataclass(frozen=True)
class LibraryWorkload:
    """A workload: its tasks by scale, the call that does them with a tool, and advice."""

    says: str
    worker: Callable
    tasks: Callable[[float], list]
    by: Callable[[Tool, Callable, list], list]
    instead: str


def _tiny(scale: float) -> list:
    count = max(_CHUNK, int(400 * scale))
    return pieces(10 * count, count)


def _uneven(scale: float) -> list:
    return workload("mandelbrot").tasks(48, max(1, int(150 * scale)))


def _arrays(scale: float) -> list:
    import numpy

    numbers = max(1_000, int(1_000_000 * scale))
    return [numpy.full(numbers, float(i)) for i in range(4)]  # new ones: joblib has seen the old


LIBRARY_WORKLOADS = {
    "tiny tasks": LibraryWorkload(
        "many tiny tasks, sent as the tool does by default",
        count_primes,
        _tiny,
        lambda tool, worker, tasks: tool.map(worker, tasks),
        "make the tasks larger, or take a tool that batches them by itself",
    ),
    "in chunks": LibraryWorkload(
        "the same tiny tasks, 50 in a message",
        count_primes,
        _tiny,
        lambda tool, worker, tasks: tool.map_in_chunks(worker, tasks, _CHUNK),
        "what is left is what a message costs: make the chunks larger",
    ),
    "uneven tasks": LibraryWorkload(
        "tasks of which some take many times as long as others",
        mandelbrot_row,
        _uneven,
        lambda tool, worker, tasks: tool.map(worker, tasks),
        "send fewer messages, but none with all the long tasks in it",
    ),
    "large arrays": LibraryWorkload(
        "NumPy arrays of some megabytes to the workers, a number back",
        sum_array,
        _arrays,
        lambda tool, worker, tasks: tool.map_arrays(worker, tasks),
        "do not send them: map a file, or use shared memory, as lesson 05 does",
    ),
}
_open: dict[str, Tool] = {}  # the open tools, in the interpreter that measures


@dataclass(frozen=True)
class LibraryComparison:
    """The result of `compare_libraries`.

    `seconds[work][tool]` is the time of the best round. `startup[tool]` is the seconds until the
    tool's workers had done a first task, with the import. `missing` has the reason for each tool
    that was left out.
    """

    workers: int
    startup: dict[str, float]
    seconds: dict[str, dict[str, float]]
    missing: dict[str, str]

    @property
    def tools(self) -> tuple[str, ...]:
        """Return the names of the tools that were measured."""
        return tuple(self.startup)

    def best(self, work: str) -> str:
        """Return the fastest tool for that workload. Raise ValueError for an unknown one."""
        times = self.seconds[one_of("work", work, tuple(self.seconds), "Pick one of them.")]
        return min(times, key=lambda tool: times[tool])

    def ratio(self, work: str, tool: str) -> float:
        """Return how many times as long as the best tool that tool took for the workload."""
        return self.seconds[work][tool] / self.seconds[work][self.best(work)]

    def changes(self) -> dict[str, str]:
        """Return, by workload, each tool that was clearly faster than ProcessPoolExecutor."""
        return {
            work: self.best(work)
            for work in self.seconds
            if USUAL in self.tools and self.ratio(work, USUAL) > CLEARLY
        }

    def table(self) -> list[str]:
        """Return a table as lines: for each tool its start-up, and its ratio to the best tool."""
        heads = ["tool", "start-up", *self.seconds]
        rows = [
            [
                tool,
                f"{self.startup[tool]:.2f} s",
                *(
                    f"{self.ratio(work, tool):.2f}  ({1e3 * self.seconds[work][tool]:.1f} ms)"
                    for work in self.seconds
                ),
            ]
            for tool in self.tools
        ]
        widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
        return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in [heads, *rows]]

    def in_words(self) -> list[str]:
        """Return the comparison as sentences: the text alternative to its picture."""
        lines = [f"{tool} is left out: {why}" for tool, why in self.missing.items()]
        for work, times in self.seconds.items():
            others = sorted(set(times) - {self.best(work)}, key=lambda tool: times[tool])
            ratios = ", ".join(f"{tool} {self.ratio(work, tool):.1f}" for tool in others)
            lines.append(f"{work}: best {self.best(work)}; times as long: {ratios}")
        return lines

    def advice(self) -> list[str]:
        """Return a sentence for each workload: whether a tool clearly beats ProcessPoolExecutor."""
        if USUAL not in self.tools:
            return [f"{USUAL} was not measured, so nothing can be said against it"]
        changes = self.changes()
        lines = []
        for work in self.seconds:
            if work in changes:
                times = self.ratio(work, USUAL)
                lines.append(
                    f"{work}: {changes[work]} is {times:.1f} times as fast as {USUAL}: "
                    f"{LIBRARY_WORKLOADS[work].instead}"
                )
            else:
                lines.append(f"{work}: {USUAL} is as good as the best, or close to it")
        return lines


def compare_libraries(
    *,
    workers: int = 2,
    rounds: int = 3,
    scale: float = 1.0,
    tools: Sequence[str] = tuple(TOOLS),
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> LibraryComparison:
    """Measure every workload with every tool, in turns, on warm workers; return the comparison.

    `scale` makes the workloads larger or smaller. Every result is compared with that of a plain
    loop. The tools run in another interpreter, which has ended when this returns or raises. Raise
    TypeError or ValueError for arguments that can't be used, WorkFailed if a tool gives a wrong
    result, and Stopped once `stop` is set.
    """
    whole_number("workers", workers, 1, 32, "Pass how many, e.g. workers=2.")
    whole_number("rounds", rounds, 1, 1_000, "Pass how many turns to take, e.g. rounds=3.")
    number("scale", scale, 0.01, 100, "Pass e.g. scale=1.")
    asked = _asked(tools)
    missing = {tool: why_missing(tool) for tool in asked if why_missing(tool)}
    there = [tool for tool in asked if tool not in missing]
    with tempfile.TemporaryDirectory() as folder:
        opening = [("open", tool, workers, folder) for tool in there]
        turns = [
            ("do", work, tool, scale)
            for _ in range(rounds)
            for work in LIBRARY_WORKLOADS
            for tool in there
        ]
        steps = [*opening, *turns, *(("close", tool) for tool in there)]
        with OtherInterpreter() as other:
            other.load(step, steps)
            other.go()
            answers = other.result(progress, stop).results
    startup = dict(zip(there, answers, strict=False))
    seconds: dict[str, dict[str, float]] = {work: {} for work in LIBRARY_WORKLOADS}
    for (_, work, tool, _), took in zip(turns, answers[len(there) :], strict=False):
        seconds[work][tool] = min(took, seconds[work].get(tool, took))
    return LibraryComparison(workers, startup, seconds, missing)


def step(task: tuple) -> float:
    """Open a tool, run a workload with it, or close it; return the seconds that this took.

    Runs in the interpreter that `compare_libraries` starts: the tools stay open between steps.
    """
    began = perf_counter()
    kind, *rest = task
    if kind == "open":
        tool, workers, folder = rest
        _open[tool] = TOOLS[tool](workers, folder)
        _open[tool].map(count_primes, pieces(10, 10))
    elif kind == "close":
        _open.pop(rest[0]).close()
    else:
        return _do(*rest)
    return perf_counter() - began


def _do(work: str, name: str, scale: float) -> float:
    wanted, tool = LIBRARY_WORKLOADS[work], _open[name]
    tasks = wanted.tasks(scale)
    began = perf_counter()
    results = wanted.by(tool, wanted.worker, tasks)
    seconds = perf_counter() - began
    if list(results) != [wanted.worker(task) for task in tasks]:
        raise RuntimeError(f"{name} gave other results than a loop for {work}")
    return seconds


def _asked(tools: object) -> list[str]:
    advice = f"Pass some of {', '.join(TOOLS)}."
    if not isinstance(tools, (list, tuple)):
        raise bad_type("tools", tools, "a list of names", advice)
    if not tools:
        raise bad_value("tools", tools, "a list with at least one name", advice)
    return [one_of("tools", tool, tuple(TOOLS), advice) for tool in dict.fromkeys(tools)]
