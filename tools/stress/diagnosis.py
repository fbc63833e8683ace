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
from tests.fixtures import Fixture, failing, right
from tools.stress.repeat import Case, StressTest

TOGETHER = 4  # programs at a time: most of them only wait
STILL = "0.6"  # seconds for which all processes must wait before the runner calls it a hang


@contextmanager
def cases(_options: argparse.Namespace) -> Iterator[dict[str, Case]]:
    """Yield each program that can run here, under each of its start methods."""
    os.environ.setdefault("COURSE_RUN_STILL", STILL)
    runnable = [
        fixture
        for fixture in [*failing(), *right()]
        if not fixture.needs or importlib.util.find_spec(fixture.needs)
    ]
    yield {
        _unique_name(fixture, method): partial(_wrong_name, fixture, method)
        for fixture in runnable
        for method in fixture.here
    }


def _unique_name(fixture: Fixture, method: str) -> str:
    """Return the program's path inside its folder of programs, and the start method."""
    return f"{fixture.path.parent.name}/{fixture.path.name} {method}"


def _wrong_name(fixture: Fixture, method: str, _number: int, _times: int) -> list[str]:
    """Run the program once; return the report if its failure got another name than expected."""
    report = fixture.run(method)
    found = diagnose(report)
    name = found.name if found else "no name"
    if name == (fixture.name or "no name"):
        return []
    return [f"{name}\n{report.describe()}\n{report.output[-1500:]}"]


STRESS_TEST = StressTest(
    says="Check that each program's failure gets the same name in every run",
    times=3,
    cases=cases,
    case_names="folder/program.py and its start method",
    together=TOGETHER,
)
