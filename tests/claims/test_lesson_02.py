"""The claims of lesson 02 can fail: its cells print the cross when they are given other data."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from helpers.claims import claim
from tools.build.percent import read_source

_SOURCE = Path(__file__).parents[2] / "source/lessons/02_start_and_join.py"
HERE, ELSEWHERE = os.getpid(), os.getpid() + 1  # process ids
MADE, RUNS, ENDED = (False, False, None), (True, True, None), (True, False, 0)

# What the lesson has measured, by name, when all of its claims hold.
HOLDS = {
    "os": os,
    "states": [MADE, RUNS, ENDED],
    "of_thread": (HERE, 1),
    "of_process": (ELSEWHERE, 2),
    "before_join": [0, 42, 0],
    "after_join": [42, 42, 42],
    "hangs": True,
    "codes": {"raise ValueError": 1},
    "asked": True,
    "terminated": False,
    "plain": ["main", "child"],
    "daemon": ["main"],
    "left": ("Process-1", "Process-2", "Process-3"),
}
# A claim, and data that refutes it.
REFUTES = [
    ("S1", {"states": [RUNS, RUNS, ENDED]}),
    ("S1", {"states": [MADE, ENDED, ENDED]}),
    ("S1", {"states": [MADE, RUNS, RUNS]}),
    ("S2", {"of_thread": (ELSEWHERE, 1)}),
    ("S2", {"of_process": (HERE, 2)}),
    ("S2", {"of_process": (ELSEWHERE, 1)}),
    ("S3", {"after_join": [42, 0, 42]}),
    ("S4", {"before_join": [42, 42, 42]}),
    ("S5", {"plain": ["main"]}),
    ("S5", {"daemon": ["main", "child"]}),
    ("S5", {"left": ()}),
    ("S6", {"hangs": False}),
    ("S6", {"codes": {"raise ValueError": 0}}),
    ("S6", {"asked": False}),
    ("S6", {"terminated": True}),
]


class Report:
    """The report on the program whose main process gets SIGTERM."""

    def __init__(self, left: tuple[str, ...]) -> None:
        self.left = left


def lines_of_the_claims(measured: dict, capsys: pytest.CaptureFixture) -> dict[str, str]:
    """Run the lesson's cells that prove a claim with this data; return each claim's line."""
    names = {**measured, "report": Report(measured["left"]), "claim": claim}
    for cell in read_source(_SOURCE, _SOURCE.name):
        if "claim" in cell.tags:
            exec(cell.text, dict(names))
    return {line.split()[1]: line for line in capsys.readouterr().out.splitlines()}


def test_each_claim_of_the_lesson_holds_with_data_that_shows_it(capsys):
    lines = lines_of_the_claims(HOLDS, capsys)
    assert set(lines) == {name for name, _ in REFUTES}
    assert all(line.startswith("✓") for line in lines.values())


@pytest.mark.parametrize(("name", "other"), REFUTES)
def test_a_claim_fails_with_data_that_refutes_it(name, other, capsys):
    line = lines_of_the_claims({**HOLDS, **other}, capsys)[name]
    assert line.startswith("✗")
    assert line.endswith("did not hold here")
