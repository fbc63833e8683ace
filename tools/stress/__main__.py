"""The command `python -m tools.stress`: repeat what one test run is too short for.

python -m tools.stress runner     [--times N] [--load] [--only TEXT] [--limit SECONDS]
python -m tools.stress diagnosis  [--times N] [--load] [--only TEXT]
python -m tools.stress labs       [--times N] [--load] [--only TEXT]
python -m tools.stress museum     [--times N] [--load] [--only TEXT] [--method M]
python -m tools.stress stops      [--times N] [--load] [--only TEXT]
python -m tools.stress front_door [--times N] [--load] [--only TEXT] [--seed NUMBER]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from tools.stress import diagnosis, front_door, labs, museum, runner, stops
from tools.stress.repeat import run_stress_test

STRESS_TESTS = {
    "runner": runner.STRESS_TEST,
    "diagnosis": diagnosis.STRESS_TEST,
    "labs": labs.STRESS_TEST,
    "museum": museum.STRESS_TEST,
    "stops": stops.STRESS_TEST,
    "front_door": front_door.STRESS_TEST,
}


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line: a subcommand for each stress test."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.stress",
        description=__doc__.splitlines()[0],
        epilog="The exit code is 0 if there was no fault, else 1.",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="name", required=True, metavar="NAME")
    for name, test in STRESS_TESTS.items():
        command = commands.add_parser(
            name, help=test.says, description=f"{test.says}.", allow_abbrev=False
        )
        command.add_argument(
            "--times", type=_from_one, default=test.times, help=f"runs of each case ({test.times})"
        )
        command.add_argument("--load", action="store_true", help="keep all cores busy meanwhile")
        command.add_argument(
            "--only", default="", metavar="TEXT", help=f"cases with TEXT in {test.case_names}"
        )
        if test.add_options:
            test.add_options(command)
    return parser


def _from_one(text: str) -> int:
    """Return the number of runs that this text means; it must be 1 or more."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"got {text!r}; pass a whole number from 1 on, such as 10")
    return int(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one stress test; return 0 if there was no fault, else 1."""
    options = make_parser().parse_args(arguments)
    return run_stress_test(STRESS_TESTS[options.name], options)


if __name__ == "__main__":
    sys.exit(main())
