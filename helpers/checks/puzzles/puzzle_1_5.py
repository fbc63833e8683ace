"""Check of puzzle 1.5: only the last process is joined."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from helpers.checks.lifecycle import Lifecycle
from helpers.checks.timeouts import kill_all
from helpers.checks.verdict import OK, Judgment, Verdict, not_yet, one_line

REQUIREMENTS = ("every gardener has gone home when water_all returns",)
HINTS = {
    REQUIREMENTS[0]: (
        "How often is join() called, and on which process?",
        "After the loop, the name gardener means one process only. Where are the others?",
        "Keep every process in a list, and join each of them:\n"
        "    for gardener in gardeners:\n"
        "        gardener.join()",
    )
}
EXPLANATION = (
    "A name holds one process: in a loop, each new one replaces the one before. So keep them in a"
    " list, start all in one loop, and join all in another. A join inside the first loop would let"
    " them work one after the other. The `with` block of an executor waits for all its workers."
)
_BEDS = ["roses", "beans", "herbs"]


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield the verdict on `water_all`."""
    with Lifecycle() as lifecycle:
        try:
            judgment = _all_home(answer.water_all(list(_BEDS)), lifecycle)
        finally:
            kill_all(lifecycle)
    yield Verdict(REQUIREMENTS[0], *judgment)


def _all_home(watered: object, lifecycle: Lifecycle) -> Judgment:
    if not isinstance(watered, list) or sorted(map(str, watered)) != sorted(_BEDS):
        return not_yet(f"expected a list of {', '.join(_BEDS)}, got {one_line(watered)}")
    if not lifecycle.started:
        return not_yet("no process was started")
    if lifecycle.most_alive < len(_BEDS) <= len(lifecycle.started):
        return not_yet("the gardeners worked one after the other")
    if unseen := len(lifecycle.never_joined):
        count = len(lifecycle.started)
        return not_yet(f"water_all did not wait for the end of {unseen} of {count} processes")
    return OK
