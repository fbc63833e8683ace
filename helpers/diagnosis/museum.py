"""The museum of lesson 09: failures that take seconds, each with a cured version of the program.

    data/museum.toml + programs/museum  ->  Piece  ->  run both programs  ->  Visit

The diagnosis of the broken program names the failure. No stack shows that a program is only
slow. For such an exhibit, a number, such as CPU seconds, is measured in both programs and compared.
"""

from __future__ import annotations

import difflib
import functools
import multiprocessing
import os
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.diagnosis.catalog import Failure, failures
from helpers.diagnosis.match import Diagnosis, Where, diagnose
from helpers.engines.executors import START_METHODS
from helpers.runner.deadlock import can_be_seen
from helpers.runner.limits import Limits
from helpers.runner.report import Report
from helpers.runner.run import SafeRun
from helpers.source_code import PROGRAMS
from helpers.validation import bad_type, bad_value, one_of, require, whole_number

FOLDER = PROGRAMS / "museum"
HALLS = ("first room", "first visit", "never starts", "never ends", "lost or wrong", "slow")
_TABLE = Path(__file__).parents[1] / "data" / "museum.toml"
_SLOW_FACTOR = 1.5  # a slow program's number is at least this many times the cured one's


@dataclass(frozen=True)
class Piece:
    """An exhibit of the museum, as data/museum.toml describes it; the widget Exhibit shows it."""

    id: str
    hall: str
    title: str
    failure: str  # its id in the catalog of failures
    wrong: tuple[str, ...]  # ids of what a learner might take it for
    symptom: str
    here: str
    method: str = ""  # the start method, where it is not the same under each
    methods: tuple[str, ...] = START_METHODS  # those under which it fails in the same way
    number: str = ""  # for a slow program: the number that shows it, a key of _NUMBERS

    @property
    def known(self) -> Failure:
        """Return the failure's entry in the catalog."""
        return failures()[self.failure]

    @property
    def name(self) -> str:
        """Return the failure's name in the catalog."""
        return self.known.name

    @property
    def broken(self) -> Path:
        """Return the path of the program that fails."""
        return FOLDER / f"{self.id}.py"

    @property
    def cured(self) -> Path:
        """Return the path of the cured program."""
        return FOLDER / f"{self.id}_cured.py"

    @property
    def choices(self) -> tuple[str, ...]:
        """Return the names to choose from, the right one among them, in alphabetical order."""
        return tuple(sorted(failures()[id_].name for id_ in (self.failure, *self.wrong)))

    @property
    def here_too(self) -> bool:
        """Return whether this system has the start method that the exhibit needs."""
        have = multiprocessing.get_all_start_methods()
        return self.method in ("", *have)


@functools.cache
def pieces() -> dict[str, Piece]:
    """Return every exhibit of the museum by its id, hall by hall."""
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return {id_: _piece(id_, facts) for id_, facts in table.items()}


def _piece(id_: str, facts: dict[str, Any]) -> Piece:
    """Return the exhibit that a table of data/museum.toml describes."""
    lists: dict[str, Any] = {
        name: tuple(facts[name]) for name in ("wrong", "methods") if name in facts
    }
    return Piece(id_, **{**facts, **lists})


def cause_of(name: str) -> str:
    """Return the cause of the failure that has that name in the catalog."""
    known = {one.name: one.cause for one in failures().values()}
    return known[one_of("name", name, tuple(known), "Pass a name that an exhibit offers.")]


@dataclass(frozen=True)
class Visit:
    """An exhibit, and what happened when its two programs ran."""

    piece: Piece
    report: Report
    found: Diagnosis | None
    cured: Report
    cured_found: Diagnosis | None

    @property
    def named(self) -> str:
        """Return the name of the failure that the broken program showed; "" if it showed none."""
        if self.found is not None:
            return self.found.name
        return self.piece.name if self.piece.number and self.slower else ""

    @property
    def right(self) -> bool:
        """Return whether the broken program showed the failure that the museum describes."""
        return self.named == self.piece.name

    @property
    def healed(self) -> bool:
        """Return whether the cured program ended well, left nothing and showed no failure."""
        return self.cured.verdict == "ended" and self.cured_found is None

    @property
    def outcome(self) -> str:
        """Return how the broken program ended: `hangs`, `error` or `ends`."""
        if self.report.exit_code is None:
            return "hangs"
        return "ends" if self.report.exit_code == 0 else "error"

    @property
    def where(self) -> tuple[Where, ...]:
        """Return the program's own lines in which its processes were stopped or failed."""
        return self.found.where if self.found else ()

    @property
    def numbers(self) -> tuple[float, float] | None:
        """Return the number of the broken and of the cured program; None if there is none."""
        if not self.piece.number:
            return None
        take = _NUMBERS[self.piece.number]
        return take(self.report), take(self.cured)

    @property
    def slower(self) -> bool:
        """Return whether the broken program's number is worse by a factor of _SLOW_FACTOR."""
        broken, cured = self.numbers or (0, 0)
        worse, better = (cured, broken) if self.piece.number == "at once" else (broken, cured)
        return worse > _SLOW_FACTOR * better

    @property
    def why(self) -> str:
        """Return the cause of the failure, as sentences."""
        return self.piece.known.cause

    @property
    def cure(self) -> str:
        """Return how to cure the failure, as sentences."""
        return self.piece.known.cure

    @property
    def lesson(self) -> str:
        """Return the number of the lesson that explains the failure, such as `04`."""
        return self.piece.known.lesson

    def changed(self) -> list[tuple[str, str]]:
        """Return the lines of both programs as (sign, line), in the order of a diff.

        The sign is `-` for a line of the broken program only, `+` for one of the cured program
        only, and a blank for a line of both.
        """
        before, after = (
            path.read_text().splitlines() for path in (self.piece.broken, self.piece.cured)
        )
        return [(line[0], line[2:]) for line in difflib.ndiff(before, after) if line[0] in "+- "]

    def __str__(self) -> str:
        cured = "cured: ends well" if self.healed else f"cured: {self.cured.verdict}"
        return f"{self.piece.id:20}  {self.outcome:5}  {self.named or 'no name':50}  {cured}"


def processes(report: Report) -> int:
    """Return how many processes multiprocessing started for the program's own work."""
    require("report", report, Report, "Pass what run_safely(...) returned.")
    return len(report.children)


def at_once(report: Report) -> int:
    """Return the highest number of the program's children that were alive at once."""
    require("report", report, Report, "Pass what run_safely(...) returned.")
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


_LIMIT = 20.0  # seconds for each program; a deadlock is seen long before
_LIMIT_UNSEEN = 4.0  # seconds, where the system does not show deadlocks
_STILL = 1.0  # seconds of deadlock after which a program is stopped
_OUTPUT = 100_000  # bytes
_LOOK = 0.02  # seconds between two looks at which programs have ended

Progress = Callable[[int, int], None]


def visit(name: str, method: str = "") -> Visit:
    """Run the two programs of the exhibit with the id `name`, and return a Visit.

    `method` is the start method to use instead of the exhibit's own. A program that hangs is
    stopped after about two seconds on Linux, at the limit elsewhere. Raise TypeError or ValueError
    for an unknown exhibit, and ValueError for one whose start method this system lacks.
    """
    return _visits([_known(name)], method, None, 2)[name]


def visit_hall(
    hall: str, *, progress: Progress | None = None, together: int = 2, method: str = ""
) -> dict[str, Visit]:
    """Run the programs of each exhibit of `hall` that this system can show; return Visits by id.

    The other arguments are those of `visit_all`. Raise TypeError or ValueError for an unknown
    hall.
    """
    one_of("hall", hall, HALLS, "Pass a hall of the museum.")
    names = [piece.id for piece in pieces().values() if piece.hall == hall]
    return visit_all(names, progress=progress, together=together, method=method)


def visit_all(
    names: Iterable[str], *, progress: Progress | None = None, together: int = 2, method: str = ""
) -> dict[str, Visit]:
    """Run the programs of each of these exhibits that this system can show; return Visits by id.

    `progress(done, all)` is called after each program. `together` is how many programs run at once.
    `method` replaces each exhibit's own start method; those that need another one are left out.
    If this raises or is interrupted, every program is killed first. Raise TypeError or ValueError
    for an unknown exhibit or method.
    """
    whole_number("together", together, 1, 16, "Pass how many programs may run at once.")
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise bad_type("names", names, "ids of exhibits", "Pass a list of them.")
    known = [pieces()[one_of("name", n, tuple(pieces()), "Pass ids of exhibits.")] for n in names]
    shown = [piece for piece in known if piece.here_too and method in ("", *piece.methods)]
    return _visits(shown, method, progress, together)


def _known(name: str) -> Piece:
    piece = pieces()[one_of("name", name, tuple(pieces()), "Pass the id of an exhibit.")]
    if not piece.here_too:
        what = f"an exhibit that this system can show; this one needs {piece.method}"
        raise bad_value("name", name, what, "Pick another one.")
    return piece


def _visits(
    shown: list[Piece], method: str, progress: Progress | None, together: int
) -> dict[str, Visit]:
    jobs = [(piece, path) for piece in shown for path in (piece.broken, piece.cured)]
    reports: dict[Path, Report] = {}
    for path, report in _reports(jobs, method, together):
        reports[path] = report
        if progress is not None:
            progress(len(reports), len(jobs))
    found = {}
    for piece in shown:
        broken, cured = reports[piece.broken], reports[piece.cured]
        found[piece.id] = Visit(piece, broken, diagnose(broken), cured, diagnose(cured))
    return found


def _reports(
    jobs: list[tuple[Piece, Path]], method: str, together: int
) -> Iterator[tuple[Path, Report]]:
    """Yield each program's path with its Report, in the order in which the programs end."""
    waiting = list(jobs)
    running: dict[Path, SafeRun] = {}

    def give_up_all() -> None:
        """Tell all supervisors first, so that they work at the same time and not in turn."""
        for run in running.values():
            run.give_up()

    with ExitStack() as stack:
        stack.callback(give_up_all)
        while waiting or running:
            while waiting and len(running) < together:
                piece, path = waiting.pop(0)
                run = SafeRun(path, limits=_limits(), method=method or piece.method)
                stack.enter_context(run)
                running[path] = run
            done = [path for path, run in running.items() if run.is_done()]
            for path in done:
                yield path, running.pop(path).report()
            if not done:
                time.sleep(_LOOK)  # there is no portable event for "one of several has ended"


def _limits() -> Limits:
    seconds = _LIMIT if can_be_seen(os.getpid()) else _LIMIT_UNSEEN
    return Limits(seconds=seconds, output=_OUTPUT, still=Limits().still or _STILL)
