"""Speedups that were recorded on other interpreters or machines: with date, machine and method.

Each record is a file in helpers/data/records/. No line of it starts with `measured:`, because it
was not measured on the reader's machine.
"""

from __future__ import annotations

import json
from pathlib import Path

from helpers.engines.ratios import Ratio
from helpers.validation import one_of

FOLDER = Path(__file__).parents[1] / "data" / "records"
RECORDS = ("free_threading", "interpreters")
_RIVALS = ("threads", "interpreters", "processes")


def recorded_speedups(name: str) -> list[str]:
    """Return the record of that name in words: when, where and how, then each speedup.

    Each speedup is the median of the rounds, with the lowest and the highest. Raise TypeError or
    ValueError for a name that is not in RECORDS.
    """
    one_of("name", name, RECORDS, "Pick one of them.")
    record = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    lines = [
        f"recorded on {record['date']}, on a machine with {record['machine']}",
        record["what"],
    ]
    for interpreter, works in record["interpreters"].items():
        lines.append(f"{interpreter}:")
        for work, seen in works.items():
            speedups = (f"2 {rival} {_range(seen[rival])}" for rival in _RIVALS if rival in seen)
            lines.append(f"    {work:10} " + "   ".join(speedups))
    return lines


def _range(numbers: list[float]) -> str:
    """Return the three numbers as 'median (lowest to highest)'."""
    return format(Ratio(*numbers))
