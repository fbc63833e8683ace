"""Programs that fail, and right ones: what is said of each, and a run of it.

Those of tests/failures say it in their first lines. The museum's are pieces of data/museum.toml.
"""

from __future__ import annotations

import ast
import multiprocessing
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from helpers.diagnosis.museum import FOLDER as MUSEUM
from helpers.diagnosis.museum import Piece, pieces
from helpers.runner.deadlock import can_be_seen
from helpers.runner.report import Report
from helpers.runner.run import run_safely

FOLDER = Path(__file__).parent / "failures"
_NEEDED = re.compile(r"^(?:import|from) (numpy)", re.MULTILINE)


@dataclass(frozen=True)
class Fixture:
    """A program: its row in the catalogue (0 for a right one) and the name of its failure."""

    path: Path
    row: int
    name: str
    methods: tuple[str, ...]
    pythons: tuple[int, int]  # 3.x: the first and the last
    limit: float
    output: int  # bytes, after which it is ended: less for those that write for ever

    @property
    def in_museum(self) -> bool:
        """Whether it is a learner's program, which names no start method."""
        return self.path.parent == MUSEUM

    @property
    def here(self) -> tuple[str, ...]:
        """The start methods with which it can be run here; none, if it is for other Pythons."""
        if not self.pythons[0] <= sys.version_info[1] <= self.pythons[1]:
            return ()
        return tuple(m for m in self.methods if m in multiprocessing.get_all_start_methods())

    @property
    def patience(self) -> float:
        """Seconds for a run: few where nobody sees that it hangs, and it must be waited for."""
        return self.limit if not self.row or can_be_seen(os.getpid()) else min(self.limit, 6.0)

    @property
    def needs(self) -> str:
        """A package that it needs; "" for none."""
        found = _NEEDED.search(self.path.read_text(encoding="utf-8"))
        return found[1] if found else ""

    def run(self, method: str) -> Report:
        """What happened under that start method."""
        limits = {"limit": self.patience, "output": self.output}
        if self.in_museum:
            return run_safely(self.path, **limits, method=method)
        return run_safely(self.path, method, **limits)


def failing() -> list[Fixture]:
    """Every program that fails, those that are only slow apart."""
    ours = [_piece(one.broken, one) for one in pieces().values() if one.row]
    return [*ours, *(_read(path) for path in sorted(FOLDER.glob("row_*.py")))]


def right() -> list[Fixture]:
    """Every program that does what it should; slow ones do so, too."""
    ours = [_piece(one.cured, one) for one in pieces().values()]
    ours += [_piece(one.broken, one) for one in pieces().values() if not one.row]
    return [*ours, *(_read(path) for path in sorted((FOLDER / "right").glob("*.py")))]


def _piece(path: Path, piece: Piece) -> Fixture:
    row = piece.row if path == piece.broken else 0
    name = piece.name if row else piece.title
    return Fixture(path, row, name, piece.methods, (11, 99), limit=20, output=1_000_000)


def _read(path: Path) -> Fixture:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    title, *lines = [line for line in text.splitlines() if line]
    kind, name = title.removesuffix(".").split(": ", 1)
    facts = dict(line.split(": ", 1) for line in lines)
    first, last = (int(word.split(".")[1]) for word in facts["pythons"].split("-"))
    return Fixture(
        path=path,
        row=int(kind.removeprefix("Row ")) if kind.startswith("Row ") else 0,
        name=name,
        methods=tuple(facts["methods"].split()),
        pythons=(first, last),
        limit=float(facts["limit"]),
        output=int(facts.get("output", 1_000_000)),
    )
