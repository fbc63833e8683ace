"""Whether every exhibit of the museum is named the same each time, and leaves nothing.

    python -m tools.stress.museum [--times 10] [--method spawn] [--load] [--only join]

Each piece's two programs run again and again: the broken one must be given its name each time, the
cured one must end well and be given none. The exit code says whether that was so.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import sys
import time

from helpers.diagnosis.museum import Visit, pieces, visit_all
from tools.stress.labs import busy_cores
from tools.stress.runner import Surroundings, what_stays


def main() -> int:
    """The command; its exit code is 0 if nothing changed and nothing was left."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.stress.museum", description=__doc__.split("\n")[0]
    )
    have = multiprocessing.get_all_start_methods()
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--method", choices=have, default="", help="instead of the default")
    parser.add_argument("--load", action="store_true", help="while all cores are busy")
    parser.add_argument("--only", default="", help="pieces with this in their ids")
    options = parser.parse_args()
    chosen = [name for name in pieces() if options.only in name]
    before, odd = Surroundings.now(), 0
    with busy_cores() if options.load else contextlib.nullcontext():
        for time_now in range(1, options.times + 1):
            began = time.monotonic()
            visits = visit_all(chosen, method=options.method).values()
            wrong = [one for one in visits if not (one.right and one.healed)]
            odd += len(wrong)
            for one in wrong:
                print(_told(one))
            took = time.monotonic() - began
            print(f"{time_now}: {len(wrong)} of {len(visits)} odd, {took:.0f} s", flush=True)
    left = what_stays(before)
    print(*(left or ["Nothing is left."]), sep="\n")
    return 1 if odd or left else 0


def _told(one: Visit) -> str:
    parts = [str(one), *one.report.stacks()]
    for report in (one.report, one.cured):
        parts += [report.describe(), report.output[-1500:]]
    return "\n".join(parts)


if __name__ == "__main__":
    sys.exit(main())
