"""What shows each claim of lesson 10, what contradicts it, and what decides nothing."""

from __future__ import annotations

from types import SimpleNamespace

from helpers.engines.ratios import ratio_by_round
from helpers.measure.program_comparison import ProgramComparison

WORDS = ["to", "be", "or", "not"] * 100
COUNTS = {2: 300, 3: 100}
WRONG = {2: 299, 3: 100}
ALL_AT_ONCE = "halves, all at once"


def blurs(*, rows=(4.0,) * 3, large=(1.1,) * 3, ceiling=(1.0,) * 3, right=True):
    """Return a comparison of three rounds, with a loop of 2 s."""
    return ProgramComparison(
        workers=2,
        loops=(2.0,) * 3,
        walls={"rows": rows, ALL_AT_ONCE: large},
        ceiling_walls=ceiling,
        others=0.0,
        result=7,
        results={"rows": 7, ALL_AT_ONCE: 7 if right else 8},
    )


class FakeRun(SimpleNamespace):
    """The seconds of each round, and how many processes did the work."""

    def speedup_range(self, baseline):
        return ratio_by_round(baseline.walls, self.walls)


def run(*walls, processes=1):
    return FakeRun(walls=walls, processes=set(range(processes)))


def answers(*, results=11, errors=1, other=None):
    """Return the answers of three executors; `other` are those of the processes, if they differ."""
    error = dict.fromkeys(range(errors), "ZeroDivisionError()")
    alike = dict.fromkeys(range(results), 1 / 2), error
    kinds = ("SerialExecutor", "ThreadPoolExecutor", "ProcessPoolExecutor")
    return dict.fromkeys(kinds, alike) | ({"ProcessPoolExecutor": other} if other else {})


# What the cells before leave behind if the claim holds.
HOLDS = {
    "A1": {"blurs": blurs()},
    "A2": {
        "words": WORDS, "halves": (WORDS[::2], WORDS[1::2]),
        "shared": COUNTS, "own": COUNTS, "messages": 12_912,
    },
    "A4": {"blurs": blurs()},
    "B4": {"answers": answers(), "here": (30, 30), "there": (10, 30)},
    "B5": {
        "by_threads": run(0.15, 0.15, 0.15), "by_asyncio": run(0.15, 0.15, 0.15),
        "by_processes": run(0.16, 0.15, 0.16, processes=8), "in_loop": 0, "beside": 90,
    },
    "R1": {
        "words": WORDS, "own": COUNTS, "developed": SimpleNamespace(right=True),
        "paths": 800, "pixels": 133_000_000,
    },
}  # fmt: skip
# What contradicts it, one thing at a time.
CONTRADICTS = [
    ("A1", "the cut makes no difference", {"blurs": blurs(rows=(1.1,) * 3)}),
    ("A1", "rows are only a little slower", {"blurs": blurs(rows=(2.0,) * 3)}),
    ("A1", "a picture is wrong", {"blurs": blurs(right=False)}),
    (
        "A1",
        "a picture is wrong, and the rounds disagree",
        {"blurs": blurs(rows=(1.1, 4.0, 1.1), right=False)},
    ),
    ("A2", "the shared table lost words", {"shared": WRONG}),
    ("A2", "own tables lost words", {"own": WRONG}),
    ("A2", "both lost the same words", {"shared": WRONG, "own": WRONG}),
    ("A2", "few messages are needed", {"messages": 400}),
    ("A4", "rows are faster than the loop", {"blurs": blurs(rows=(1.5,) * 3)}),
    ("A4", "nothing is repaired", {"blurs": blurs(large=(2.2,) * 3)}),
    ("A4", "a picture is wrong", {"blurs": blurs(right=False)}),
    ("B4", "an executor has other answers", {"answers": answers(other=({}, {}))}),
    ("B4", "an answer is missing in all of them", {"answers": answers(results=10)}),
    ("B4", "the error is missing in all of them", {"answers": answers(errors=0)}),
    ("B4", "the global's new value arrives", {"there": (30, 30)}),
    ("B4", "the task's value does not arrive", {"there": (10, 10)}),
    ("B5", "the loop beats while it computes", {"in_loop": 3}),
    ("B5", "the loop does not beat beside a process", {"beside": 0}),
    ("B5", "threads wait far longer", {"by_threads": run(0.5, 0.5, 0.5)}),
    ("B5", "threads need processes", {"by_threads": run(0.15, 0.15, 0.15, processes=8)}),
    (
        "B5",
        "the loop beats, and the rounds disagree",
        {"in_loop": 3, "by_threads": run(0.15, 0.5, 0.5)},
    ),
    ("R1", "own tables lost words", {"own": WRONG}),
    ("R1", "a program's result is wrong", {"developed": SimpleNamespace(right=False)}),
    ("R1", "paths are not much smaller", {"paths": 1_000_000}),
]
# What decides nothing, and why.
LEFT_OPEN = [
    (
        "A1",
        "the rounds disagree",
        {"blurs": blurs(rows=(1.1, 1.1, 4.0))},
        "above 2 times and some were not",
    ),
    (
        "A4",
        "the rounds of rows disagree",
        {"blurs": blurs(rows=(1.9, 1.9, 4.0))},
        "above 1 times and some were not",
    ),
    (
        "A4",
        "the rounds of halves disagree",
        {"blurs": blurs(large=(2.1, 2.1, 1.1))},
        "above 1 times and some were not",
    ),
    (
        "A1",
        "most rounds hold",
        {"blurs": blurs(rows=(1.1, 4.0, 4.0))},
        "above 2 times and some were not",
    ),
    (
        "A4",
        "most rounds of rows hold",
        {"blurs": blurs(rows=(1.9, 4.0, 4.0))},
        "above 1 times and some were not",
    ),
    (
        "A4",
        "most rounds of halves hold",
        {"blurs": blurs(large=(1.1, 1.1, 2.1))},
        "above 1 times and some were not",
    ),
    (
        "A4",
        "there is no room",
        {"blurs": blurs(large=(2.2,) * 3, ceiling=(2.0,) * 3)},
        "2 independent programs",
    ),
    (
        "B5",
        "the rounds disagree",
        {"by_threads": run(0.15, 0.5, 0.5)},
        "above 0.5 times and some were not",
    ),
    (
        "B5",
        "most rounds hold",
        {"by_threads": run(0.15, 0.15, 0.5)},
        "above 0.5 times and some were not",
    ),
]
