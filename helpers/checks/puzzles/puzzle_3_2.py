"""Check of puzzle 3.2: a consumer that ends at a faulty item."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from helpers.checks.results import Case, right_results_by_processes
from helpers.checks.verdict import Verdict

REQUIREMENTS = ("every text has an answer",)
HINTS = {
    REQUIREMENTS[0]: (
        "Which line runs after float() has raised ValueError, and which line after that?",
        "The whole loop stands inside the try block. Where must try stand, so that the loop goes on"
        " with the next text?",
        "Inside the loop, around the conversion only:\n"
        "    while (text := texts.get()) is not None:\n"
        "        try:\n"
        "            prices[text] = float(text)\n"
        "        except ValueError:\n"
        '            prices[text] = "no price"',
    )
}
EXPLANATION = (
    "An exception ends the try block. With the loop inside that block, the first faulty item ends"
    " the loop, too, and what is left in the queue is never read. With try inside the loop, a"
    " failure is an answer like any other. An executor (lesson 06) does so for you: it keeps each"
    " task's exception until you ask for that task's result, and the worker goes on."
)
_NO = "no price"


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield the verdict on `read_all`."""
    cases = (
        Case("a gift in the middle", (["2", "a gift", "3"],), {"2": 2.0, "a gift": _NO, "3": 3.0}),
        Case("two gifts", (["gift 1", "gift 2"],), {"gift 1": _NO, "gift 2": _NO}),
    )
    yield Verdict(REQUIREMENTS[0], *right_results_by_processes(answer.read_all, cases))
