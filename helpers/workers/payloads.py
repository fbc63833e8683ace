"""Work that shows what is paid for besides the work: luggage that travels, memory that is moved.

Each runs in a worker: plain data in, plain data out. NumPy is loaded only where it is the subject.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from multiprocessing.sharedctypes import Synchronized
from threading import Barrier
from time import perf_counter

from helpers.validation import bad_type, whole_number
from helpers.workers.compute import count_primes

FIRST = 1_000_000  # numbers about this large cost alike, so that tasks of a length are even


@dataclass
class Pixel:
    """An object as programs have many of: two small numbers."""

    row: int
    value: int


def pieces(total: int, count: int) -> list[range]:
    """The numbers from `FIRST` on, `total` of them, cut into `count` ranges as even as can be."""
    whole_number("total", total, 1, 10**9, "Pass how many numbers, e.g. 40_000.")
    whole_number("count", count, 1, total, "Pass how many pieces, one number each at the most.")
    edges = [FIRST + total * i // count for i in range(count + 1)]
    return [range(low, high) for low, high in pairwise(edges)]


def numbers_a_second(tries: int = 5) -> float:
    """How many numbers `count_primes` does in a second here: the best of some short tries."""
    whole_number("tries", tries, 1, 1_000, "Pass how often to try, e.g. 5.")
    probe = range(FIRST, FIRST + 1_000)
    return len(probe) / min(_seconds(count_primes, probe) for _ in range(tries))


def _seconds(work: Callable, task: object) -> float:
    began = perf_counter()
    work(task)
    return perf_counter() - began


def count_with_luggage(task: tuple[range, bytes]) -> int:
    """How many of the numbers are prime; the bytes beside them only travel."""
    if not isinstance(task, tuple) or len(task) != 2 or not isinstance(task[1], bytes):
        raise bad_type("task", task, "a pair (range, bytes)", "Pass e.g. (range(9), b'').")
    return count_primes(task[0])


def move_memory(megabytes: int) -> int:
    """How many bytes were copied from one large array to another: `megabytes` million.

    The two arrays stay with the process that runs this, so that only the first call makes them.
    """
    whole_number("megabytes", megabytes, 1, 2_000, "Pass how large each array is, e.g. 32.")
    source, target = _two_arrays(megabytes)
    target[:] = source
    return target.nbytes


@lru_cache(maxsize=1)
def _two_arrays(megabytes: int) -> tuple:
    import numpy  # here, because the processes of all other work would load it, too

    return numpy.ones(megabytes * 125_000), numpy.zeros(megabytes * 125_000)


def sum_array(array: object) -> float:
    """The sum of a NumPy array that travelled to the worker."""
    return float(array.sum())


def tally_together(numbers: range, total: Synchronized, start: Barrier) -> None:
    """When all are at the start: add one to the shared total for each number, under its lock."""
    start.wait()
    for _ in numbers:
        with total.get_lock():
            total.value += 1


def tally_alone(numbers: range, total: Synchronized, start: Barrier) -> None:
    """When all are at the start: count in a variable of our own, and add the sum to it once."""
    start.wait()
    mine = 0
    for _ in numbers:
        mine += 1
    with total.get_lock():
        total.value += mine


def same_numbers(count: int = 20_000) -> dict[str, object]:
    """The numbers from 0 to `count` - 1 in five kinds of object, by the name of the kind."""
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
