"""The shops of puzzle 4.2: the first one answers after the last one has been asked."""

from __future__ import annotations

import time
from pathlib import Path

PRICES = {"Ada's": 7, "Bob's": 2, "Cyd's": 5, "Dan's": 9}
FIRST, *_, LAST = PRICES
_INTERVAL = 0.01  # seconds between two looks
_LATEST = 8.0  # seconds after which the first shop answers anyway, as when one process asks all


def ask(folder: str, shop: str) -> int:
    """Return the price of this shop; an empty folder, the same for all shops, keeps the order.

    With two workers, the price of each shop between the first and the last has been sent back
    before the last one is asked: one worker waits here, so the other one asks them in turn.
    """
    last_was_asked = Path(folder, "asked")
    if shop == LAST:
        last_was_asked.touch()
    answers_at = time.monotonic() + _LATEST
    while shop == FIRST and not last_was_asked.exists() and time.monotonic() < answers_at:
        time.sleep(_INTERVAL)
    return PRICES[shop]
