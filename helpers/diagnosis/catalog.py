"""The catalog of failures: what each looks like, why it happens, how to cure it, where it is shown.

    data/failures.toml -> failures() -> {"join_before_get": Failure(...), ...}

The rules in rules.py name a failure by its id. docs/failures.md lists the whole catalog.
"""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path

OUTCOMES = ("error", "hangs", "wrong", "left behind", "slow", "unknown")

_TABLE = Path(__file__).parents[1] / "data" / "failures.toml"


@dataclass(frozen=True)
class Failure:
    """One entry of the catalog; the head of data/failures.toml explains each field."""

    id: str
    name: str
    outcome: str
    symptom: str
    cause: str
    cure: str
    lesson: str
    programs: tuple[str, ...]
    where: str = "everywhere"
    unrecognized: str = ""

    @classmethod
    def from_table(cls, id_: str, facts: dict) -> Failure:
        """Return the entry that a table of data/failures.toml describes."""
        return cls(id_, **{**facts, "programs": tuple(facts["programs"])})

    @property
    def known(self) -> bool:
        """Return whether it is a specific failure; False for a name used when no rule fits."""
        return self.outcome != "unknown"


@functools.cache
def failures() -> dict[str, Failure]:
    """Return every failure of the catalog by its id, in the order of the file."""
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return {id_: Failure.from_table(id_, facts) for id_, facts in table.items()}
