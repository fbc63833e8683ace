"""The course's computations: pure functions that take one task and return one result.

They live in a module because a child process imports a function to find it. They print nothing and
need only the standard library, so they run on any interpreter of this machine. A task and its
result are plain data. `helpers.workers.workloads` knows the right result of each function.
"""

from __future__ import annotations

import hashlib
import random
import re
import time
from collections import Counter

from helpers.validation import bad_type, bad_value, number, whole_number

# Trial division of numbers about this large takes about the same time, so ranges of one length that
# start here make tasks of equal cost.
FIRST_NUMBER = 1_000_000
_WORD = re.compile(r"[a-z']+")


def count_primes(numbers: range) -> int:
    """Return how many of `numbers` are prime, by trial division: CPU-bound Python bytecode."""
    if not isinstance(numbers, range):
        raise bad_type("numbers", numbers, "a range", "Pass range(start, stop).")
    return sum(map(is_prime, numbers))


def is_prime(n: int) -> bool:
    """Return whether n is prime: try 2, then each odd divisor up to the square root of n."""
    if n < 4:
        return n > 1
    if n % 2 == 0:
        return False
    divisor = 3
    while divisor * divisor <= n:
        if n % divisor == 0:
            return False
        divisor += 2
    return True


def sample_pi(task: tuple[int, int]) -> int:
    """Return how many random points fall into the quarter circle; task = (seed, samples).

    The share of `samples` that does tends to π/4. The seed is part of the task, so the result does
    not depend on which worker draws, or in which order.
    """
    seed, samples = _fields("task", task, ("seed", "samples"))
    advice = "Pass (seed, samples), e.g. (1, 10_000)."
    whole_number("seed", seed, 0, 2**63, advice)
    whole_number("samples", samples, 1, 10**9, advice)
    draw = random.Random(seed).random
    return sum(draw() ** 2 + draw() ** 2 <= 1.0 for _ in range(samples))


def mandelbrot_row(task: tuple[int, int, int, int]) -> bytes:
    """Return a row of the Mandelbrot set, one byte a pixel; task = (row, width, height, limit).

    Each byte is the number of steps before the point escapes, at most `limit` (1 to 255). A row
    through the middle of the set takes many times longer than a row at its edge.
    """
    row, width, height, limit = _fields("task", task, ("row", "width", "height", "limit"))
    advice = "Pass (row, width, height, limit), e.g. (3, 80, 24, 100)."
    whole_number("width", width, 1, 100_000, advice)
    whole_number("height", height, 1, 1_000_000, advice)
    whole_number("row", row, 0, height, advice)
    whole_number("limit", limit, 1, 255, advice)
    imaginary = 2.4 * row / height - 1.2
    return bytes(
        _escape_steps(complex(3.2 * column / width - 2.2, imaginary), limit)
        for column in range(width)
    )


def _escape_steps(c: complex, limit: int) -> int:
    z = 0j
    for step in range(limit):
        if z.real * z.real + z.imag * z.imag > 4.0:
            return step
        z = z * z + c
    return limit


def count_words(text: str) -> dict[str, int]:
    """Return how often each word occurs in `text`, in lower case."""
    if not isinstance(text, str):
        raise bad_type("text", text, "a str", "Pass the text itself, not a file.")
    return dict(Counter(_WORD.findall(text.lower())))


def blur_image(task: tuple[bytes, int, int]) -> bytes:
    """Return a gray image after `passes` blurs; task = (pixels, width, passes).

    `pixels` has one byte a pixel, row after row. A blur makes each pixel the mean of its 3 × 3
    neighborhood. Beyond an edge, the nearest pixel of the image counts again.
    """
    pixels, width, passes = _fields("task", task, ("pixels", "width", "passes"))
    advice = "Pass (pixels, width, passes), pixels being width × height bytes."
    if not isinstance(pixels, bytes):
        raise bad_type("pixels", pixels, "bytes", advice)
    whole_number("width", width, 1, 10**9, advice)
    whole_number("passes", passes, 0, 1_000, advice)
    if not pixels or len(pixels) % width:
        raise bad_value("pixels", pixels, "whole rows of bytes", advice)
    for _ in range(passes):
        pixels = _blur_once(pixels, width)
    return pixels


def _blur_once(pixels: bytes, width: int) -> bytes:
    rows = [pixels[start : start + width] for start in range(0, len(pixels), width)]
    sums = [_sum_of_three(row) for row in rows]
    above, below = [sums[0], *sums[:-1]], [*sums[1:], sums[-1]]
    return bytes(
        (a + b + c) // 9
        for three in zip(above, sums, below, strict=True)
        for a, b, c in zip(*three, strict=True)
    )


def _sum_of_three(row: bytes) -> list[int]:
    left, right = row[:1] + row[:-1], row[1:] + row[-1:]
    return [a + b + c for a, b, c in zip(left, row, right, strict=True)]


def count_queens(task: tuple[int, int]) -> int:
    """Return in how many ways `size` queens fit on a board; task = (size, column of the first).

    No queen attacks another. The first queen stands in row 0, in the given column.
    """
    size, first = _fields("task", task, ("size", "first"))
    whole_number("size", size, 1, 16, "Pass (size, first column), e.g. (8, 0).")
    whole_number("first", first, 0, size - 1, "Columns count from 0.")
    return _place_queens(size, 1, 1 << first, 1 << first << 1, 1 << first >> 1)


def _place_queens(size: int, row: int, columns: int, falling: int, rising: int) -> int:
    """Return in how many ways queens fit into this row and those below.

    Each of the last three numbers is a bit set of the columns of this row that are taken: by a
    queen in the same column, and along the two kinds of diagonals.
    """
    if row == size:
        return 1
    found, free = 0, ~(columns | falling | rising) & ((1 << size) - 1)
    while free:
        queen = free & -free
        free ^= queen
        found += _place_queens(
            size, row + 1, columns | queen, (falling | queen) << 1, (rising | queen) >> 1
        )
    return found


# The docstring doesn't say that this releases the GIL, because lesson 07 shows it and then asks.
# hashlib does so for data larger than 2047 bytes: https://docs.python.org/3/library/hashlib.html.
def hash_buffer(task: tuple[int, int]) -> str:
    """Return the SHA-256 of `size` equal bytes, in hexadecimal; task = (byte, size)."""
    byte, size = _fields("task", task, ("byte", "size"))
    whole_number("byte", byte, 0, 255, "Pass (byte, size), e.g. (7, 1_000_000).")
    whole_number("size", size, 0, 2**31, "Pass (byte, size), e.g. (7, 1_000_000).")
    return hashlib.sha256(bytes((byte,)) * size).hexdigest()


def wait(seconds: float) -> float:
    """Wait that long and return `seconds`: a stand-in for a disk or a network."""
    time.sleep(number("seconds", seconds, 0, 3600, "Pass how long to wait, e.g. 0.1."))
    return seconds


def do_nothing(task: object) -> None:
    """Return None at once, so that the measured time is all overhead."""


def _fields(name: str, task: object, fields: tuple[str, ...]) -> tuple:
    if not isinstance(task, tuple) or len(task) != len(fields):
        allowed = f"a tuple ({', '.join(fields)})"
        raise bad_type(name, task, allowed, "Pass all of them, in this order.")
    return task
