"""The course's workloads: for each computation, its tasks and a check of its results.

A workload makes a list of tasks from their number and their size, and tells whether a list of
results is right. All tasks of a workload cost about the same, except those of `mandelbrot`, which
are uneven on purpose.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from helpers.validation import one_of, whole_number
from helpers.workers import compute
from helpers.workers.compute import FIRST_NUMBER

_TEXT = Path(__file__).parents[1] / "data" / "lesson.txt"
# Ways to place 1, 2, … 12 queens: https://oeis.org/A000170
_QUEENS = (1, 0, 0, 2, 10, 4, 40, 92, 352, 724, 2680, 14200)
ORDERS = ("short ones first", "long ones first", "shuffled")  # of uneven tasks
_MOST_NUMBERS = 10_000_000  # in all uneven tasks together
_ROW_LIMIT = 120  # steps after which a point counts as inside the Mandelbrot set

Judge = Callable[[Sequence, int, int], bool]  # (results, number of tasks, size) -> right?


@dataclass(frozen=True)
class Workload:
    """A worker function, with how to make its tasks and how to check its results.

    `sizes` are the smallest, the usual and the largest task, in `unit`. `kind` is "cpu" (Python
    bytecode), "native" (C code that releases the GIL) or "waiting".
    """

    name: str
    says: str
    worker: Callable
    kind: str
    unit: str
    sizes: tuple[int, int, int]
    make_tasks: Callable[[int, int], list]
    is_right: Judge

    def tasks(self, count: int, size: int | None = None) -> list:
        """Return `count` tasks of `size` units each; without `size`, of the usual size."""
        whole_number("count", count, 1, 1_000_000, "Pass how many tasks, e.g. 8.")
        size = self.sizes[1] if size is None else size
        whole_number("size", size, 1, 10**9, f"Pass {self.unit} in a task, e.g. {self.sizes[1]}.")
        return self.make_tasks(count, size)


def workload(name: str) -> Workload:
    """Return the workload of that name; raise ValueError, which lists the names, if unknown."""
    return WORKLOADS[one_of("name", name, tuple(WORKLOADS), "Pick one of them.")]


@lru_cache(maxsize=1)
def shipped_text() -> str:
    """Return the text that comes with the course: about 1,600 words."""
    return _TEXT.read_text(encoding="utf-8")


def gray_picture(width: int, height: int) -> bytes:
    """Return a gray picture of rings, `width` × `height` pixels of one byte, row after row."""
    whole_number("width", width, 1, 10_000, "Pass pixels, e.g. 150.")
    whole_number("height", height, 1, 10_000, "Pass pixels, e.g. 150.")
    return bytes(
        int(127.5 + 127.5 * math.sin(math.hypot(x - width / 2, y - height / 2) / 3))
        for y in range(height)
        for x in range(width)
    )


def primes_between(start: int, stop: int) -> int:
    """Return how many primes p have start <= p < stop, by a sieve and not by trial division."""
    whole_number("stop", stop, 0, 10**9, "Pass where to stop, e.g. 1_000_000.")
    whole_number("start", start, 0, stop, "Pass where to start, e.g. 0.")
    return sum(_sieve(stop)[start:])


def _sieve(stop: int) -> bytearray:
    """Return a byte for each n < stop: 1 where n is prime (Eratosthenes)."""
    sieve = bytearray([1]) * stop
    sieve[:2] = bytes(min(2, stop))
    for n in range(2, math.isqrt(stop) + 1):
        if sieve[n]:
            sieve[n * n :: n] = bytes(len(range(n * n, stop, n)))
    return sieve


def _prime_windows(count: int, size: int) -> list[range]:
    starts = range(FIRST_NUMBER, FIRST_NUMBER + count * size, size)
    return [range(start, start + size) for start in starts]


def _of_all(judge: Judge) -> Judge:
    """Return a check that asks `judge` only if there is one result for each task."""

    def is_right(results: Sequence, count: int, size: int) -> bool:
        return len(results) == count and judge(results, count, size)

    return is_right


def _primes_right(results: Sequence, count: int, size: int) -> bool:
    windows = _prime_windows(count, size)
    sieve = _sieve(windows[-1].stop)
    return list(results) == [sum(sieve[window.start : window.stop]) for window in windows]


def _pi_right(results: Sequence, count: int, size: int) -> bool:
    # A sum of independent draws: a right result is more than six standard deviations off once in
    # 500 million runs.
    share, points = math.pi / 4, count * size
    return abs(sum(results) - share * points) <= 6 * math.sqrt(share * (1 - share) * points) + 1


def _rows_right(results: Sequence, count: int, size: int) -> bool:
    whole = all(len(row) == size for row in results)
    mirrored = all(results[i] == results[count - i] for i in range(1, count))  # like the set
    return whole and mirrored and all(_row_right(row, i, count) for i, row in enumerate(results))


def _row_right(pixels: bytes, row: int, height: int) -> bool:
    """Check the pixels that are known without iterating.

    Points of the main cardioid never escape; points with |c| > 2 escape after one step.
    """
    y = 2.4 * row / height - 1.2
    for column, steps in enumerate(pixels):
        x = 3.2 * column / len(pixels) - 2.2
        q = (x - 0.25) ** 2 + y * y
        inside, outside = q * (q + x - 0.25) < 0.249 * y * y, x * x + y * y > 4.001
        if (inside and steps != _ROW_LIMIT) or (outside and steps != 1):
            return False
    return True


def _words_right(results: Sequence, count: int, size: int) -> bool:
    text = (shipped_text() * size).lower()
    others = {ord(sign): " " for sign in set(text) - set("abcdefghijklmnopqrstuvwxyz'")}
    words = Counter(text.translate(others).split())
    return all(result == words for result in results)


def _blur_right(results: Sequence, count: int, size: int) -> bool:
    picture = gray_picture(size, size)
    spots = range(0, size * size, max(1, size * size // 997))
    expected = [_mean_around(picture, size, spot) for spot in spots]
    return all(
        len(result) == len(picture) and [result[spot] for spot in spots] == expected
        for result in results
    )


def _mean_around(picture: bytes, size: int, spot: int) -> int:
    """Return one pixel of the blurred picture, computed in a different way than the worker's."""
    rows, columns = (
        [min(max(place + step, 0), size - 1) for step in (-1, 0, 1)] for place in divmod(spot, size)
    )
    return sum(picture[row * size + column] for row in rows for column in columns) // 9


def _queens_right(results: Sequence, count: int, size: int) -> bool:
    whole_rounds = count // size * size
    expected = [_queens_by_sets(size, (column,)) for column in range(count - whole_rounds)]
    right_sum = sum(results[:whole_rounds]) == count // size * _QUEENS[size - 1]
    return right_sum and list(results[whole_rounds:]) == expected


def _queens_by_sets(size: int, placed: tuple[int, ...]) -> int:
    """Return the worker's count, computed by comparing queens in pairs, which is slower."""
    row = len(placed)
    if row == size:
        return 1
    free = (
        column
        for column in range(size)
        if all(column != c and abs(column - c) != row - r for r, c in enumerate(placed))
    )
    return sum(_queens_by_sets(size, (*placed, column)) for column in free)


def _hashes_right(results: Sequence, count: int, size: int) -> bool:
    digest = hashlib.sha256()
    for _ in range(size):
        digest.update(b"\x00" * 1_000)
    return results[0] == digest.hexdigest() and len(set(results)) == min(count, 256)


WORKLOADS: dict[str, Workload] = {
    work.name: work
    for work in (
        Workload(
            "primes",
            "count primes by trial division",
            compute.count_primes,
            "cpu",
            "numbers",
            (100, 5_000, 100_000),
            _prime_windows,
            _of_all(_primes_right),
        ),
        Workload(
            "pi",
            "estimate π from random points",
            compute.sample_pi,
            "cpu",
            "points",
            (1_000, 50_000, 1_000_000),
            lambda count, size: [(seed, size) for seed in range(count)],
            _of_all(_pi_right),
        ),
        Workload(
            "mandelbrot",
            "draw rows of the Mandelbrot set (uneven tasks)",
            compute.mandelbrot_row,
            "cpu",
            "pixels",
            (50, 400, 4_000),
            lambda count, size: [(row, size, count, _ROW_LIMIT) for row in range(count)],
            _of_all(_rows_right),
        ),
        Workload(
            "words",
            "count the words of a text that travels to the worker",
            compute.count_words,
            "cpu",
            "copies of the text",
            (1, 10, 200),
            lambda count, size: [shipped_text() * size] * count,
            _of_all(_words_right),
        ),
        Workload(
            "blur",
            "blur a gray picture that travels both ways",
            compute.blur_image,
            "cpu",
            "pixels wide and high",
            (20, 150, 1_000),
            lambda count, size: [(gray_picture(size, size), size, 1)] * count,
            _of_all(_blur_right),
        ),
        Workload(
            "queens",
            "place queens on a board",
            compute.count_queens,
            "cpu",
            "queens",
            (6, 9, 12),
            lambda count, size: [(size, task % size) for task in range(count)],
            _of_all(_queens_right),
        ),
        Workload(
            "hash",
            "hash a buffer (native code; a large one without the GIL)",
            compute.hash_buffer,
            "native",
            "thousand bytes",
            (1, 10_000, 200_000),
            lambda count, size: [(task % 256, size * 1_000) for task in range(count)],
            _of_all(_hashes_right),
        ),
        Workload(
            "waiting",
            "wait, as for a disk or a network",
            compute.wait,
            "waiting",
            "thousandths of a second",
            (1, 50, 1_000),
            lambda count, size: [size / 1_000] * count,
            lambda results, count, size: list(results) == [size / 1_000] * count,
        ),
    )
}


def uneven_ranges(
    count: int, unevenness: int, total: int, order: str = "short ones first"
) -> list[range]:
    """Return `count` ranges for `count_primes`, of lengths that grow in equal steps.

    The longest is `unevenness` times as long as the shortest, and all of them together hold about
    `total` numbers. They lie near one number, where all candidates cost about the same: a task's
    time is in proportion to its length. "shuffled" is the same shuffle every time. Raise TypeError
    or ValueError if no such tasks can be made.
    """
    whole_number("count", count, 1, 100_000, "Pass how many tasks, e.g. 24.")
    whole_number("unevenness", unevenness, 1, 10_000, "Pass 1 for tasks that are all alike.")
    whole_number("total", total, count, _MOST_NUMBERS, "Pass how many numbers in all, e.g. 60_000.")
    one_of("order", order, ORDERS, "Pick one of them.")
    steps = [1 + (unevenness - 1) * i / max(1, count - 1) for i in range(count)]
    lengths = [max(1, round(total * step / sum(steps))) for step in steps]
    if order == "long ones first":
        lengths.reverse()
    elif order == "shuffled":
        random.Random(6).shuffle(lengths)
    return [range(FIRST_NUMBER, FIRST_NUMBER + length) for length in lengths]
