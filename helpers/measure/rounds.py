"""Rounds of a measurement: each round takes every step once, so that a busy minute affects all.

round 1: step A, step B, step C | round 2: step A, step B, step C | …

The number of rounds is fixed before the first one, and nothing that was measured ends them early.
If you measure until the result fits, you find what you expect.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from helpers.engines.pool import Progress, Stopped

ROUNDS = 7  # by default: enough for a median with three rounds on either side


def take_rounds(
    steps: Sequence[Callable[[], object]],
    rounds: int,
    *,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> None:
    """Take all steps in order, `rounds` times.

    `progress(done, total)` is called after each step. Raise Stopped before the next step, or after
    the last one, once `stop` is set.
    """
    for taken in range(rounds):
        for i, step in enumerate(steps, 1):
            _raise_if_set(stop)
            step()
            if progress is not None:
                progress(taken * len(steps) + i, rounds * len(steps))
    _raise_if_set(stop)


def _raise_if_set(stop: threading.Event | None) -> None:
    if stop is not None and stop.is_set():
        raise Stopped
