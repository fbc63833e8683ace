"""Check of puzzle 2.2: a global that the parent sets before it starts its children."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from helpers.checks.results import Case, right_results_by_processes
from helpers.checks.verdict import Verdict

REQUIREMENTS = ("the amounts are changed, under every start method",)
HINTS = {
    REQUIREMENTS[0]: (
        "Print the rate in change, and in change_all. In which process is it still 1?",
        "With fork, the child is a copy of the parent as it is now. With spawn, the child imports"
        " the file. Which rate does the import set?",
        "In as arguments: give change another parameter, and hand the rate to each clerk:\n"
        "    args=(*pair, answers, todays_rate)",
    )
}
EXPLANATION = (
    "A forked child has the rate that its parent has set; a spawned one imports the file and has"
    " the 1 that stands there. Windows and macOS spawn by default, and Linux has used forkserver"
    " since Python 3.14, where the rate is 1, too. With a pool, an initializer could set the rate"
    " once in each worker."
)


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield the verdict on `change_all`."""
    case = Case("a rate of 3", ([10, 20], 3), [30, 60])
    yield Verdict(REQUIREMENTS[0], *right_results_by_processes(answer.change_all, [case]))
