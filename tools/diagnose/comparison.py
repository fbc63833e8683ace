"""One program under every start method: how each run ended, what state did not reach a child."""

from __future__ import annotations

from collections.abc import Iterator

from helpers.diagnosis.match import Diagnosis, diagnose
from helpers.diagnosis.uncarried_state import Uncarried, uncarried_state
from helpers.runner.report import Report
from tools.diagnose.report_text import WIDTH, failed, how_it_ended, lesson, name_of, wrapped

_MOST_STATE = 12  # lines of state that are shown
_MOST_OUTPUT = 4  # lines of each run's output that are shown


def compare(reports: dict[str, Report]) -> tuple[int, list[str]]:
    """Return how many runs showed a failure, and the lines that compare them."""
    found = {method: diagnose(report) for method, report in reports.items()}
    failures = sum(failed(report, found[method]) for method, report in reports.items())
    return failures, [
        "",
        "Side by side",
        *_table(reports, found),
        *_outputs(reports),
        *_state(reports),
        *_failures(reports, found),
    ]


def _table(reports: dict[str, Report], found: dict[str, Diagnosis | None]) -> Iterator[str]:
    width = max(map(len, reports)) + 2
    for method, report in reports.items():
        known = found[method]
        named = f" Failure: {name_of(known)}." if known else ""
        used = _used(report, method)
        words = f"{how_it_ended(report)}{named}{used}"
        yield from wrapped(words, f"  {method:<{width}}", " " * (width + 2))


def _used(report: Report, method: str) -> str:
    """Return which start methods its children had, if the program chose another one."""
    others = sorted({child.method for child in report.children if child.method} - {method})
    if others:
        return f" (The program itself chose {' and '.join(others)}.)"
    return "" if report.children else " (It started no process with multiprocessing.)"


def _outputs(reports: dict[str, Report]) -> list[str]:
    """Return which runs printed the same."""
    by_output: dict[str, list[str]] = {}
    for method, report in reports.items():
        by_output.setdefault("\n".join(sorted(report.output.splitlines())), []).append(method)
    if len(by_output) == 1:
        return ["", "All of them printed the same lines."]
    lines = ["", "They did not print the same. The last lines that not all of them printed:"]
    common = set.intersection(*(set(output.splitlines()) for output in by_output))
    for methods in by_output.values():
        own = [line for line in _told(reports[methods[0]]) if line not in common]
        shown = own[-_MOST_OUTPUT:] or ["(none)"]
        lines += [f"  {_listed(methods)}:", *(f"      {line[:WIDTH]}" for line in shown)]
    return lines


def _told(report: Report) -> list[str]:
    """Return the lines that a run printed, without the calls of tracebacks."""
    lines = [line for line in report.output.splitlines() if line.strip() and line[0] != " "]
    return [line for line in lines if line != '"""']  # around a traceback from a worker


def _listed(names: list[str]) -> str:
    """Return the names as in a sentence: `fork, spawn and forkserver`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _state(reports: dict[str, Report]) -> list[str]:
    """Return which state of the parent did not reach a child, under which start methods."""
    rows: dict[str, dict[str, Uncarried]] = {}
    for method, report in reports.items():
        for one in uncarried_state(report):
            rows.setdefault(one.what, {})[method] = one
    if not rows:
        return ["", "No state that the program's functions use was seen to get lost on the way."]
    lines = ["", "State of the parent that a child did not get:"]
    for what, by_method in list(rows.items())[:_MOST_STATE]:
        by_words: dict[str, list[str]] = {}
        for method, one in by_method.items():
            by_words.setdefault(str(one).removeprefix(f"{what}: "), []).append(method)
        for words, methods in by_words.items():
            lines += wrapped(f"{what}, under {_listed(methods)}: {words}", "  ", "      ")
    if len(rows) > _MOST_STATE:
        lines.append(f"  … and {len(rows) - _MOST_STATE} more")
    return [
        *lines,
        *wrapped("If a child needs it, pass it in args, or set it in an initializer.", "  ", "  "),
    ]


def _failures(reports: dict[str, Report], found: dict[str, Diagnosis | None]) -> list[str]:
    """Return the cause and cure of each failure that was recognized, once."""
    known = {one.id: one for one in found.values() if one}
    lines = []
    for id_, one in known.items():
        methods = [method for method, two in found.items() if two and two.id == id_]
        lines += ["", f"{one.name} (under {_listed(methods)})"]
        lines += wrapped(f"why   {one.cause}", "  ", " " * 8)
        lines += wrapped(f"cure  {one.cure}", "  ", " " * 8)
        lines += [line for where in one.where for line in wrapped(f"at    {where}", "  ", " " * 8)]
        lines += wrapped(f"more  {lesson(one)}", "  ", " " * 8)
    return lines
