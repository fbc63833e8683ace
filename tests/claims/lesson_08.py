"""What shows each claim of lesson 08, what contradicts it, and what decides nothing."""

from __future__ import annotations

from collections import namedtuple
from types import SimpleNamespace

from helpers.engines.ratios import Ratio
from helpers.measure.chunking import BreakEven
from helpers.measure.memory import Weight
from helpers.measure.scaling import Scaling

BUSY = "other programs kept 1.0 cores busy in the meantime"
DISTURBED = {"cpu_contention": lambda run: BUSY}
QUIET = {"cpu_contention": lambda run: ""}
ONE_CORE = {"machine": SimpleNamespace(usable_cores=lambda: 1)}


def ratio(median):
    """Return a ratio of rounds that agree with one another."""
    return Ratio(median, 0.99 * median, 1.01 * median)


def disagreeing(median):
    """Return a ratio of rounds that were on both sides of any bound in the lesson."""
    return Ratio(median, 0.01 * median, 100 * median)


def weights(*, thread=1e4, spawn=8e6, fork=4e6):
    kinds = {"thread": thread, "spawn": spawn, "fork": fork}
    return {"weights": {kind: Weight(9e7, uss, None) for kind, uss in kinds.items()}}


def crossing(smallest, largest, contention=""):
    return {"found": BreakEven(2, ((5e-6, smallest), (5e-3, largest)), contention)}


def scaled(*, gains=(1.9, 1.5, 1.3), ceiling=2.0, core=1.0, ceilings=()):
    """Return what three rounds measured; `gains` are for nothing, a quarter and half serial.

    `ceilings` are those of the rounds, if they differ.
    """
    loops = (0.1, 0.1, 0.1)
    walls = {
        (k, n): tuple(loop / gain for loop in loops)
        for k, gain in zip((0, 8, 16), gains, strict=True)
        for n in (2, 4)
    }
    alone = tuple(0.1 / one for one in ceilings or (ceiling,) * 3)
    measured = Scaling(32, loops, walls, {}, {2: alone, 4: alone}, {2: 0.1, 4: 0.2}, core)
    nothing, quarter, half = gains
    return {"scaled": measured, "quarter": ratio(nothing / quarter), "half": ratio(quarter / half)}


def pictures(reason=""):
    return SimpleNamespace(no_room=lambda workers: reason)


Value = namedtuple("Value", "value")
RUNS = {400: SimpleNamespace(processes={7})}
TRIALS = {"computes": {("plain loop", "computes"): None}}
# What the cells before leave behind if the claim holds.
HOLDS = {
    "C1": {"heavier": ratio(200.0)},
    "C2": weights(),
    "C3": {"costlier": ratio(300.0), "same_values": True, "returned": [1], "array": [1]},
    "C4": {"by_size": RUNS, "gain": ratio(4.0)},
    "C5": crossing(ratio(0.02), ratio(1.6)),
    "C6": {"total": Value(2_800_000), "chatty": ratio(8.0), "shared": ratio(9.0), "loop": None}
    | QUIET,
    "C7": scaled(),
    "B1": {"large": ratio(1.8), "tiny": ratio(15.0), "waits": ratio(1.0), "trials": TRIALS}
    | scaled()
    | QUIET,
    "B3": {"blurred": ratio(1.7), "tiny": ratio(15.0), "pictures": pictures(), "before": None}
    | QUIET,
}
SAME = [1]
# What contradicts it, one thing at a time.
CONTRADICTS = [
    ("C1", "a process starts as fast as a thread", {"heavier": ratio(1.0)}),
    ("C1", "a thread takes longer", {"heavier": ratio(0.1)}),
    ("C2", "a thread takes as much", weights(thread=8e6)),
    ("C2", "one kind of process takes no more", weights(fork=1e4)),
    ("C3", "objects cost as much as an array", {"costlier": ratio(1.0)}),
    ("C3", "the array costs more", {"costlier": ratio(0.01)}),
    ("C3", "other values arrive", {"same_values": False}),
    ("C3", "the same object arrives", {"returned": SAME, "array": SAME}),
    ("C4", "chunks are no faster", {"gain": ratio(1.0)}),
    ("C4", "chunks are slower", {"gain": ratio(0.5)}),
    (
        "C4",
        "one message is divided",
        {"by_size": {400: SimpleNamespace(processes={7, 8})}, "gain": disagreeing(4.0)},
    ),
    ("C5", "the smallest tasks pay off", crossing(ratio(1.2), ratio(1.6))),
    ("C5", "the largest tasks do not", crossing(ratio(0.02), ratio(0.9))),
    ("C5", "the opposite", crossing(ratio(1.6), ratio(0.02))),
    ("C6", "many small tasks are as fast", {"chatty": ratio(1.0)}),
    ("C6", "many small tasks are faster", {"chatty": ratio(0.5)}),
    ("C6", "the shared total costs nothing", {"shared": ratio(1.0)}),
    ("C6", "a total is wrong", {"total": Value(2_799_999)}),
    ("C7", "a serial part costs nothing", scaled(gains=(1.3, 1.3, 1.3))),
    ("C7", "a larger serial part costs no more", scaled(gains=(1.6, 1.3, 1.3))),
    ("C7", "a serial part helps", scaled(gains=(1.0, 1.2, 1.3))),
    ("C7", "faster than the law allows", scaled(gains=(1.9, 1.85, 1.4))),
    ("C7", "faster than the machine allows", scaled(gains=(2.6, 1.5, 1.3))),
    ("B1", "processes do not help to compute", {"large": ratio(1.0)}),
    ("B1", "processes win with tiny tasks", {"tiny": ratio(0.6)}),
    ("B1", "threads wait worse", {"waits": ratio(2.0)}),
    ("B3", "there is no gain", {"blurred": ratio(1.0)}),
    ("B3", "there is a loss", {"blurred": ratio(0.5)}),
    ("B3", "processes pay off for everything", {"tiny": ratio(0.6)}),
]
# What decides nothing, and why: rounds that disagree, other programs, or no second core.
LEFT_OPEN = [
    ("C1", "the rounds disagree", {"heavier": disagreeing(1.5)}, "some rounds were above 2 times"),
    ("C2", "the system does not report USS", weights(fork=None), "does not report USS"),
    ("C3", "the rounds disagree", {"costlier": disagreeing(2.0)}, "some rounds were above 3 times"),
    ("C4", "the rounds disagree", {"gain": disagreeing(1.2)}, "some rounds were above 1.5 times"),
    (
        "C5",
        "the rounds of the largest tasks disagree",
        crossing(ratio(0.02), disagreeing(0.9)),
        "some rounds were above 1 times",
    ),
    (
        "C5",
        "the rounds of the smallest tasks disagree",
        crossing(disagreeing(1.1), ratio(1.6)),
        "some rounds were above 1 times",
    ),
    ("C5", "others use the cores", crossing(ratio(0.02), ratio(0.9), BUSY), BUSY),
    ("C5", "there is one core", crossing(ratio(0.02), ratio(0.9)) | ONE_CORE, "one core only"),
    (
        "C6",
        "the rounds of many small tasks disagree",
        {"chatty": disagreeing(1.2)},
        "some rounds were above 1.5 times",
    ),
    (
        "C6",
        "the rounds of the shared total disagree",
        {"shared": disagreeing(1.5)},
        "some rounds were above 2 times",
    ),
    ("C6", "others use the cores", {"shared": ratio(1.0)} | DISTURBED, BUSY),
    (
        "C7",
        "the rounds of a quarter disagree",
        {"quarter": disagreeing(1.02)},
        "some rounds were above 1.05 times",
    ),
    (
        "C7",
        "the rounds of a half disagree",
        {"half": disagreeing(1.02)},
        "some rounds were above 1.05 times",
    ),
    (
        "C7",
        "two rounds of the ceiling were disturbed",
        scaled(ceilings=(1.5, 1.5, 2.0)),
        "some rounds were above 1.1 times",
    ),
    (
        "C7",
        "there is no room",
        scaled(gains=(1.1, 1.1, 1.1), ceiling=1.1),
        "2 independent programs together",
    ),
    (
        "C7",
        "the loop did not get its core",
        scaled(gains=(1.3, 1.3, 1.3), core=0.5),
        "a plain loop got 50% of a core",
    ),
    (
        "B1",
        "the rounds of large tasks disagree",
        {"large": disagreeing(1.1)},
        "some rounds were above 1.2 times",
    ),
    (
        "B1",
        "the rounds of tiny tasks disagree",
        {"tiny": disagreeing(0.9)},
        "some rounds were above 1 times",
    ),
    (
        "B1",
        "the rounds of waiting disagree",
        {"waits": disagreeing(1.5)},
        "some rounds were above 1.2 times",
    ),
    ("B1", "others use the cores", {"large": ratio(1.0)} | DISTURBED, BUSY),
    (
        "B1",
        "there is no room",
        {"large": ratio(1.0)} | scaled(ceiling=1.1),
        "2 independent programs together",
    ),
    (
        "B3",
        "the rounds disagree",
        {"blurred": disagreeing(1.1)},
        "some rounds were above 1.15 times",
    ),
    (
        "B3",
        "the rounds of tiny tasks disagree",
        {"tiny": disagreeing(0.9)},
        "some rounds were above 1 times",
    ),
    ("B3", "others use the cores", {"blurred": ratio(1.0)} | DISTURBED, BUSY),
    (
        "B3",
        "there is no room",
        {"blurred": ratio(1.0), "pictures": pictures("no second core")},
        "no second core",
    ),
]
# What holds although rounds disagree and other programs use the cores.
HELD_ANYWAY = [
    (claim, "others use the cores", DISTURBED) for claim in ("C1", "C3", "C4", "C6", "B1", "B3")
]
