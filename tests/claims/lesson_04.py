"""What shows each claim of lesson 04, and what contradicts it."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

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
