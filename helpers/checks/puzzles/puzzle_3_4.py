"""Check of puzzle 3.4: a loop that trusts `empty()`."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from helpers.checks.queue_faults import first_look_too_early
from helpers.checks.results import Case, right_results_by_processes
from helpers.checks.verdict import Verdict

REQUIREMENTS = ("every letter is delivered",)
HINTS = {
    REQUIREMENTS[0]: (
        "put() returns at once. Where is a letter then, and what does empty() say of it?",
        'empty() means "nothing has arrived yet". Which item would mean "nothing more will come"?',
        "Put a sentinel after the last letter, and take until it comes:\n"
        "    while (letter := letters.get()) is not None:\n"
        "        delivered.append(letter)",
    )
}
EXPLANATION = (
    "An item that was put waits in a buffer until the feeder thread has written it into the pipe;"
    " empty() looks into the pipe only. A get() with a short timeout and get_nowait() have the same"
    " fault. Besides a sentinel, a count would do: tell the postman how many letters to take."
)


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield the verdict on `deliver_all`, with a queue that seems empty to a child at first."""
    right = ["letter to Ada", "letter to Bob", "letter to Cyd"]
    cases = (Case("three addresses", (["Ada", "Bob", "Cyd"],), right),)
    with first_look_too_early():
        judgment = right_results_by_processes(answer.deliver_all, cases)
    yield Verdict(REQUIREMENTS[0], *judgment)
