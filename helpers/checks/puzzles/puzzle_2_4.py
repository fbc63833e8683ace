"""Check of puzzle 2.4: a way out of a loop on which the lock is not released."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from helpers.checks.results import Case, right_results_by_processes
from helpers.checks.verdict import Verdict

REQUIREMENTS = ("every coin is counted",)
HINTS = {
    REQUIREMENTS[0]: (
        "Follow one teller through the bag [5, 0, 2]. Which lines does it run for the button?",
        "Every acquire() needs a release(), on every way through the loop. On which way is there"
        " none?",
        "The with block releases the lock however it is left:\n"
        "    with lock:\n"
        "        if coin == 0:\n"
        "            continue\n"
        "        total.value += coin",
    )
}
EXPLANATION = (
    "`continue` leaves the loop's body without release(), and then the teller waits for a lock that"
    " it holds itself; the others would wait, too. `return`, `break` and every exception do the"
    " same. A with block releases on each way out, as try and finally do. Or look at the coin"
    " before you take the lock."
)


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield the verdict on `count_all`."""
    case = Case("two bags with a button each", ([[5, 0, 2], [1, 0, 4]],), 12)
    yield Verdict(REQUIREMENTS[0], *right_results_by_processes(answer.count_all, [case]))
