"""What a run showed, as text: how it ended, its output, its processes, the waits, the failure.

report -> text_of(report, found) -> lines to print
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from helpers.diagnosis.match import Diagnosis
from helpers.progress.outline import lessons
from helpers.runner.report import Member, Report

WIDTH = 96  # columns of a line that is wrapped
_MOST_OUTPUT = 25  # lines of the program's output that are shown
_MOST_PROCESSES = 20  # lines of the tree
_MOST_CHARACTERS = 200  # of a line of the program's output
_BUSY = 0.1  # cores; a process that only waits uses less
_SHOWN_ROLES = ("main", "child", "python", "other")  # without multiprocessing's own services


def text_of(report: Report, found: Diagnosis | None) -> Iterator[str]:
    """Yield the lines that describe a run and the failure that it showed, if any."""
    yield from _section("What happened", [*wrapped(how_it_ended(report)), *_left_behind(report)])
    yield from _section(*_output(report))
    yield from _section("Its processes", tree(report))
    yield from _section("What each process waits for", _waits(report))
    yield from _section(f"The failure: {name_of(found)}", _failure(report, found))


def how_it_ended(report: Report) -> str:
    """Return how the run ended, or why it was stopped, as a sentence."""
    took = f"after {report.seconds:.1f} s"
    if report.stop == "time":
        return f"It had not ended {took}, its limit, and was stopped."
    if report.exit_code is None:
        return f"It was stopped {took}: {report.reason}."
    if report.exit_code == 0:
        return f"It ended by itself {took}, with exit code 0."
    if report.exit_code > 0:
        return f"It ended by itself {took}, with exit code {report.exit_code}."
    return f"It {report.meaning} {took}."


def failed(report: Report, found: Diagnosis | None) -> bool:
    """Return whether a failure was seen: a known one, an error, or a limit that was passed."""
    return found is not None or report.exit_code != 0


def tree(report: Report) -> list[str]:
    """Return a line for each process, below the one that started it."""
    known = [member for member in report.members if member.role in _SHOWN_ROLES]
    pids = {member.pid for member in known}
    below: dict[int | None, list[Member]] = {}
    for member in known[1:]:
        parent = member.parent if member.parent in pids else known[0].pid
        below.setdefault(parent, []).append(member)
    lines = [_process(known[0]), *_branches(known[0].pid, below, "")] if known else []
    more = len(lines) - _MOST_PROCESSES
    return lines if more <= 0 else [*lines[:_MOST_PROCESSES], f"… and {more} more processes"]


def _branches(pid: int, below: dict[int | None, list[Member]], indent: str) -> Iterator[str]:
    children = below.get(pid, [])
    for place, child in enumerate(children, 1):
        last = place == len(children)
        yield f"{indent}{'└─' if last else '├─'} {_process(child)}"
        yield from _branches(child.pid, below, indent + ("   " if last else "│  "))


def _process(member: Member) -> str:
    """Return a line about one process: its name, its start method, how it ended or where it was."""
    how = f" ({member.method})" if member.method else ""
    where = f", in line {member.line.line}: {member.line.function}()" if member.line else ""
    where = where.replace("<module>()", "the top level of the file")
    works = member.state == "alive" and member.busy > _BUSY
    busy = f", {member.busy:.1f} cores busy" if works else ""
    return f"{member.title}{how}: {member.fate}{where}{busy}"


def _left_behind(report: Report) -> list[str]:
    left = {
        "processes that were still running": report.left,
        "blocks of shared memory": report.shared,
        "semaphores": report.semaphores,
    }
    lines = [f"{len(few)} {what}: {', '.join(few[:6])}" for what, few in left.items() if few]
    if report.zombies:
        lines.append(f"{report.zombies} processes that had ended and were not waited for (zombies)")
    return ["It left something behind, which has been removed:", *_indented(lines)] if lines else []


def _output(report: Report) -> tuple[str, list[str]]:
    lines = [line[:_MOST_CHARACTERS] for line in report.output.rstrip().splitlines()]
    if len(lines) <= _MOST_OUTPUT:
        return "What it printed", lines
    last = lines[-_MOST_OUTPUT:]
    return f"What it printed, the last {_MOST_OUTPUT} of {len(lines)} lines", last


def _waits(report: Report) -> list[str]:
    """Return who waits for whom; [] for a program that was not stopped."""
    if not report.stop:
        return []
    from helpers.plots.wait_graph import wait_sentences  # matplotlib loads slowly

    return [line for sentence in wait_sentences(report) for line in wrapped(sentence)]


def _failure(report: Report, found: Diagnosis | None) -> list[str]:
    if found is None and report.exit_code == 0:
        return wrapped(
            "This run proves little: with other data, on another day or under another start method"
            " there may be one. --compare tries every start method."
        )
    if found is None:
        return wrapped(
            "The program chose its exit code itself, or something outside of it ended it. What it"
            " printed may say why."
        )
    lines = [*_labeled("why", found.cause), *_labeled("cure", found.cure)]
    for where in found.where:
        lines += _labeled("at", str(where))
    return [*lines, *_labeled("more", lesson(found)), *_missing_module(report)]


def name_of(found: Diagnosis | None) -> str:
    """Return the name of the failure; in parentheses, if it is only a general one."""
    if found is None:
        return "none was recognized"
    return found.name if found.known else f"none that is known ({found.name})"


def lesson(found: Diagnosis) -> str:
    """Return where the course explains the failure."""
    title = next((f" ({one.title})" for one in lessons() if one.number == found.lesson), "")
    return f"lesson {found.lesson}{title}, and docs/failures.md in the course's folder"


def _missing_module(report: Report) -> list[str]:
    """Return what to do if the program needs a package that the course does not have."""
    if "ModuleNotFoundError: No module named" not in report.output:
        return []
    return _labeled(
        "note",
        "The program ran with the Python of the course, which has the course's packages only. To"
        " lend it yours, put their folder on PYTHONPATH; it must be of the same Python version.",
    )


def wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    """Return the text on lines of at most WIDTH columns, with words kept whole."""
    return textwrap.wrap(
        text,
        WIDTH - 2,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _labeled(label: str, text: str) -> list[str]:
    return wrapped(text, f"{label:<6}", " " * 6)


def _indented(lines: list[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _section(title: str, lines: list[str]) -> list[str]:
    return ["", title, *_indented(lines)] if lines else []
