"""Rules about the catalog of failures: its rules, programs, lessons and exhibits fit together."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from helpers.diagnosis import rules
from tools.build.failures_page import FAILURES, RULES_FILE, read_failures
from tools.check.problem import Problem
from tools.outline import OUTLINE, Course

FAILING = "tests/failures"
MUSEUM = "helpers/programs/museum"
MUSEUM_TABLE = "helpers/data/museum.toml"


def rule_ids() -> set[str]:
    """Return the ids of the failures that diagnose() has a rule for."""
    return {id_ for id_, *_ in rules.RULES}


def each_failure_has_a_rule_or_a_reason(course: Course) -> Iterator[Problem]:
    """Yield a problem for a failure with neither rule nor reason, and a rule of no failure."""
    found = {failure.id: failure for failure in read_failures(course.root)}
    if not found:
        return
    have = rule_ids()
    for id_, failure in found.items():
        if failure.unrecognized and id_ in have:
            fix = f"Take out `unrecognized`, or the rule in {RULES_FILE}"
            yield Problem(FAILURES, f"[{id_}] says why it has no rule, but it has one", fix)
        elif not failure.unrecognized and id_ not in have:
            fix = f"Write a rule with that id into {RULES_FILE}, or say why in `unrecognized`"
            yield Problem(FAILURES, f"[{id_}] has no rule, and does not say why", fix)
    for id_ in sorted(have - found.keys()):
        fix = f"Correct the id, or add [{id_}] to {FAILURES}"
        yield Problem(RULES_FILE, f"a rule names {id_!r}, which the catalog does not have", fix)


def each_failing_program_is_listed(course: Course) -> Iterator[Problem]:
    """Yield a problem for a program that does not exist, or is not listed exactly once."""
    listed: dict[str, str] = {}
    for failure in read_failures(course.root):
        for name in failure.programs:
            if not (course.root / name).is_file():
                fix = "Write the program, or correct the name: it is relative to the course"
                yield Problem(FAILURES, f"[{failure.id}] lists {name}, which does not exist", fix)
            if name in listed:
                fix = "List a program under the one failure that it shows"
                yield Problem(FAILURES, f"[{failure.id}] lists {name} a second time", fix)
            listed.setdefault(name, failure.id)
    for path in sorted((course.root / FAILING).glob("*.py")):
        name = f"{FAILING}/{path.name}"
        if path.name == "__init__.py":
            continue
        if name not in listed:
            fix = f"Add it to the `programs` of its failure in {FAILURES}; or move it to right/"
            yield Problem(name, "belongs to no failure of the catalog", fix)
        elif (said := _first_line(path)) != f"Fails: {listed[name]}.":
            fix = f"Start its docstring with 'Fails: {listed[name]}.', or list it elsewhere"
            yield Problem(name, f"starts {said!r}, but [{listed[name]}] lists it", fix)


def _first_line(path: Path) -> str:
    """Return the first line of the program's docstring; "" if it has none or is not Python."""
    try:
        return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n")[0]
    except SyntaxError:
        return ""


def each_failure_has_a_lesson(course: Course) -> Iterator[Problem]:
    """Yield a problem for a failure whose lesson is not in the outline."""
    numbers = {lesson.number for lesson in course.outline.lessons}
    for failure in read_failures(course.root):
        if failure.lesson not in numbers:
            what = f"[{failure.id}] names lesson {failure.lesson!r}, which {OUTLINE} does not have"
            yield Problem(FAILURES, what, f"Name one of {', '.join(sorted(numbers))}")


def each_exhibit_shows_its_failure(course: Course) -> Iterator[Problem]:
    """Yield a problem for an exhibit whose failure is unknown or does not list it."""
    path = course.root / MUSEUM_TABLE
    found = {failure.id: failure for failure in read_failures(course.root)}
    if not found or not path.exists():
        return
    for piece, facts in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for id_ in (facts["failure"], *facts["wrong"]):
            if id_ not in found:
                fix = f"Correct the id, or add [{id_}] to {FAILURES}"
                what = f"[{piece}] names {id_!r}, which the catalog does not have"
                yield Problem(MUSEUM_TABLE, what, fix)
        program, failure = f"{MUSEUM}/{piece}.py", found.get(facts["failure"])
        if failure and program not in failure.programs:
            fix = f"Add {program!r} to its `programs`"
            yield Problem(FAILURES, f"[{failure.id}] does not list its exhibit {piece}", fix)


RULES = (
    each_failure_has_a_rule_or_a_reason,
    each_failing_program_is_listed,
    each_failure_has_a_lesson,
    each_exhibit_shows_its_failure,
)
