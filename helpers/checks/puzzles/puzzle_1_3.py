"""Check of puzzle 1.3: a child's failure that no line asks for."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from helpers.checks.results import Case, right_results_by_processes
from helpers.checks.verdict import Verdict

REQUIREMENTS = ("the folders whose copy failed are returned",)
HINTS = {
    REQUIREMENTS[0]: (
        "When the last line runs, every process has been joined. What does is_alive() say then?",
        "A process that has ended keeps a number that tells how it ended. Lesson 02 shows the"
        " numbers.",
        "A child that ends well has exit code 0. One that ends by SystemExit with words, or by"
        " another exception, has 1:\n"
        "    if process.exitcode != 0",
    )
}
EXPLANATION = (
    "A failure ends the child only. The parent learns of it by the exit code, which it has to ask"
    " for: 0 is success, 1 an exception or SystemExit with words, and a negative number a signal."
    " An executor (lesson 06) would bring the child's exception to the parent."
)


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield the verdict on `back_up`."""
    cases = (
        Case("one locked folder of three", (["/home", "/locked/a", "/etc"],), ["/locked/a"]),
        Case("two locked folders", (["/locked/a", "/locked/b"],), ["/locked/a", "/locked/b"]),
        Case("no locked folder", (["/home"],), []),
    )
    yield Verdict(REQUIREMENTS[0], *right_results_by_processes(answer.back_up, cases))
