"""A comparison of libraries that run a function over many tasks: which is fast at what.

compare -> an interpreter for each tool, which opens it -> rounds: each workload, each tool -> close
        -> LibraryComparison: seconds, ratios to the best, and where the advice changes
"""

from __future__ import annotations

import json
import platform
import tempfile
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter

from helpers.engines.pool import Progress
from helpers.engines.ratios import Ratio, ratio_by_round
from helpers.measure import machine
from helpers.measure.interpreter import OtherInterpreter
from helpers.measure.library_adapters import TOOLS, Tool, why_missing
from helpers.measure.rounds import ROUNDS, take_rounds
from helpers.validation import bad_type, bad_value, number, one_of, whole_number
from helpers.workers.compute import count_primes, mandelbrot_row
from helpers.workers.payloads import pieces, sum_array
from helpers.workers.workloads import workload

USUAL = "ProcessPoolExecutor"  # what this course advises, unless the numbers say otherwise
RECORD = Path(__file__).parents[1] / "data" / "records" / "libraries.json"
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

    numbers = max(1_000, int(100_000 * scale))
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
_open: dict[str, Tool] = {}  # the open tool, in the interpreter that measures it
_right: dict[tuple[str, float], list] = {}  # what a loop returns, in that interpreter


@dataclass(frozen=True)
class LibraryComparison:
    """The result of `compare_libraries`.

    `seconds[work][tool]` has the seconds of each round. `startup[tool]` is the seconds until the
    tool's workers had done a first task, with the import. `missing` has the reason for each tool
    that was left out. `where` has the machine, the versions and the date of a recorded comparison.
    """

    workers: int
    startup: dict[str, float]
    seconds: dict[str, dict[str, tuple[float, ...]]]
    missing: dict[str, str]
    where: dict[str, str] = field(default_factory=dict)

    @property
    def tools(self) -> tuple[str, ...]:
        """Return the names of the tools that were measured."""
        return tuple(self.startup)

    @property
    def rounds(self) -> int:
        """Return how many rounds were measured."""
        return min(len(one) for times in self.seconds.values() for one in times.values())

    def best(self, work: str) -> str:
        """Return the tool with the lowest median for that workload; raise ValueError if unknown."""
        times = self.seconds[one_of("work", work, tuple(self.seconds), "Pick one of them.")]
        return min(times, key=lambda tool: median(times[tool]))

    def ratio(self, work: str, tool: str) -> float:
        """Return how many times as long as the best tool that tool took: the median."""
        return self.ratio_range(work, tool).median

    def ratio_range(self, work: str, tool: str) -> Ratio:
        """Return how many times as long as the best tool that tool took, in all rounds."""
        return ratio_by_round(self.seconds[work][tool], self.seconds[work][self.best(work)])

    def changes(self) -> dict[str, str]:
        """Return, by workload, the best tool if it was faster than ProcessPoolExecutor for certain.

        That is the case if its slowest round was faster than the fastest of ProcessPoolExecutor.
        """
        return {
            work: self.best(work)
            for work, times in self.seconds.items()
            if USUAL in self.tools and max(times[self.best(work)]) < min(times[USUAL])
        }

    def table(self) -> list[str]:
        """Return a table as lines: for each tool its start-up, and its ratio to the best tool."""
        heads = ["tool", "start-up", *self.seconds]
        rows = [
            [
                tool,
                f"{self.startup[tool]:.2f} s",
                *(
                    f"{self.ratio_range(work, tool):.2f}  {median(times[tool]):.3f} s"
                    for work, times in self.seconds.items()
                ),
            ]
            for tool in self.tools
        ]
        widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
        return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in [heads, *rows]]

    def in_words(self) -> list[str]:
        """Return the comparison as sentences: the text alternative to its picture."""
        lines = [f"{what}: {said}" for what, said in self.where.items()]
        lines += [f"{tool} is left out: {why}" for tool, why in self.missing.items()]
        lines.append(
            f"medians of {self.rounds} rounds, in brackets the lowest and the highest; each tool "
            "has an interpreter of its own"
        )
        for work, times in self.seconds.items():
            best = self.best(work)
            others = sorted(set(times) - {best}, key=lambda tool: self.ratio(work, tool))
            ratios = ", ".join(f"{tool} {self.ratio_range(work, tool):.1f}" for tool in others)
            lines.append(
                f"{work}: best {best}, {median(times[best]):.3f} s; times as long: {ratios}"
            )
        return [*lines, *(f"{tool}: {TOOLS[tool].sends}" for tool in self.tools)]

    def advice(self) -> list[str]:
        """Return a sentence for each workload: whether a tool surely beats ProcessPoolExecutor."""
        if USUAL not in self.tools:
            return [f"{USUAL} was not measured, so nothing can be said against it"]
        changes = self.changes()
        lines = []
        for work in self.seconds:
            if work in changes:
                times = self.ratio_range(work, USUAL)
                lines.append(
                    f"{work}: {changes[work]} is {times:.1f} times as fast as {USUAL}: "
                    f"{LIBRARY_WORKLOADS[work].instead}"
                )
            elif self.best(work) == USUAL:
                lines.append(f"{work}: {USUAL} is the fastest")
            else:
                lines.append(f"{work}: no tool was faster than {USUAL} in all of its rounds")
        return lines

    def as_json(self) -> str:
        """Return the comparison as JSON, with this machine, the versions and the date."""
        return json.dumps(asdict(self) | {"where": _where(self.tools)}, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> LibraryComparison:
        """Return the comparison that `as_json` made the text of."""
        kept = json.loads(text)
        for times in kept["seconds"].values():
            times.update({tool: tuple(seconds) for tool, seconds in times.items()})
        return cls(**kept)


def recorded_comparison() -> LibraryComparison | None:
    """Return the full comparison that was recorded on a quiet machine, or None if there is none.

    `python -m tools.benchmarks.libraries --record` records it.
    """
    if not RECORD.exists():
        return None
    return LibraryComparison.from_json(RECORD.read_text(encoding="utf-8"))


def _where(tools: Sequence[str]) -> dict[str, str]:
    packages = dict.fromkeys(TOOLS[tool].package for tool in tools if TOOLS[tool].package)
    return {
        "recorded": date.today().isoformat(),
        "machine": f"{platform.system()} on {platform.machine()}, {machine.usable_cores()} cores",
        "versions": ", ".join(
            [f"Python {platform.python_version()}", *(f"{p} {version(p)}" for p in packages)]
        ),
    }


def compare_libraries(
    *,
    workers: int = 2,
    rounds: int = ROUNDS,
    scale: float = 1.0,
    works: Sequence[str] = tuple(LIBRARY_WORKLOADS),
    tools: Sequence[str] = tuple(TOOLS),
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> LibraryComparison:
    """Measure every workload with every tool, in turns, on warm workers; return the comparison.

    `scale` makes the workloads larger or smaller. Before the first round each tool does each
    workload once; these times don't count. Every result is compared with that of a plain loop. Each
    tool runs in an interpreter of its own, which has ended when this returns or raises. Raise
    TypeError or ValueError for arguments that can't be used, WorkFailed if a tool gives a wrong
    result, and Stopped once `stop` is set.
    """
    whole_number("workers", workers, 1, 32, "Pass how many, e.g. workers=2.")
    whole_number("rounds", rounds, 1, 1_000, "Pass how many turns to take, e.g. rounds=7.")
    number("scale", scale, 0.01, 1_000, "Pass e.g. scale=1.")
    asked = _asked("tools", tools, tuple(TOOLS))
    asked_works = _asked("works", works, tuple(LIBRARY_WORKLOADS))
    missing = {tool: why_missing(tool) for tool in asked if why_missing(tool)}
    there = [tool for tool in asked if tool not in missing]
    startup: dict[str, float] = {}
    seconds: dict[str, dict[str, list[float]]] = {
        work: {tool: [] for tool in there} for work in asked_works
    }
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        others = {tool: stack.enter_context(OtherInterpreter()) for tool in there}

        def carry_out(tool: str, *task: object) -> float:
            others[tool].load(step, [task])
            others[tool].wait_until_loaded(stop)
            others[tool].go()
            return others[tool].result(stop=stop).results[0]

        def open_tool(tool: str) -> None:
            startup[tool] = carry_out(tool, "open", tool, workers, folder)
            for work in asked_works:
                carry_out(tool, "do", work, tool, scale)

        def measure_tool(work: str, tool: str) -> None:
            seconds[work][tool].append(carry_out(tool, "do", work, tool, scale))

        for tool in there:
            take_rounds([partial(open_tool, tool)], 1, stop=stop)
        turns = [partial(measure_tool, work, tool) for work in asked_works for tool in there]
        take_rounds(turns, rounds, progress=progress, stop=stop)
        for tool in there:
            carry_out(tool, "close", tool)
    measured = {
        work: {tool: tuple(each) for tool, each in times.items()} for work, times in seconds.items()
    }
    return LibraryComparison(workers, startup, measured, missing)


def step(task: tuple) -> float:
    """Open a tool, run a workload with it, or close it; return the seconds that this took.

    Runs in the interpreter that `compare_libraries` starts: the tool stays open between steps.
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
    if (work, scale) not in _right:
        _right[work, scale] = [wanted.worker(task) for task in tasks]
    began = perf_counter()
    results = wanted.by(tool, wanted.worker, tasks)
    seconds = perf_counter() - began
    if list(results) != _right[work, scale]:
        raise RuntimeError(f"{name} gave other results than a loop for {work}")
    return seconds


def _asked(name: str, given: object, known: tuple[str, ...]) -> list[str]:
    """Return the different names; raise TypeError or ValueError for what is not a list of these."""
    advice = f"Pass some of {', '.join(known)}."
    if not isinstance(given, (list, tuple)):
        raise bad_type(name, given, "a list of names", advice)
    if not given:
        raise bad_value(name, given, "a list with at least one name", advice)
    return [one_of(name, one, known, advice) for one in dict.fromkeys(given)]
