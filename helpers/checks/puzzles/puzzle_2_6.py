"""Check of puzzle 2.6: two locks that two processes take in opposite orders."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from helpers.checks.gate import all_greeted, called_at_gate
from helpers.checks.verdict import Judgment, Verdict, not_yet, one_line

REQUIREMENTS = ("all payments are made",)
HINTS = {
    REQUIREMENTS[0]: (
        "Ada is 0 and Bob is 1. Which lock does each of their two clerks hold, and which one does"
        " it wait for?",
        "One clerk takes lock 0 and then lock 1, the other lock 1 and then lock 0. Could"
        " that happen if the locks had an order, the same for all?",
        "Take the lock of the smaller number first, in every payment:\n"
        "    with locks[min(giver, taker)], locks[max(giver, taker)]:",
    )
}
EXPLANATION = (
    "Two clerks each held one lock and waited for the other: a deadlock. If all processes take"
    " locks in one order, the one that holds the last lock waits for none, so some process can"
    " always go on. One lock for all accounts would do, too, but other payments wait then. Or hold"
    " one lock at a time; then, for a moment, the money is in neither account."
)
_PAYMENTS = [(0, 1, 5), (1, 0, 3), (0, 1, 2)]
_AT_FIRST, _AT_LAST = [10, 10], [6, 14]


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield the verdict on `pay_all`."""
    got = called_at_gate(answer.pay_all, list(_PAYMENTS), list(_AT_FIRST), expected=len(_PAYMENTS))
    yield Verdict(REQUIREMENTS[0], *_all_paid(got))


def _all_paid(got: object) -> Judgment:
    if not isinstance(got, list | tuple) or list(got) != _AT_LAST:
        return not_yet(
            f"with {_AT_FIRST} at first and {_PAYMENTS}: expected {_AT_LAST}, got {one_line(got)}"
        )
    return all_greeted([f"{giver} pays {taker}" for giver, taker in ((0, 1), (1, 0))])
