"""What the check finds: a file, what is wrong with it, and how to fix it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tools.outline import Course


@dataclass(frozen=True)
class Problem:
    """One thing that does not fit; `line` is 0 where the whole file is meant."""

    file: str
    what: str
    fix: str
    line: int = 0

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.what}\n    {self.fix}"


Rule = Callable[[Course], Iterator[Problem]]
