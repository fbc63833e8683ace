"""The parts of a claim that were measured: each held, did not hold, or was not decided here.

    above(ratio, 1.2), in_turns(sweep, "threads")  ->  Parts  ->  claim("G1", **judged(sweep, …))

A gain holds if the median is above the bound and no round was a loss. A part that did not hold
contradicts its claim if all rounds say so and this machine could have shown it: an interpreter with
a GIL, and two free cores. Otherwise the rounds decide nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpers.engines.ratios import Ratio
from helpers.engines.records import SHORTEST_STRETCH, Sweep
from helpers.measure import machine
from helpers.measure.chunking import cpu_contention
from helpers.validation import bad_type, number, require, texts

AT_ONCE = 1.25  # CPU seconds per second; tasks that take turns can't have more than 1
_RATIO_ADVICE = "Pass e.g. sweep(…).speedup_range('threads', 2)."
_SWEEP_ADVICE = "Pass what sweep() returned."


@dataclass(frozen=True)
class Part:
    """A part of a claim: whether it held, and why that may be chance; empty if it isn't.

    `load_explains` is whether other programs on the cores could make it not hold. They make times
    longer. They can't add CPU seconds, or make a count wrong.
    """

    held: bool
    doubt: str = ""
    load_explains: bool = True

    def __post_init__(self) -> None:
        """Raise TypeError for fields of another type."""
        require("held", self.held, bool, "Compare something: Part(count < 100).")
        require("doubt", self.doubt, str, "Pass the reason, empty if there is none.")
        require("load_explains", self.load_explains, bool, "Pass True or False.")


def above(ratio: Ratio, bound: float) -> Part:
    """Return the Part that `ratio` is clearly above `bound`; in doubt if the rounds disagree.

    See `Ratio.clearly_above`. Raise TypeError or ValueError for arguments that can't be used.
    """
    require("ratio", ratio, Ratio, _RATIO_ADVICE)
    number("bound", bound, -1e9, 1e9, "Pass a number, e.g. 1.2.")
    return Part(ratio.clearly_above(bound), ratio.undecided(bound))


def below(ratio: Ratio, bound: float) -> Part:
    """Return the Part that no round was above `bound`; in doubt if only some were. See `above`."""
    doubt = above(ratio, bound).doubt
    return Part(ratio.highest <= bound, doubt)


def not_above(ratio: Ratio, bound: float) -> Part:
    """Return the Part that the median is not above `bound`; if it is, in doubt if rounds disagree.

    One disturbed round of the loop makes its ratio large, so a claim should not rest on this alone:
    put `in_turns` beside it. Raise the same errors as `above`.
    """
    doubt = above(ratio, bound).doubt
    return Part(ratio.median <= bound, doubt)


def at_once(sweep: Sweep, engine: str, workers: int = 2) -> Part:
    """Return the Part that two tasks ran at the same instant under that engine.

    The evidence is a stretch of the median round with more CPU seconds than seconds, AT_ONCE times
    as many. Without one, the part is in doubt if some whole rounds reached that and some did not.
    Raise TypeError if `sweep` is not a Sweep, and KeyError for a run that was not measured.
    """
    require("sweep", sweep, Sweep, _SWEEP_ADVICE)
    run = sweep.run(engine, workers)
    if run.wall > 2 * SHORTEST_STRETCH:
        most = run.cores_in_best_stretch(SHORTEST_STRETCH)
    else:  # on Windows, which counts CPU time in large steps: too short for a stretch
        most = sum(run.cpu_of_rounds()) / sum(run.walls)
    if most > AT_ONCE:
        return Part(True)
    return Part(False, run.cores_busy_range().undecided(AT_ONCE))


def in_turns(sweep: Sweep, engine: str, workers: int = 2) -> Part:
    """Return the Part that no two tasks were seen to run at the same instant.

    Other programs can't refute it, but they can hide what would. So put an `at_once` of the same
    rounds, or a ratio, beside it. Raise the same errors as `at_once`.
    """
    return Part(not at_once(sweep, engine, workers).held, load_explains=False)


def decided(*parts: Part | bool, unless: str = "") -> dict[str, bool | str]:
    """Return {"held": …, "unless": …} for `claim`: whether all parts held, and what is in doubt.

    `unless` is why load may be the cause; if it is given and explains all parts that failed, it is
    the doubt. Otherwise, if each part that failed has a doubt, these doubts are. Raise TypeError
    for arguments that can't be used.
    """
    texts(unless=unless)
    failed = [part for part in map(_as_part, parts) if not part.held]
    reason = unless if all(part.load_explains for part in failed) else ""
    return {"held": not failed, "unless": (reason or _doubts(failed)) if failed else ""}


def judged(sweeps: Sweep | Sequence[Sweep], *parts: Part | bool) -> dict[str, bool | str]:
    """Return what `decided` returns, for parts of these sweeps, on this machine.

    If this machine has one core or this Python has no GIL, every part is in doubt. If the ceiling
    leaves no room for two workers, or other programs use the cores, only parts that load explains
    are in doubt. Raise TypeError for arguments that can't be used.
    """
    listed = [sweeps] if isinstance(sweeps, Sweep) else sweeps
    if not isinstance(listed, (list, tuple)) or not listed:
        raise bad_type("sweeps", sweeps, "a Sweep or a list of them", _SWEEP_ADVICE)
    for one in listed:
        require("sweeps", one, Sweep, _SWEEP_ADVICE)
    found = decided(*parts, unless=_reason_of_the_load(listed))
    if not found["held"] and (reason := _reason_of_the_machine()):
        found["unless"] = reason
    return found


def _as_part(part: Part | bool) -> Part:
    if isinstance(part, bool):
        return Part(part, load_explains=False)
    require("parts", part, Part, "Pass e.g. above(ratio, 1.2), or True or False.")
    return part


def _reason_of_the_machine() -> str:
    if machine.usable_cores() == 1:
        return "this process may use one core only"
    return "" if machine.has_gil() else "this Python runs without a GIL"


def _reason_of_the_load(sweeps: Sequence[Sweep]) -> str:
    reasons = [one.no_room(2) or cpu_contention(one.baseline) for one in sweeps]
    return next(filter(None, reasons), "")


def _doubts(failed: Sequence[Part]) -> str:
    """Return the doubts of the parts; empty if one has none, because that one refutes the claim."""
    if not all(part.doubt for part in failed):
        return ""
    return "; ".join(dict.fromkeys(part.doubt for part in failed))
