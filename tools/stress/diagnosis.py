"""Stress test of the diagnosis: each program's failure must get the same name in every run.

The cases are the programs of tests/failures and of the museum, each under each of its start
methods. A name that depends on timing changes most often under `--load`.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from helpers.diagnosis.match import diagnose
from tests.known_programs import KnownProgram, failing, right
from tools.stress.repeat import Case, StressTest

TOGETHER = 4  # programs at a time: most of them only wait
STILL = "0.6"  # seconds for which all processes must wait before the runner calls it a hang


@contextmanager
def cases(_options: argparse.Namespace) -> Iterator[dict[str, Case]]:
    """Yield each program that can run here, under each of its start methods."""
    os.environ.setdefault("COURSE_RUN_STILL", STILL)
    runnable = [
        known
        for known in [*failing(), *right()]
        if not known.needs or importlib.util.find_spec(known.needs)
    ]
    yield {
        _unique_name(known, method): partial(_wrong_name, known, method)
        for known in runnable
        for method in known.here
    }


def _unique_name(known: KnownProgram, method: str) -> str:
    """Return the program's path inside its folder of programs, and the start method."""
    return f"{known.path.parent.name}/{known.path.name} {method}"


def _wrong_name(known: KnownProgram, method: str, _number: int, _times: int) -> list[str]:
    """Run the program once; return the report if its failure got another name than expected."""
    report = known.run(method)
    found = diagnose(report)
    name = found.name if found else "no name"
    if name == (known.name or "no name"):
        return []
    return [f"{name}\n{report.describe()}\n{report.output[-1500:]}"]


STRESS_TEST = StressTest(
    says="Check that each program's failure gets the same name in every run",
    times=3,
    cases=cases,
    case_names="folder/program.py and its start method",
    together=TOGETHER,
)
