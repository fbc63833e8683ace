"""Check of puzzle 4.1: a result that is asked for before the next task is submitted."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from helpers.checks.lifecycle import Lifecycle
from helpers.checks.verdict import OK, Judgment, Verdict, not_yet, one_line

REQUIREMENTS = ("both ends of the table are lifted",)
HINTS = {
    REQUIREMENTS[0]: (
        "One worker waits for the other one. How many tasks have been submitted by then?",
        "submit() comes back at once, and result() waits until the task is done. In which order"
        " does the last line call them?",
        "First submit all tasks, then ask for the results:\n"
        "    futures = [pool.submit(lift, end) for end in ends]\n"
        "    return [future.result() for future in futures]",
    )
}
EXPLANATION = (
    "submit(…).result() hands out a task and waits for it before it hands out the next one. So a"
    " pool of any size does one task at a time. Usually that costs time only; here the program"
    " hangs. pool.apply() does the same. executor.map() submits all tasks before it waits."
)
_ENDS = ["left", "right"]


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield the verdict on `carry`."""
    with Lifecycle() as lifecycle:
        ends = answer.carry(list(_ENDS))
    yield Verdict(REQUIREMENTS[0], *_lifted(ends, len(lifecycle.started)))


def _lifted(ends: object, workers: int) -> Judgment:
    if ends != _ENDS:
        return not_yet(f"expected {_ENDS}, got {one_line(ends)}")
    if workers < len(_ENDS):
        return not_yet(f"{workers} of 2 worker processes were started")
    return OK
