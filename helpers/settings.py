"""Two workers that do the same: one takes what it needs, the other looks around for it."""

from __future__ import annotations

rate = 1


def price(task: tuple[int, int]) -> int:
    """What `amount` costs at that rate; task = (amount, rate). All that it needs is in the task."""
    amount, at_rate = task
    return amount * at_rate


def price_at_global_rate(amount: int) -> int:
    """What `amount` costs at `helpers.settings.rate`, whatever that is in this process."""
    return amount * rate
