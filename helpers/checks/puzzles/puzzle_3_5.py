"""Check of puzzle 3.5: an item that is put behind the sentinel."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from helpers.checks.lifecycle import Lifecycle
from helpers.checks.verdict import OK, Judgment, Verdict, not_yet, one_line

REQUIREMENTS = ("every person is reached",)
HINTS = {
    REQUIREMENTS[0]: (
        "Write down what is in the queue calls, from first to last, when the caller has called"
        " everyone once.",
        "Bob stands behind None, where the caller has stopped. When is it certain that no call will"
        " be added?",
        "When every answer has come. So put the sentinel after that:\n"
        "    heard = [answers.get() for _ in names]\n"
        "    calls.put(None)",
    )
}
EXPLANATION = (
    "A sentinel must be the last item. Where consumers put new items into their own queue, the end"
    " is known only when every item has been answered. So the parent counts the answers, then puts"
    " the sentinel. A JoinableQueue counts for you. The caller could also keep the busy ones in a"
    " list of its own, and call them before it ends."
)
_NAMES = ["busy Bob", "Ada", "busy Cyd"]
_HEARD = [f"hello, {name} here" for name in ("Ada", "Bob", "Cyd")]


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield the verdict on `phone_all`."""
    with Lifecycle() as lifecycle:
        judgment = _all_heard(answer.phone_all(list(_NAMES)))
    if judgment == OK and not lifecycle.started:
        judgment = not_yet("no process was started")
    yield Verdict(REQUIREMENTS[0], *judgment)


def _all_heard(heard: object) -> Judgment:
    if isinstance(heard, list) and sorted(map(str, heard)) == _HEARD:
        return OK
    return not_yet(f"expected, in any order, {_HEARD}, got {one_line(heard)}")
