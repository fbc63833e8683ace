"""What the workers of lesson 01 run: prime counting in pieces, with the time of each piece."""

from __future__ import annotations

from time import perf_counter, thread_time
from typing import TYPE_CHECKING

from helpers.workers.compute import count_primes

if TYPE_CHECKING:
    from multiprocessing.queues import SimpleQueue
    from multiprocessing.synchronize import Barrier


def count_in_pieces(pieces: list[range], barrier: Barrier, answers: SimpleQueue) -> None:
    """Count the primes in each piece; put a list with (start, end, CPU seconds) of each."""
    barrier.wait()  # until the other worker is here too
    spans = []
    for numbers in pieces:
        start, cpu_before = perf_counter(), thread_time()
        count_primes(numbers)
        spans.append((start, perf_counter(), thread_time() - cpu_before))
    answers.put(spans)
