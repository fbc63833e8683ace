"""The museum of lesson 09: failures that take seconds, each beside a program that does not fail.

    data/museum.toml + programs/museum  ->  Piece  ->  (tour.py runs both programs)  ->  Visit

What a broken program is called comes from the diagnosis. One that is only slow has no stack that
shows it: there a number is taken of both programs, and compared.
"""

from __future__ import annotations

import difflib
import functools
import multiprocessing
import tomllib
from dataclasses import dataclass
from pathlib import Path

from helpers.diagnosis import Diagnosis, Where
from helpers.engines import START_METHODS
from helpers.failures import Failure, failures
from helpers.refusals import of_kind, one_of
from helpers.reports import Report
from helpers.runner import PROGRAMS

FOLDER = PROGRAMS / "museum"
HALLS = ("first room", "never starts", "never ends", "lost or wrong", "slow")
_TABLE = Path(__file__).parent / "data" / "museum.toml"
_FACTOR = 1.5  # by which a slow program's number must be the worse one


@dataclass(frozen=True)
class Piece:
    """A failure that the museum shows, as data/museum.toml describes it."""

    id: str
    hall: str
    title: str
    failure: str  # its id in the catalog of failures
    wrong: tuple[str, ...]  # ids of what a learner might take it for
    symptom: str
    here: str
    method: str = ""  # the start method, where it is not the same under each
    methods: tuple[str, ...] = START_METHODS  # those under which it is the same
    number: str = ""  # what shows that a slow one is slow

    @property
    def known(self) -> Failure:
        """Its entry in the catalog of failures."""
        return failures()[self.failure]

    @property
    def name(self) -> str:
        """What the diagnosis calls it; for a slow one, what the museum does."""
        return self.known.name

    @property
    def broken(self) -> Path:
        """The program that fails."""
        return FOLDER / f"{self.id}.py"

    @property
    def cured(self) -> Path:
        """The same program, cured."""
        return FOLDER / f"{self.id}_cured.py"

    @property
    def choices(self) -> tuple[str, ...]:
        """The names to choose from, in alphabetical order."""
        return tuple(sorted(failures()[id_].name for id_ in (self.failure, *self.wrong)))

    @property
    def here_too(self) -> bool:
        """Whether this system has the start method that it needs."""
        have = multiprocessing.get_all_start_methods()
        return self.method in ("", *have)


@functools.cache
def pieces() -> dict[str, Piece]:
    """Every piece of the museum by its id, hall by hall."""
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    lists = ("wrong", "methods")
    return {
        name: Piece(name, **{k: tuple(v) if k in lists else v for k, v in facts.items()})
        for name, facts in table.items()
    }


def cause_of(name: str) -> str:
    """Return the cause of the failure that has that name in the catalog."""
    known = {one.name: one.cause for one in failures().values()}
    return known[one_of("name", name, tuple(known), "Pass a name that a piece offers.")]


@dataclass(frozen=True)
class Visit:
    """A piece, and what happened when its two programs ran."""

    piece: Piece
    report: Report
    found: Diagnosis | None
    cured: Report
    cured_found: Diagnosis | None

    @property
    def named(self) -> str:
        """What the broken program's failure is called; "" if nothing was seen of it."""
        if self.found is not None:
            return self.found.name
        return self.piece.name if self.piece.number and self.slower else ""

    @property
    def right(self) -> bool:
        """Whether that is what the museum says of it."""
        return self.named == self.piece.name

    @property
    def healed(self) -> bool:
        """Whether the cured program ended well, left nothing and is given no name."""
        return self.cured.verdict == "ended" and self.cured_found is None

    @property
    def outcome(self) -> str:
        """How the broken program ended: `hangs`, `error` or `ends`."""
        if self.report.exit_code is None:
            return "hangs"
        return "ends" if self.report.exit_code == 0 else "error"

    @property
    def where(self) -> tuple[Where, ...]:
        """The learner's own lines in which its processes were, or failed."""
        return self.found.where if self.found else ()

    @property
    def numbers(self) -> tuple[float, float] | None:
        """What was counted or measured of the broken and of the cured program; None for most."""
        if not self.piece.number:
            return None
        take = _NUMBERS[self.piece.number]
        return take(self.report), take(self.cured)

    @property
    def slower(self) -> bool:
        """Whether the broken program's number is worse by far."""
        broken, cured = self.numbers or (0, 0)
        worse, better = (cured, broken) if self.piece.number == "at once" else (broken, cured)
        return worse > _FACTOR * better

    @property
    def why(self) -> str:
        """The cause of the failure."""
        return self.piece.known.cause

    @property
    def cure(self) -> str:
        """What to do about it."""
        return self.piece.known.cure

    @property
    def lesson(self) -> str:
        """The number of the lesson that is about it."""
        return self.piece.known.lesson

    def changed(self) -> list[tuple[str, str]]:
        """The cured program line by line, what was taken out too: (`+`, `-` or ` `, the line)."""
        before, after = (
            path.read_text().splitlines() for path in (self.piece.broken, self.piece.cured)
        )
        return [(line[0], line[2:]) for line in difflib.ndiff(before, after) if line[0] in "+- "]

    def __str__(self) -> str:
        cured = "cured: ends well" if self.healed else f"cured: {self.cured.verdict}"
        return f"{self.piece.id:20}  {self.outcome:5}  {self.named or 'no name':50}  {cured}"


def processes(report: Report) -> int:
    """How many processes multiprocessing started for the program's own work."""
    of_kind("report", report, Report, "Pass what run_safely(...) returned.")
    return len(report.children)


def at_once(report: Report) -> int:
    """How many of the program's children were alive at once, at the most."""
    of_kind("report", report, Report, "Pass what run_safely(...) returned.")
    ends: dict[int, float] = {}
    for note in report.notes:
        if note["what"] in ("end", "ended"):
            pid = note["pid"] if note["what"] == "end" else note["child"]
            ends[pid] = min(note["at"], ends.get(pid, note["at"]))
    starts = {note["child"]: note["at"] for note in report.notes if note["what"] == "start"}
    return max(
        (
            sum(begun <= at < ends.get(pid, at + 1) for pid, begun in starts.items())
            for at in starts.values()
        ),
        default=0,
    )


_NUMBERS = {
    "processes": processes,
    "at once": at_once,
    "CPU seconds": lambda report: report.cpu_seconds,
}
