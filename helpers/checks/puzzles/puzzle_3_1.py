"""Check of puzzle 3.1: one sentinel for two consumers."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from helpers.checks.lifecycle import Lifecycle
from helpers.checks.timeouts import kill_all
from helpers.checks.verdict import Judgment, Verdict, not_yet, one_line

REQUIREMENTS = ("every cook goes home by itself",)
HINTS = {
    REQUIREMENTS[0]: (
        "What does a cook wait for, once every dish is served?",
        "None goes to one cook only, like any other item. Which cook gets it, and what comes for"
        " the other one?",
        "As many sentinels as cooks:\n    for _ in kitchen:\n        orders.put(None)",
    )
}
EXPLANATION = (
    "A queue does not broadcast: each item goes to one consumer, and so does a sentinel. So put"
    " one for each consumer, after the last item. Or let each cook that gets None put it back for"
    " the next one before it ends. An executor sends the sentinels for you."
)
_NAMES = ["soup", "fish", "pie"]
_DISHES = [f"hot {name}" for name in sorted(_NAMES)]
_COOKS = 2


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield the verdict on `serve`."""
    with Lifecycle() as lifecycle:
        try:
            judgment = _all_home(answer.serve(list(_NAMES), _COOKS), lifecycle)
        finally:
            kill_all(lifecycle)
    yield Verdict(REQUIREMENTS[0], *judgment)


def _all_home(served: object, lifecycle: Lifecycle) -> Judgment:
    if not isinstance(served, list) or sorted(map(str, served)) != _DISHES:
        return not_yet(f"expected a list of {', '.join(_DISHES)}, got {one_line(served)}")
    # A pool ends its own workers, which are idle then.
    stopped = [one for one in set(lifecycle.stopped) if "PoolWorker" not in one.name]
    if stopped:
        return not_yet(f"{len(stopped)} of {len(lifecycle.started)} cooks were stopped")
    state, reason = lifecycle.all_joined()
    return state, reason.partition(":")[0]  # what follows is the solution
