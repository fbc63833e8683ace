"""Compare threads, interpreters and processes: `python3.14 -m tools.benchmarks.interpreters`.

A loop and two threads, interpreters and processes take turns at the same workloads, on workers that
are ready. Each speedup is the median of the rounds, with the lowest and the highest. Run it on a
machine that does nothing else, with Python 3.14 or later. `--record` stores the result in
helpers/data/records/, where `recorded_speedups` finds it.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Sequence
from datetime import date
from typing import Any

from helpers.engines.executors import why_missing
from helpers.measure import machine, measure_cuts
from helpers.measure.recorded_results import FOLDER
from helpers.workers.workloads import workload

RECORD = FOLDER / "interpreters.json"
ENGINES = ("serial", "threads", "interpreters", "processes")
WORKERS = 2
# Tasks and size for a loop of about a second. NumPy can't be imported into a second interpreter, so
# `blur` is missing.
WORKLOADS = {"primes": (20, 20_000), "pi": (20, 300_000), "mandelbrot": (60, 2_000)}


def speedups(name: str, rounds: int, scale: float) -> dict[str, Any]:
    """Return the loop's seconds and [median, lowest, highest] of each rival's speedup."""
    count, size = WORKLOADS[name]
    work = workload(name)
    tasks = work.tasks(count, max(1, round(size * scale)))
    runs = measure_cuts(work.worker, {name: (tasks, 1)}, ENGINES, workers=WORKERS, rounds=rounds)
    loop = runs["serial", name]
    found: dict[str, Any] = {"loop_seconds": round(loop.wall, 4)}
    for rival in ENGINES[1:]:
        ratio = runs[rival, name].speedup_range(loop)
        found[rival] = [round(one, 2) for one in (ratio.median, ratio.lowest, ratio.highest)]
    return found


def record_of(rounds: int, scale: float) -> dict[str, Any]:
    """Return what helpers/data/records/interpreters.json holds, measured now."""
    python = f"CPython {platform.python_version()}, with a GIL for each interpreter"
    return {
        "what": "times as fast as one loop of the same interpreter:"
        f" median of {rounds} rounds taken in turns (lowest to highest)",
        "machine": f"{machine.usable_cores()} cores and {platform.system()}",
        "date": date.today().isoformat(),
        "interpreters": {python: {name: speedups(name, rounds, scale) for name in WORKLOADS}},
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the speedups; return 0, or 1 if this Python has no such executor."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.benchmarks.interpreters",
        description=__doc__.splitlines()[0],
        allow_abbrev=False,
    )
    parser.add_argument("--rounds", type=int, default=9, help="turns; the median counts (9)")
    parser.add_argument("--scale", type=float, default=1.0, help="how large the tasks are (1)")
    parser.add_argument("--record", action="store_true", help=f"store the result in {RECORD.name}")
    options = parser.parse_args(arguments)
    if missing := why_missing("interpreters"):
        print(missing, file=sys.stderr)
        return 1
    text = json.dumps(record_of(options.rounds, options.scale), indent=1)
    print(text)
    if options.record:
        RECORD.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
