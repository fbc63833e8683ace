"""Case 3, data crunching: lowest, highest and mean temperature of each station in a large text.

make_readings(path, lines)       a file of lines like `Riverton;-3.4`
summarize_lines(lines)           lines that another process has read and sent
summarize((path, start, end))    a range of bytes, which the worker reads itself
merge(tables)                    the workers' tables, as one
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, pairwise
from pathlib import Path
from typing import BinaryIO

import numpy as np

from helpers.validation import bad_type, bad_value, whole_number

_SEED = 1_815
_FIRST = ("River", "Green", "North", "Salt", "Stone", "Winter", "Oak", "Lake", "Mill", "Fair")
_LAST = ("ton", "field", "port", "bridge", "haven", "wood", "dale", "mouth")
STATIONS = tuple(first + last for first in _FIRST for last in _LAST)
_ADVICE = "Pass (path, start, end), one of cut_at_lines(path, pieces)."

# station: [how many, lowest, highest, sum], all in tenths of a degree: whole numbers, which give
# the same sum in any order
Table = dict[bytes, list[int]]
Range = tuple[str, int, int]


def make_readings(path: str | Path, lines: int) -> str:
    """Make a file of `lines` lines, about 15 bytes each, from a fixed seed; return its path."""
    whole_number("lines", lines, 1, 10_000_000, "Pass how many, e.g. 100_000.")
    draw = np.random.default_rng(_SEED)
    climate = draw.normal(120, 80, len(STATIONS))
    which = draw.integers(0, len(STATIONS), lines)
    tenths = draw.normal(climate[which], 60).astype(int)
    rows = zip(which.tolist(), tenths.tolist(), strict=True)
    with Path(path).open("w", encoding="ascii", newline="\n") as file:
        file.writelines(f"{STATIONS[station]};{value / 10:.1f}\n" for station, value in rows)
    return str(path)


def summarize_lines(lines: Iterable[bytes]) -> Table:
    """Return a Table of the stations in lines such as b'Riverton;-3.4'."""
    if not isinstance(lines, Iterable):
        raise bad_type("lines", lines, "lines of bytes", "Pass a list of them.")
    table: Table = {}
    for line in lines:
        station, _, value = line.partition(b";")
        tenths = int(value.replace(b".", b""))
        row = table.get(station)
        if row is None:
            table[station] = [1, tenths, tenths, tenths]
            continue
        row[0] += 1
        if tenths < row[1]:
            row[1] = tenths
        elif tenths > row[2]:
            row[2] = tenths
        row[3] += tenths
    return table


def summarize(task: Range) -> Table:
    """Return a Table of the lines in a part of a file; task = (path, start, end), in bytes."""
    path, start, end = _range(task)
    with Path(path).open("rb") as file:
        file.seek(start)
        return summarize_lines(file.read(end - start).splitlines())


def cut_at_lines(path: str | Path, pieces: int) -> list[Range]:
    """Return tasks (path, start, end) that cut the file at line ends into parts of similar size.

    There are at most `pieces` tasks, and fewer if a line is longer than a part.
    """
    whole_number("pieces", pieces, 1, 1_000_000, "Pass how many, e.g. 16.")
    size = Path(path).stat().st_size
    with Path(path).open("rb") as file:
        cuts = [0, *(_next_line(file, size * piece // pieces) for piece in range(1, pieces)), size]
    ranges = pairwise(cuts)
    return [(str(path), start, end) for start, end in ranges if start < end]


def _next_line(file: BinaryIO, place: int) -> int:
    """Return where the first line begins that starts at `place` or after it."""
    if place == 0:
        return 0
    file.seek(place - 1)  # so that a line that starts right at `place` is not skipped
    file.readline()
    return file.tell()


def batches(path: str | Path, size: int) -> Iterator[list[bytes]]:
    """Read the file in this process, and yield its lines in lists of at most `size`."""
    whole_number("size", size, 1, 10_000_000, "Pass lines in a batch, e.g. 5_000.")
    return _batches(Path(path), size)


def _batches(path: Path, size: int) -> Iterator[list[bytes]]:
    with path.open("rb") as file:
        while batch := list(islice(file, size)):
            yield batch


def merge(tables: Iterable[Table]) -> Table:
    """Return one Table with the readings of all tables."""
    if not isinstance(tables, Iterable):
        raise bad_type("tables", tables, "tables, one after the other", "Pass a list of them.")
    merged: Table = {}
    for table in tables:
        for station, (count, low, high, total) in table.items():
            row = merged.setdefault(station, [0, low, high, 0])
            merged[station] = [
                row[0] + count, min(row[1], low), max(row[2], high), row[3] + total
            ]  # fmt: skip
    return merged


def _range(task: object) -> Range:
    """Return the task, if it is (path, start, end); else raise TypeError or ValueError."""
    if not isinstance(task, tuple) or len(task) != 3 or not isinstance(task[0], str):
        raise bad_type("task", task, "a tuple (path, start, end)", _ADVICE)
    path, start, end = task
    whole_number("start", start, 0, 2**62, _ADVICE)
    whole_number("end", end, start, 2**62, _ADVICE)
    if not Path(path).is_file():
        raise bad_value("path", path, "a file that is there", "Make it with make_readings.")
    return task
