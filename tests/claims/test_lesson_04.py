"""Each claim of lesson 04 can fail: its cell prints a cross for data that contradict it."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

import pytest

from helpers.claims import claim
from tools.build.percent import read_source
from tools.outline import ROOT

LESSON = "source/lessons/04_queues.py"
HANGS = SimpleNamespace(exit_code=None, verdict="stopped: it took too long", output="")
ENDS = SimpleNamespace(exit_code=0, verdict="ended", output="")
GOT_ONE = SimpleNamespace(exit_code=0, verdict="ended", output="got: an item\n")
ALL_ITEMS = Counter((name, number) for name in "ABC" for number in range(1_000))
ANSWERED = [(1, "ok", 60), (2, "ok", 30), (0, "error", "ZeroDivisionError()"), (5, "ok", 12)]
HEARD = [(4, "ok", 15), (None, "gone", 3)]


def ended_with(code):
    return SimpleNamespace(exitcode=code)


# What the cells before leave behind if the claim holds.
HOLDS = {
    "Q1": {"total": ALL_ITEMS, "counts": [None] * 4},
    "Q2": {"answer": "done", "child": ended_with(0)},
    "B2": {"answered": ANSWERED, "heard": HEARD},
    "R6": {"runs": {"kill": HANGS, "terminate": HANGS, "sentinel": GOT_ONE}},
    "R7": {"reports": {100_000: HANGS}, "fixed": {100: ENDS, 100_000: ENDS}},
}
# What contradicts it, one thing at a time.
CONTRADICTS = [
    ("Q1", "one item is lost", {"total": ALL_ITEMS - Counter([("A", 7)])}),
    ("Q1", "one item came twice", {"total": ALL_ITEMS + Counter([("A", 7)])}),
    (
        "Q1",
        "one is lost and one came twice",
        {"total": ALL_ITEMS + Counter([("A", 7)]) - Counter([("B", 7)])},
    ),
    ("Q1", "a consumer sent no report", {"counts": [None] * 3}),
    ("Q2", "another word arrived", {"answer": "dome"}),
    ("Q2", "the child failed", {"child": ended_with(1)}),
    ("B2", "a task has no answer", {"answered": ANSWERED[:3]}),
    ("B2", "the error was not sent", {"answered": [*ANSWERED[:2], (0, "ok", 0), ANSWERED[3]]}),
    ("B2", "the crash was not noticed", {"heard": [HEARD[0], HEARD[0]]}),
    ("B2", "a good worker was called lost", {"heard": [(None, "gone", 0), HEARD[1]]}),
    ("R6", "after a kill it ends", {"runs": HOLDS["R6"]["runs"] | {"kill": GOT_ONE}}),
    ("R6", "after terminate it ends", {"runs": HOLDS["R6"]["runs"] | {"terminate": GOT_ONE}}),
    ("R6", "after a sentinel it hangs", {"runs": HOLDS["R6"]["runs"] | {"sentinel": HANGS}}),
    ("R6", "the sentinel loses the item", {"runs": HOLDS["R6"]["runs"] | {"sentinel": ENDS}}),
    ("R7", "join before get ends", {"reports": {100_000: ENDS}}),
    ("R7", "get before join hangs", {"fixed": {100: ENDS, 100_000: HANGS}}),
]


def printed(name, data, capsys):
    """Run the lesson's cell that proves the claim, with these data, and return what it prints."""
    cells = read_source(ROOT / LESSON, LESSON)
    (cell,) = (one for one in cells if "claim" in one.tags and f'claim("{name}"' in one.text)
    (helper,) = (one for one in cells if "def outcome(" in one.text)
    names = {"claim": claim, "Counter": Counter}
    exec(helper.text.split("\n\n\n")[0], names)  # the function alone
    exec(cell.text, names | data)
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
