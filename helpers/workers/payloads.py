"""Workers for lesson 08 that cost more than their computation: data sent along, memory moved.

A task and its result are plain data. NumPy is imported in the functions that need it, because every
worker process loads this module.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from time import perf_counter
from typing import TYPE_CHECKING

from helpers.validation import bad_type, whole_number
from helpers.workers.compute import FIRST_NUMBER, count_primes

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized
    from multiprocessing.synchronize import Barrier

    import numpy


@dataclass
class Pixel:
    """A small object of two numbers, to be pickled by the thousand."""

    row: int
    value: int


def pieces(total: int, count: int) -> list[range]:
    """Return `count` ranges of nearly equal length: the `total` numbers from FIRST_NUMBER on."""
    whole_number("total", total, 1, 10**9, "Pass how many numbers, e.g. 40_000.")
    whole_number("count", count, 1, total, "Pass how many pieces, at most one for each number.")
    edges = [FIRST_NUMBER + total * i // count for i in range(count + 1)]
    return [range(low, high) for low, high in pairwise(edges)]


def numbers_a_second(tries: int = 5) -> float:
    """Return how many numbers a second `count_primes` tests here, in the best of some tries.

    It is for choosing the size of a task, not for a result: on a busy machine only the best try
    says how much a core can do.
    """
    whole_number("tries", tries, 1, 1_000, "Pass how often to try, e.g. 5.")
    probe = range(FIRST_NUMBER, FIRST_NUMBER + 1_000)
    return len(probe) / min(_seconds(count_primes, probe) for _ in range(tries))


def _seconds(work: Callable, task: object) -> float:
    began = perf_counter()
    work(task)
    return perf_counter() - began


def count_with_luggage(task: tuple[range, bytes]) -> int:
    """Return how many of the numbers are prime. The bytes are only sent along."""
    if not isinstance(task, tuple) or len(task) != 2 or not isinstance(task[1], bytes):
        raise bad_type("task", task, "a pair (range, bytes)", "Pass e.g. (range(9), b'').")
    return count_primes(task[0])


def move_memory(megabytes: int) -> int:
    """Copy an array of `megabytes` million bytes to another one; return its size in bytes.

    The process keeps both arrays, so only its first call creates them.
    """
    whole_number("megabytes", megabytes, 1, 2_000, "Pass how large each array is, e.g. 32.")
    source, target = _two_arrays(megabytes)
    target[:] = source
    return target.nbytes


@lru_cache(maxsize=1)
def _two_arrays(megabytes: int) -> tuple[numpy.ndarray, numpy.ndarray]:
    import numpy

    return numpy.ones(megabytes * 125_000), numpy.zeros(megabytes * 125_000)


def sum_array(array: numpy.ndarray) -> float:
    """Return the sum of a NumPy array that was sent to the worker."""
    return float(array.sum())


def tally_together(numbers: range, total: Synchronized[int], start: Barrier) -> None:
    """Wait for the others; then add 1 to the shared total for each number, under its lock."""
    start.wait()
    for _ in numbers:
        with total.get_lock():
            total.value += 1


def tally_alone(numbers: range, total: Synchronized[int], start: Barrier) -> None:
    """Wait for the others; then count in a local variable and add it to the shared total once."""
    start.wait()
    mine = 0
    for _ in numbers:
        mine += 1
    with total.get_lock():
        total.value += mine


def same_numbers(count: int = 20_000) -> dict[str, object]:
    """Return the numbers from 0 to `count` - 1 as five kinds of object, by the kind's name."""
    whole_number("count", count, 1, 10**7, "Pass how many numbers, e.g. 20_000.")
    import numpy

    numbers = range(count)
    return {
        "bytes": numpy.arange(count).tobytes(),
        "NumPy array": numpy.arange(count),
        "list of int": list(numbers),
        "dict of int": {n: n for n in numbers},
        "list of objects": [Pixel(n, n) for n in numbers],
    }
