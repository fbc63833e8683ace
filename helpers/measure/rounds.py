"""Rounds of a measurement: each round takes every step once, so that a busy minute affects all.

round 1: step A, step B, step C | round 2: step A, step B, step C | …
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import TypeVar

from helpers.engines.pool import Progress, Stopped

Result = TypeVar("Result")


def take_rounds(
    steps: Sequence[Callable[[], object]],
    rounds: int,
    result_so_far: Callable[[], Result],
    *,
    enough: Callable[[Result], bool] | None = None,
    least: int = 2,
    limit: float = math.inf,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Result:
    """Take all steps in order, at most `rounds` times; return the result after the last round.

    From round `least` on, `enough(result)` can end the rounds. No round starts after `limit`
    seconds. `progress(done, total)` is called after each step. Raise Stopped before the next step,
    or at the end of a round, once `stop` is set.
    """
    until = perf_counter() + limit
    for taken in range(1, rounds + 1):
        for i, step in enumerate(steps, 1):
            _raise_if_set(stop)
            step()
            if progress is not None:
                progress((taken - 1) * len(steps) + i, rounds * len(steps))
        _raise_if_set(stop)
        result = result_so_far()
        if enough is not None and taken >= least and enough(result):
            break
        if perf_counter() > until:
            break
    return result


def _raise_if_set(stop: threading.Event | None) -> None:
    if stop is not None and stop.is_set():
        raise Stopped
