"""Diagnosis: from a Report to the name of the failure, its cause and its cure.

    report = run_safely("work_04.py")
    print(diagnose(report))

A program that did what it should gets no diagnosis. A hang that no rule recognizes is called
stuck, with the lines in which the processes were.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from helpers.diagnosis import lost_work
from helpers.diagnosis.catalog import failures
from helpers.diagnosis.conditions import Evidence, source
from helpers.diagnosis.rules import RULES
from helpers.runner.report import Report
from helpers.runner.stacks import Frame
from helpers.validation import bad_type

_FRAME = re.compile(r'^\s*File "(.+)", line (\d+), in (.+)$')
_PROCESS = re.compile(r"^(?:.* )?Process (\S+):$")
_MOST_LINES = 6  # lines that a diagnosis names; more would not help a reader


@dataclass(frozen=True)
class Where:
    """The learner's own line in which a process was, or in which it failed."""

    process: str
    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.process}: line {self.line} of {self.file}: {self.text}"


@dataclass(frozen=True)
class Diagnosis:
    """A recognized failure. `id` is its entry in the catalog, data/failures.toml."""

    id: str
    name: str
    cause: str
    cure: str
    lesson: str
    where: tuple[Where, ...] = ()

    @property
    def known(self) -> bool:
        """Return whether a specific rule recognized it; False for a general name like "stuck"."""
        return failures()[self.id].known

    def __str__(self) -> str:
        lines = [self.name, f"  why:  {self.cause}", f"  cure: {self.cure}"]
        lines += [f"  at    {where}" for where in self.where]
        return "\n".join([*lines, f"  more: lesson {self.lesson}"])


def diagnose(report: Report) -> Diagnosis | None:
    """Return the failure that the report shows; None for a program that did what it should.

    The first rule whose conditions all hold wins. Raise TypeError if `report` is not a Report.
    """
    if not isinstance(report, Report):
        raise bad_type("report", report, "a Report", "Pass what run_safely(...) returned.")
    evidence = Evidence(report)
    for id_, *conditions in RULES:
        if all(condition(evidence) for condition in conditions):
            known = failures()[id_]
            return Diagnosis(
                id=id_,
                name=known.name,
                cause=known.cause,
                cure=known.cure,
                lesson=known.lesson,
                where=_where(report),
            )
    return None


def _where(report: Report) -> tuple[Where, ...]:
    """Return the learner's lines that show the failure.

    For a program that was stopped, these are the lines that its processes were executing. For one
    that ended, they are the lines in its tracebacks or, if there is none, the lines that raced.
    """
    stuck = [_at(member.title, member.line) for member in report.members if member.line]
    raced = [
        _at(_name_of(report, note["pid"]), Frame(note["file"], note["line"], ""))
        for note in lost_work.races(report)
    ]
    found = stuck if report.stop else _from_tracebacks(report.output) or raced
    return tuple(dict.fromkeys(found))[:_MOST_LINES]


def _name_of(report: Report, pid: int) -> str:
    return next((m.name for m in report.members if m.pid == pid and m.name), "main program")


def _at(process: str, frame: Frame) -> Where:
    return Where(process, Path(frame.file).name, frame.line, source(frame.file, frame.line))


def _from_tracebacks(output: str) -> list[Where]:
    """Return the learner's innermost line of each traceback, with the process that printed it."""
    found, process, last = [], "main program", None
    for line in [*output.splitlines(), ""]:
        if named := _PROCESS.match(line):
            process = named[1]
        elif frame := _FRAME.match(line):
            own = Frame(frame[1], int(frame[2]), frame[3])
            last = own if own.own else last
        elif last and not line.startswith(" "):
            found.append(_at(process, last))
            process, last = "main program", None
    return found
