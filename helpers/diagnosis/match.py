"""What went wrong, in words: from a Report to the name of the failure, its cause and its cure.

    report = run_safely("work_04.py")
    print(diagnose(report))

Nothing is said of a program that did what it should. What no rule knows is called stuck, with the
lines in which it was.
"""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from helpers.diagnosis import lost_work
from helpers.diagnosis.conditions import Evidence, source
from helpers.diagnosis.rules import RULES
from helpers.runner.report import Member, Report
from helpers.runner.stacks import Frame
from helpers.validation import bad_type

_TABLE = Path(__file__).parents[1] / "data" / "failures.toml"
_FRAME = re.compile(r'^\s*File "(.+)", line (\d+), in (.+)$')
_PROCESS = re.compile(r"^(?:.* )?Process (\S+):$")
_MOST = 6  # lines that are named; more would not help


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
    """A failure with a name. `rows` are its rows in the catalogue; none, if no rule knows it."""

    name: str
    rows: tuple[int, ...]
    cause: str
    cure: str
    lesson: str
    where: tuple[Where, ...] = ()

    @property
    def known(self) -> bool:
        """Whether it is a failure of the catalogue."""
        return bool(self.rows)

    def __str__(self) -> str:
        lines = [self.name, f"  why:  {self.cause}", f"  cure: {self.cure}"]
        lines += [f"  at    {where}" for where in self.where]
        return "\n".join([*lines, f"  more: lesson {self.lesson}"])


def diagnose(report: Report) -> Diagnosis | None:
    """The failure that the report shows; None for a program that did what it should."""
    if not isinstance(report, Report):
        raise bad_type("report", report, "a Report", "Pass what run_safely(...) returned.")
    evidence = Evidence(report)
    for name, *conditions in RULES:
        if all(condition(evidence) for condition in conditions):
            known = failures()[name]
            return Diagnosis(
                name=name,
                rows=tuple(known["rows"]),
                cause=known["cause"],
                cure=known["cure"],
                lesson=known["lesson"],
                where=_where(report),
            )
    return None


@functools.cache
def failures() -> dict[str, dict]:
    """Every failure that can be named: its rows, cause, cure and lesson."""
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))


def _where(report: Report) -> tuple[Where, ...]:
    """Lines of the living, when it was stopped; else those that the tracebacks name."""
    stuck = [_line_of(member, member.line) for member in report.members if member.line]
    raced = [
        _at(_name_of(report, note["pid"]), Frame(note["file"], note["line"], ""))
        for note in lost_work.races(report)
    ]
    found = stuck if report.stop else _from_tracebacks(report.output) or raced
    return tuple(dict.fromkeys(found))[:_MOST]


def _name_of(report: Report, pid: int) -> str:
    return next((m.name for m in report.members if m.pid == pid and m.name), "main program")


def _line_of(member: Member, frame: Frame) -> Where:
    name = "main program" if member.role == "main" else member.name or "a process"
    return _at(name, frame)


def _at(process: str, frame: Frame) -> Where:
    return Where(process, Path(frame.file).name, frame.line, source(frame.file, frame.line))


def _from_tracebacks(output: str) -> list[Where]:
    """The innermost own line of each traceback, with the name of the process if it has one."""
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
