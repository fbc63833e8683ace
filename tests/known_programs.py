"""The known programs, failing and right: which failure each one shows, and how to run it.

Those of tests/failures say in their first lines which failure it is; for the museum's programs,
data/museum.toml says it.
"""

from __future__ import annotations

import ast
import multiprocessing
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from helpers.diagnosis.catalog import failures
from helpers.diagnosis.museum import FOLDER as MUSEUM
from helpers.diagnosis.museum import Piece, pieces
from helpers.runner.deadlock import can_be_seen
from helpers.runner.report import Report
from helpers.runner.run import run_safely

FOLDER = Path(__file__).parent / "failures"
_NEEDED = re.compile(r"^(?:import|from) (numpy)", re.MULTILINE)


@dataclass(frozen=True)
class KnownProgram:
    """A program, and the id of its failure in the catalog; "" for a right one."""

    path: Path
    failure: str
    methods: tuple[str, ...]
    pythons: tuple[int, int]  # 3.x: the first and the last
    limit: float
    output: int  # bytes, after which it is stopped: fewer for programs that write forever

    @property
    def name(self) -> str | None:
        """Return the name that diagnose() should give it; None for a right program."""
        return failures()[self.failure].name if self.failure else None

    @property
    def in_museum(self) -> bool:
        """Return whether it is a learner's program, which names no start method."""
        return self.path.parent == MUSEUM

    @property
    def here(self) -> tuple[str, ...]:
        """Return the start methods with which it can run here; () if it is for other Pythons."""
        if not self.pythons[0] <= sys.version_info[1] <= self.pythons[1]:
            return ()
        return tuple(m for m in self.methods if m in multiprocessing.get_all_start_methods())

    @property
    def patience(self) -> float:
        """Return the time limit of a run in seconds: short where a hang can't be detected early."""
        return self.limit if not self.failure or can_be_seen(os.getpid()) else min(self.limit, 6.0)

    @property
    def needs(self) -> str:
        """Return the package that it needs; "" if it needs none."""
        found = _NEEDED.search(self.path.read_text(encoding="utf-8"))
        return found[1] if found else ""

    def run(self, method: str) -> Report:
        """Run it under that start method; return the report."""
        limits = {"limit": self.patience, "output": self.output}
        if self.in_museum:
            return run_safely(self.path, **limits, method=method)
        return run_safely(self.path, method, **limits)


def failing() -> list[KnownProgram]:
    """Return every program that fails, except those that are only slow."""
    ours = [_piece(one.broken, one) for one in pieces().values() if not one.number]
    paths = sorted(path for path in FOLDER.glob("*.py") if path.name != "__init__.py")
    return [*ours, *map(_read, paths)]


def right() -> list[KnownProgram]:
    """Return every program that does what it should, the slow ones included."""
    ours = [_piece(one.cured, one) for one in pieces().values()]
    ours += [_piece(one.broken, one) for one in pieces().values() if one.number]
    return [*ours, *(_read(path) for path in sorted((FOLDER / "right").glob("*.py")))]


def _piece(path: Path, piece: Piece) -> KnownProgram:
    failure = piece.failure if path == piece.broken and not piece.number else ""
    return KnownProgram(path, failure, piece.methods, (11, 99), limit=20, output=1_000_000)


def _read(path: Path) -> KnownProgram:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    title, *lines = [line for line in text.splitlines() if line]
    kind, what = title.removesuffix(".").split(": ", 1)
    facts = dict(line.split(": ", 1) for line in lines)
    first, last = (int(word.split(".")[1]) for word in facts["pythons"].split("-"))
    return KnownProgram(
        path=path,
        failure=what if kind == "Fails" else "",
        methods=tuple(facts["methods"].split()),
        pythons=(first, last),
        limit=float(facts["limit"]),
        output=int(facts.get("output", 1_000_000)),
    )
