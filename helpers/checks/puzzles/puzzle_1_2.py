"""Check of puzzle 1.2: a join in the loop that starts."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from helpers.checks.lifecycle import Lifecycle
from helpers.checks.verdict import OK, Judgment, Verdict, not_yet, one_line

REQUIREMENTS = ("every runner crosses the finish",)
HINTS = {
    REQUIREMENTS[0]: (
        "How many runners have been started when the first one waits at the line?",
        "join() waits until the runner has ended. The first runner can't end before the last one"
        " is at the line, and the last one has not been started.",
        "Two loops: keep the processes in a list, start all of them, then join all of them:\n"
        "    for runner in runners:\n"
        "        runner.start()\n"
        "    for runner in runners:\n"
        "        runner.join()",
    )
}
EXPLANATION = (
    "start() and join() in one loop run the processes one after the other. Usually that costs time"
    " only; here each runner waits for the others, so the program hangs. A pool with a worker for"
    " each runner, which submits all tasks before it asks for a result, does not hang either."
)
_NAMES = ["Ada", "Bob", "Cyd"]


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield the verdict on `race`."""
    with Lifecycle() as lifecycle:
        order = answer.race(list(_NAMES))
    yield Verdict(REQUIREMENTS[0], *_all_arrived(order, lifecycle))


def _all_arrived(order: object, lifecycle: Lifecycle) -> Judgment:
    if not isinstance(order, list) or sorted(map(str, order)) != _NAMES:
        return not_yet(
            f"expected a list of {', '.join(_NAMES)}, in any order, got {one_line(order)}"
        )
    if lifecycle.most_alive < len(_NAMES):
        return not_yet(f"{lifecycle.most_alive} of {len(_NAMES)} runners ran at the same time")
    return OK
