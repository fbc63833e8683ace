"""Stress test of the labs' checks: each known answer must get the same verdicts in every run.

The cases are the answers in tests/labs. A check that judges by time changes its verdict most often
under `--load`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.checks import judge_file
from helpers.checks.trial import LABS
from tools.stress.lab_answers import answers, lab_of, misjudged
from tools.stress.repeat import Case, StressTest

TOGETHER = 2  # checks at a time


@contextmanager
def cases(_options: argparse.Namespace) -> Iterator[dict[str, Case]]:
    """Yield every known answer to every lab that this machine can try."""
    yield {
        f"{file.parent.name}/{file.name}": _same_verdicts(file)
        for lab in LABS
        for file in answers(lab)
    }


def _same_verdicts(file: Path) -> Case:
    """Return a case that compares the verdicts with the answer's first line and the first run."""
    first: list[str] = []

    def judge_once(_number: int, _times: int) -> list[str]:
        found = judge_file(lab_of(file), file)
        verdicts = [f"{verdict.state} {verdict.name}" for verdict in found]
        if not first:
            first.extend(verdicts)
        faults = misjudged(file, found)
        if verdicts != first:
            faults.append(f"the verdicts changed from {first} to {verdicts}")
        return faults

    return judge_once


STRESS_TEST = StressTest(
    says="Check that each known answer to a lab gets the same verdicts in every run",
    times=50,
    cases=cases,
    case_names="NN_slug/answer.py",
    together=TOGETHER,
)
