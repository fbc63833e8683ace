"""Check of puzzle 1.4: a join with a timeout, and an exit code that is None."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from helpers.checks.results import Case, right_results_by_processes
from helpers.checks.verdict import Verdict

REQUIREMENTS = ("a machine that does not answer in time is returned",)
HINTS = {
    REQUIREMENTS[0]: (
        "join(patience) may come back because the process has ended, or because the time is up. How"
        " can a program tell which?",
        "A process that still runs has the exit code None. What does `if` make of None, and what of"
        " 0?",
        "Ask whether it still runs:\n    if process.is_alive()",
    )
}
EXPLANATION = (
    "join(timeout) returns None in both cases, so ask afterward: is_alive() is True, and exitcode"
    " None, for a process that still runs. `if process.exitcode` takes None for 0. And join with a"
    " timeout ends nothing: kill() does, and the join() after it collects the process."
)
_LONG = 60.0  # seconds; no machine that answers takes so long


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield the verdict on `silent`."""
    cases = (
        Case("a machine that answers", (["mill"], _LONG), []),
        Case("two that don't", (["stuck press", "stuck saw"], 0.2), ["stuck press", "stuck saw"]),
    )
    yield Verdict(REQUIREMENTS[0], *right_results_by_processes(answer.silent, cases))
