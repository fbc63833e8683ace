"""Run the case studies of lesson 10 in full size and compare each with the ceiling.

For each case: what this machine's independent interpreters did with the same work in the same
minutes, and which share of it the parallel program reached. Run it on a machine that does nothing
else. The exit code is 0 if every case reaches nine tenths of the ceiling.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import psutil

from helpers.case_studies.registry import CASES, Case
from helpers.engines.records import Sweep
from helpers.measure import machine
from helpers.measure.program_comparison import NEAR
from helpers.measure.sweeps import sweep

ROUNDS = 9


def measured(case: Case, size: int, workers: int, rounds: int) -> Sweep:
    """Return the case's Sweep: processes, the loop and independent interpreters take turns."""
    pieces = min(case.pieces * max(1, workers // 2), case.most)  # the cases' are for two workers
    with tempfile.TemporaryDirectory() as folder:
        return sweep(
            case.worker, case.cut(Path(folder), size, pieces), engines=("processes",),
            workers=(workers,), rounds=rounds,
        )  # fmt: skip


def verdict(one: Sweep, workers: int) -> str:
    """Return whether the bound holds in the median, or that the result can't be judged.

    Nothing can do more than the ceiling. A result above it means that other programs used the cores
    while one of the two was measured.
    """
    if one.disturbed():
        return "NOT JUDGED, the measurement was disturbed"
    return "holds" if one.of_ceiling("processes", workers) >= NEAR else "DOES NOT HOLD"


def line(case: Case, one: Sweep, workers: int) -> str:
    """Return a line with what was measured, its bound, and whether it holds here."""
    share = one.of_ceiling_range("processes", workers)
    return (
        f"{share:.3f}  (at least {NEAR}: {verdict(one, workers)})  {case.name}: "
        f"loop {one.baseline.wall:.2f} s, "
        f"{one.speedup_range('processes', workers):.2f} times as fast with {workers} processes, "
        f"ceiling {one.ceilings[workers]:.2f}"
    )


def main(arguments: list[str] | None = None) -> int:
    """Print a line for each case; return 0 if all hold here, else 1."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.benchmarks.case_studies", description=__doc__
    )
    parser.add_argument("--only", choices=CASES, help="this case alone")
    parser.add_argument("--small", action="store_true", help="in the sizes of the lesson")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args(arguments)
    busy = psutil.cpu_percent(interval=1)
    print(*machine.about(), f"the machine was {busy:.0f}% busy with other things", sep="\n")
    verdicts = []
    for case in CASES.values():
        if given.only in (None, case.name):
            size = case.small if given.small else case.full
            one = measured(case, size, given.workers, given.rounds)
            print(line(case, one, given.workers), flush=True)
            verdicts.append(verdict(one, given.workers))
    return 0 if set(verdicts) == {"holds"} else 1


if __name__ == "__main__":
    sys.exit(main())
