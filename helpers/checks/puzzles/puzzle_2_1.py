"""Check of puzzle 2.1: a list that each child changes in its own copy."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from helpers.checks.results import Case, right_results_by_processes
from helpers.checks.verdict import Verdict

REQUIREMENTS = ("every parcel has its weight",)
HINTS = {
    REQUIREMENTS[0]: (
        "Print the list at the end of weigh. Is the weight there? And in the parent, after the"
        " joins?",
        "Each process has its own memory. Which objects of lesson 03 are seen by several processes,"
        " or carry something from one to another?",
        "Numbers can live in shared memory:\n"
        '    weights = Array("q", len(parcels))\n'
        "and weights[:] is a list of them. Or let each scale put its weight into a SimpleQueue.",
    )
}
EXPLANATION = (
    "Each child wrote into its own copy of the list, and the copy ended with the child. An Array is"
    " memory that all of them see, and needs no lock here, because each writes to its own place."
    " Sending (place, weight) through a SimpleQueue works for everything that can be pickled, not"
    " only for numbers."
)


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield the verdict on `weigh_all`."""
    case = Case("two parcels", ([[2, 3], [7]],), [5, 7])
    yield Verdict(REQUIREMENTS[0], *right_results_by_processes(answer.weigh_all, [case]))
