"""Lens: one program run under every start method, with outcomes and output side by side.

    under_every_method("file.py")  ->  Lens  ->  lens.outcomes, lens.printed("key")
    print_lens(lens)               prints the table

A line `key: value` that the program prints becomes a row of the table, with a column for each start
method.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from dataclasses import dataclass

from helpers.claims import tell
from helpers.diagnosis.match import diagnose
from helpers.engines.executors import START_METHODS
from helpers.runner.report import Report
from helpers.runner.run import run_safely
from helpers.validation import bad_type

ABSENT = "not on this system"
_STILL = 1.0  # seconds of deadlock after which a run is stopped


@dataclass(frozen=True)
class Lens:
    """One program's runs under each start method that this system has.

    `reports` maps each method to the Report on its run, and `known` maps it to the name of the
    failure, or "" if there was none.
    """

    program: str
    reports: dict[str, Report]
    known: dict[str, str]

    @property
    def outcomes(self) -> dict[str, str]:
        """Return `works`, or `error: …` or `hangs: …` with the failure's name, by method."""
        return {method: self._outcome(method) for method in self.reports}

    def printed(self, key: str) -> dict[str, str]:
        """Return, for each method, what the program printed after `key: `; "" where it did not."""
        return {method: _rows(report).get(key, "") for method, report in self.reports.items()}

    def same(self, key: str) -> bool:
        """Return whether the program printed the same after `key: ` under every method."""
        return len(set(self.printed(key).values())) == 1

    def __str__(self) -> str:
        keys = dict.fromkeys(key for report in self.reports.values() for key in _rows(report))
        rows = [("", *START_METHODS), ("outcome", *map(self._cell, START_METHODS))]
        for key in keys:
            told = self.printed(key)
            rows.append((key, *(told.get(method, "") for method in START_METHODS)))
        widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
        return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)

    def _cell(self, method: str) -> str:
        return self._outcome(method) if method in self.reports else ABSENT

    def _outcome(self, method: str) -> str:
        report, known = self.reports[method], self.known[method]
        if report.exit_code is None:
            return f"hangs: {known or report.reason}"
        if known or report.exit_code != 0:
            return f"error: {known or report.verdict}"
        return "works"


def under_every_method(
    program: str | os.PathLike,
    *args: object,
    limit: float = 10.0,
    methods: Sequence[str] | None = None,
) -> Lens:
    """Run `program` under each start method of this system, one after the other; return a Lens.

    Each run may take `limit` seconds. On Linux a deadlock ends it after about a second. `methods`
    are the start methods to use instead of all. Raises what `run_safely` raises.
    """
    have = multiprocessing.get_all_start_methods()
    asked = methods or [method for method in START_METHODS if method in have]
    reports = {
        method: run_safely(program, *args, limit=limit, still=_STILL, method=method)
        for method in asked
    }
    found = {method: diagnose(report) for method, report in reports.items()}
    known = {method: one.name if one else "" for method, one in found.items()}
    return Lens(os.fspath(program), reports, known)


def print_lens(lens: Lens) -> None:
    """Print the table: a column for each start method, a row for the outcome and each key.

    Each line starts with `measured:`, because which start methods exist depends on the system.
    Raise TypeError for anything that is not a Lens.
    """
    if not isinstance(lens, Lens):
        raise bad_type("lens", lens, "a Lens", "Pass what under_every_method() returned.")
    tell(*str(lens).splitlines())


def _rows(report: Report) -> dict[str, str]:
    lines = [line.split(": ", 1) for line in report.output.splitlines() if ": " in line]
    return {key.strip(): value.strip() for key, value in lines if key[:1].isalpha()}
