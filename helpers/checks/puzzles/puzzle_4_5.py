"""Check of puzzle 4.5: an exception that can't be unpickled."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from helpers.checks.results import Case, right_results_by_processes
from helpers.checks.verdict import Verdict

REQUIREMENTS = ("the loud guests are refused",)
HINTS = {
    REQUIREMENTS[0]: (
        "The error is raised in a worker and caught in the parent. How does it get there?",
        "Try it without a pool, in a cell of its own:\n"
        "    import pickle\n"
        "    pickle.loads(pickle.dumps(work_4_5.Refused('Bob', 'too loud')))",
        "pickle rebuilds an exception by a call of its class with what super().__init__ got. So"
        " pass on both:\n"
        "    super().__init__(guest, reason)",
    )
}
EXPLANATION = (
    "pickle rebuilds an exception as its class, called with its args: what super().__init__ got."
    " That was one text, and __init__ needs two arguments. An executor that can't read what a"
    " worker sends gives up. Pass on all arguments, or write __reduce__, or return plain data."
    " Exceptions of libraries often have this fault: catch them in the task."
)


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield the verdict on `refused`."""
    # In the first case the loud guest is the last: a pool that breaks would refuse the next one.
    many = ["loud Bob", *(f"guest {number}" for number in range(4)), "loud Dan"]
    cases = (
        Case("one loud guest", (["Ann", "loud Bob"],), ["loud Bob"]),
        Case("two loud guests", (many,), ["loud Bob", "loud Dan"]),
    )
    yield Verdict(REQUIREMENTS[0], *right_results_by_processes(answer.refused, cases))
