"""Check of puzzle 3.3: a join before the queue is read, with a large item."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from helpers.checks.results import Case, right_results_by_processes
from helpers.checks.verdict import Verdict

REQUIREMENTS = ("a long book is copied, too",)
HINTS = {
    REQUIREMENTS[0]: (
        "Which line would read the shelf, and when does the program get there?",
        "Below a queue is a pipe, which has little room. A child can't exit before its feeder"
        " thread has written everything. What makes room meanwhile?",
        "Get first, then join:\n"
        "    copies = dict(shelf.get() for _ in books)\n"
        "    for scribe in scribes:\n"
        "        scribe.join()\n"
        "    return copies",
    )
}
EXPLANATION = (
    "The feeder thread of the child waits for room in the pipe, the child waits for its feeder"
    " thread, and the parent waits for the child. Short texts fit into the pipe, so only long ones"
    " show the fault. A manager's queue keeps its items in the manager's process, and an executor"
    " reads results while the workers run: there the order does not matter."
)
_NOVEL = "once upon a time " * 60_000  # 1 MB: more than a pipe holds on any system
_BOOKS = {"a poem": "roses are red", "a novel": _NOVEL}


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield the verdict on `copy_all`."""
    right = {title: text.upper() for title, text in _BOOKS.items()}
    cases = (Case("a poem and a novel", (dict(_BOOKS),), right),)
    yield Verdict(REQUIREMENTS[0], *right_results_by_processes(answer.copy_all, cases))
