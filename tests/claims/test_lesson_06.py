"""Each claim of lesson 06 can fail: its cell prints a cross for data that contradict it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from helpers.claims import claim
from tools.build.percent import read_source
from tools.outline import ROOT

LESSON = "source/lessons/06_pools.py"
BROKEN = "BrokenProcessPool"


def run(idle_share, *, processes=2, results=(3, 5, 8)):
    return SimpleNamespace(
        idle_share=idle_share, processes=set(range(processes)), results=list(results)
    )


def ended_with(code):
    return SimpleNamespace(exit_code=code)


# What the cells before leave behind if the claim holds.
HOLDS = {
    "A3": {"static": run(0.32), "dynamic": run(0.04)},
    "A5": {
        "by_submit": [0, 1, 2, "ValueError", 4, 5],
        "errors": [BROKEN] * 7,
        "with_executor": ended_with(1),
        "with_pool": ended_with(None),
        "stopped": BROKEN,
    },
}
# What contradicts it, one thing at a time.
CONTRADICTS = [
    ("A3", "dynamic is as idle as static", {"dynamic": run(0.32)}),
    ("A3", "dynamic is only a little less idle", {"dynamic": run(0.2)}),
    ("A3", "one process did all", {"dynamic": run(0.04, processes=1)}),
    ("A3", "static used one process", {"static": run(0.5, processes=1)}),
    ("A3", "the results differ", {"dynamic": run(0.04, results=(3, 5, 7))}),
    ("A5", "the error is lost", {"by_submit": [0, 1, 2, None, 4, 5]}),
    ("A5", "an error costs other results", {"by_submit": [0, 1, 2, "ValueError"]}),
    ("A5", "a finished result is lost", {"errors": [BROKEN] * 8}),
    ("A5", "the deadly task is tried again", {"errors": []}),
    ("A5", "another error comes", {"errors": [BROKEN] * 6 + ["CancelledError"]}),
    ("A5", "the executor hangs", {"with_executor": ended_with(None)}),
    ("A5", "the executor ends well", {"with_executor": ended_with(0)}),
    ("A5", "the Pool ends", {"with_pool": ended_with(1)}),
    ("A5", "the parent learns nothing of the killed worker", {"stopped": "NoneType"}),
]


def printed(name, data, capsys):
    """Run the lesson's cell that proves the claim, with these data, and return what it prints."""
    cells = read_source(ROOT / LESSON, LESSON)
    (cell,) = (one for one in cells if "claim" in one.tags and f'claim("{name}"' in one.text)
    quiet = {"cpu_contention": lambda run: ""}  # no other program uses the cores
    exec(cell.text, {"claim": claim} | quiet | data)
    return capsys.readouterr().out


@pytest.mark.parametrize("name", HOLDS)
def test_the_claim_holds_for_what_the_lesson_sees(name, capsys):
    assert printed(name, HOLDS[name], capsys).startswith(f"✓ {name}  ")


@pytest.mark.parametrize(
    ("name", "data"),
    [pytest.param(name, data, id=f"{name}: {what}") for name, what, data in CONTRADICTS],
)
def test_the_claim_fails_for_data_that_contradict_it(name, data, capsys):
    assert printed(name, HOLDS[name] | data, capsys).startswith(f"✗ {name}  ")
