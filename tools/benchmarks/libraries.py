"""Compare the libraries for pools: `python -m tools.benchmarks.libraries [--workers N]`.

Pool, ProcessPoolExecutor, mpire, loky, joblib and Dask take turns at the same workloads, on warm
workers, each in an interpreter of its own. The median of the rounds counts, as a multiple of the
best tool's, with the lowest and the highest. The command computes from these numbers where the
course's advice depends on the workload. Run it on a machine that does nothing else. `--record`
stores the result in helpers/data/records/, where `recorded_comparison` finds it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import psutil

from helpers.measure import machine
from helpers.measure.libraries import LIBRARY_WORKLOADS, RECORD, compare_libraries


def show(done: int, total: int) -> None:
    """Show the progress on standard error, in one line that is overwritten."""
    end = "\n" if done == total else ""
    print(f"\r{done} of {total} steps", end=end, file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table of the comparison; return 0."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.benchmarks.libraries",
        description=__doc__.splitlines()[0],
        allow_abbrev=False,
    )
    usual = max(2, machine.usable_cores())
    parser.add_argument("--workers", type=int, default=usual, help=f"processes each ({usual} here)")
    parser.add_argument("--rounds", type=int, default=7, help="turns; the median counts (7)")
    parser.add_argument("--scale", type=float, default=50.0, help="how large the works are (50)")
    parser.add_argument("--record", action="store_true", help=f"store the result in {RECORD.name}")
    options = parser.parse_args(arguments)
    busy = psutil.cpu_percent(interval=1)
    print(*machine.about(), f"the machine was {busy:.0f}% busy with other things", sep="\n")
    found = compare_libraries(
        workers=options.workers, rounds=options.rounds, scale=options.scale, progress=show
    )
    print(
        f"\n{found.workers} workers each; times as long as the best, median (lowest to highest):\n"
    )
    print(*found.table(), sep="\n")
    print(
        "\nthe workloads:",
        *(f"  {name}: {work.says}" for name, work in LIBRARY_WORKLOADS.items()),
        sep="\n",
    )
    print("\nwhere the advice depends on the workload:", *found.advice(), sep="\n  ")
    print(*(f"left out: {why}" for why in found.missing.values()), sep="\n")
    if options.record:
        RECORD.parent.mkdir(exist_ok=True)
        RECORD.write_text(found.as_json(), encoding="utf-8")
        print(f"recorded in {RECORD.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
