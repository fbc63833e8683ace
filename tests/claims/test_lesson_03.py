"""The claims of lesson 03 can fail: its cells print the cross when they are given other data."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.claims import claim
from tools.build.percent import read_source

_SOURCE = Path(__file__).parents[2] / "source/lessons/03_memory_isolation.py"
EVERYWHERE = ("spawn", "forkserver", "fork")


def by_method(spawn: str, forkserver: str, fork: str) -> dict[str, str]:
    """Return what a lens gives for one row of its table."""
    return dict(zip(EVERYWHERE, (spawn, forkserver, fork), strict=True))


class Rows(dict):
    """The rows of a lens, by their names."""

    def printed(self, key: str) -> dict[str, str]:
        """Return the row of that name."""
        return self[key]


ALONE = [(1, [1])] * 3  # what three children send that share nothing
TOGETHER = [(1, [1]), (2, [1, 2]), (3, [1, 2, 3])]
SAME_300, SAME_0 = by_method("300", "300", "300"), by_method("0", "0", "0")
ARRIVES = by_method("arrives", "arrives", "arrives")
REFUSED = by_method("refused", "refused", "arrives")
PASSED = Rows({"a list": ARRIVES, "a lock of threading": REFUSED})

# What the lesson has measured, by name, when all of its claims hold.
HOLDS = {
    "reports": ALONE,
    "left_by_processes": (0, []),
    "left_by_threads": (3, [1, 2, 3]),
    "by_global": by_method("100", "100", "300"),
    "by_argument": SAME_300,
    "in_parent": SAME_0,
    "arrived": by_method("2", "2", "7"),
    "passed": PASSED,
    "global_value": by_method("0", "0", "7"),
    "argument_value": by_method("7", "7", "7"),
    "threads_box": (1, [1, 1]),
    "processes_box": (0, [1, 1]),
    "processes_value": (1, [1, 1]),
    "locked_value": (2, [1, 2]),
    "at_start": ["arrives"] * 12,
    "later": ["RuntimeError"] * 12,
}
# A claim, and data that refutes it.
REFUTES = [
    ("I1", {"reports": TOGETHER}),
    ("I1", {"left_by_processes": (3, [1, 2, 3])}),
    ("I2", {"in_parent": by_method("0", "0", "300")}),
    ("I2", {"by_argument": by_method("100", "300", "300")}),
    ("I3", {"threads_box": (2, [1, 2])}),
    ("I3", {"processes_box": (1, [1, 1])}),
    ("I3", {"processes_value": (2, [1, 2])}),
    ("I3", {"locked_value": (1, [1, 1])}),
    ("I4", {"left_by_threads": (0, [])}),
    ("I4", {"left_by_processes": (3, [1, 2, 3])}),
    ("I4", {"reports": ALONE[:2]}),
    ("R5", {"at_start": ["arrives", "fails"]}),
    ("R5", {"later": ["RuntimeError", "arrives"]}),
    ("R8", {"global_value": by_method("7", "7", "7")}),
    ("R8", {"argument_value": by_method("0", "7", "7")}),
    ("R10", {"arrived": by_method("3", "2", "7")}),
    ("R10", {"passed": Rows(PASSED, **{"a list": by_method("refused", "arrives", "arrives")})}),
    ("R10", {"passed": Rows(PASSED, **{"a lock of threading": ARRIVES})}),
    ("R11", {"by_global": SAME_300}),
    ("R11", {"by_argument": by_method("100", "300", "300")}),
]


def lines_of_the_claims(measured: dict, capsys: pytest.CaptureFixture) -> dict[str, str]:
    """Run the lesson's cells that prove a claim with this data; return each claim's line."""
    for cell in read_source(_SOURCE, _SOURCE.name):
        if "claim" in cell.tags:
            exec(cell.text, {**measured, "claim": claim})
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
