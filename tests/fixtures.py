"""The programs in tests/failures: what their first lines say, and a run of each."""

from __future__ import annotations

import ast
import multiprocessing
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from helpers.stillness import can_be_seen

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


def failing() -> list[Fixture]:
    """Every program that fails."""
    return [_read(path) for path in sorted(FOLDER.glob("row_*.py"))]


def right() -> list[Fixture]:
    """Every program that does what it should."""
    return [_read(path) for path in sorted((FOLDER / "right").glob("*.py"))]


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
