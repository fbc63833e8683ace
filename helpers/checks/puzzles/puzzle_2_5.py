"""Check of puzzle 2.5: a lock around the change, and not around the look before it."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from helpers.checks.gate import all_greeted, called_at_gate
from helpers.checks.verdict import Judgment, Verdict, not_yet, one_line

REQUIREMENTS = ("no ticket is sold twice",)
HINTS = {
    REQUIREMENTS[0]: (
        "Before one clerk takes a ticket, what may the other clerks have read?",
        "Between the look at the number and the change of the number, another process may change"
        " it. Which of the two does the lock protect?",
        "Hold the lock from the look to the change:\n"
        "    with tickets.get_lock():\n"
        "        lucky = tickets.value > 0\n"
        "        if lucky:\n"
        "            tickets.value -= 1",
    )
}
EXPLANATION = (
    "All clerks looked before any of them changed the number. The lock kept the subtractions"
    " apart, and so the count was right: -1. Check and act belong under one lock, or the check can"
    " be out of date. Semaphore(count) with acquire(block=False) does both in one step; or one"
    " process alone sells the tickets."
)
_CUSTOMERS = ["Ada", "Bob", "Cyd"]
_TICKETS = 2


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield the verdict on `sell_all`."""
    got = called_at_gate(answer.sell_all, list(_CUSTOMERS), _TICKETS, expected=len(_CUSTOMERS))
    yield Verdict(REQUIREMENTS[0], *_as_many_as_tickets(got))


def _as_many_as_tickets(got: object) -> Judgment:
    if not isinstance(got, dict) or sorted(map(str, got)) != _CUSTOMERS:
        return not_yet(f"expected a dict with the keys {_CUSTOMERS}, got {one_line(got)}")
    sold = sum(map(bool, got.values()))
    if sold != _TICKETS:
        return not_yet(f"with {_TICKETS} tickets for 3 customers: {sold} of them got one")
    return all_greeted(_CUSTOMERS)
