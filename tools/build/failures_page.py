"""The page of failures: what you see, what it is, why it happens, and where to try it.

helpers/data/failures.toml -> read_failures -> failures_text(course) -> docs/failures.md
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path

from helpers.diagnosis import rules
from helpers.diagnosis.catalog import OUTCOMES, Failure
from tools.check.problem import Problem
from tools.outline import LESSON, ROOT, Course, Lesson, OutlineError, Page

FAILURES = "helpers/data/failures.toml"
FAILURES_PAGE = "docs/failures.md"
RULES_FILE = Path(rules.__file__).relative_to(ROOT).as_posix()

HEADINGS = {
    "error": "An error is raised, or a process dies",
    "hangs": "The program does not end",
    "wrong": "The program ends, and something is lost or wrong",
    "left behind": "The program ends, and something stays behind",
    "slow": "The result is right, and it takes too long",
    "unknown": "What diagnose() says when it recognizes nothing",
}
HEAD = f"""# Failures, by what you see

This page lists what goes wrong in programs with several processes. Find what you see in the tables;
the link leads to the cause, the cure, the lesson, and programs that fail in exactly this way.

In a notebook, `diagnose(run_safely("your_program.py"))` does the search for you. It recognizes most
of these failures; the entry of each of the others says why it does not.

This page is made by `python3 course.py build` from `{FAILURES}`. To add to it, follow
[*Add a failure*](../CONTRIBUTING.md#add-a-failure) in CONTRIBUTING.md."""

_KEYS = {field.name for field in fields(Failure)} - {"id"}
_NEEDED = {field.name for field in fields(Failure) if field.default is MISSING} - {"id"}
_CODE = re.compile(r"(`[^`]*`)")


def read_failures(root: Path) -> tuple[Failure, ...]:
    """Return the catalog in the order of its file, () without one; raise OutlineError for faults.

    The error names every fault at once.
    """
    path = root / FAILURES
    if not path.exists():
        return ()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:  # an id that is there twice, too
        raise OutlineError(FAILURES, [f"not valid TOML: {error}"]) from None
    faults = [fault for id_, facts in table.items() for fault in _faults(id_, facts)]
    if faults:
        raise OutlineError(FAILURES, faults)
    found = tuple(Failure.from_table(id_, facts) for id_, facts in table.items())
    counts = Counter(failure.name for failure in found)
    twice = [f"the name {name!r} is there twice; keep one" for name in counts if counts[name] > 1]
    if twice:
        raise OutlineError(FAILURES, twice)
    return found


def _faults(id_: str, facts: object) -> Iterator[str]:
    """Yield what is wrong with one table."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", id_):
        yield f"[{id_}]: an id has small letters, digits and underscores, as join_before_get has"
    if not isinstance(facts, dict):
        yield f"[{id_}]: write a table that starts with [{id_}]"
        return
    for key in sorted(facts.keys() - _KEYS):
        yield f"[{id_}]: unknown key {key!r}; allowed are {', '.join(sorted(_KEYS))}"
    for key in sorted(_NEEDED - facts.keys()):
        yield f"[{id_}]: {key} is missing"
    for key, value in facts.items():
        if key == "programs":
            if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
                yield f"[{id_}]: programs must be a list of files; got {value!r}"
        elif key in _KEYS and (not isinstance(value, str) or not value.strip()):
            yield f"[{id_}]: {key} must be a line of text; got {value!r}"
    if isinstance(facts.get("outcome"), str) and facts["outcome"] not in OUTCOMES:
        yield f"[{id_}]: outcome must be one of {', '.join(OUTCOMES)}; got {facts['outcome']!r}"
    for key in ("symptom", "cause"):
        if isinstance(facts.get(key), str) and not facts[key].endswith("."):
            yield f"[{id_}]: {key} must be whole sentences that end with a period"


def failures_text(course: Course) -> str:
    """Return the whole page: tables of symptoms first, then each failure."""
    found = read_failures(course.root)
    lessons = {lesson.number: lesson for lesson in course.outline.lessons}
    parts = [HEAD, ""]
    for outcome, heading in HEADINGS.items():
        group = [failure for failure in found if failure.outcome == outcome]
        if group:
            parts += [f"## {heading}", "", "| what you see | what it is |", "| --- | --- |"]
            parts += [_row(failure) for failure in group]
            parts.append("")
    parts += ["## Each failure", ""]
    for failure in found:
        parts += [*_entry(failure, lessons.get(failure.lesson)), ""]
    return "\n".join(parts)


def _row(failure: Failure) -> str:
    symptom = _plain(failure.symptom).replace("|", "\\|")
    # Code hosts and JupyterLab make the same anchor of a heading without spaces.
    return f"| {symptom} | [{_plain(failure.name)}](#{failure.id}) |"


def _entry(failure: Failure, lesson: Lesson | None) -> Iterator[str]:
    yield f"### {failure.id}\n"
    yield f"**{_plain(failure.name)}**\n"
    yield f"- You see: {_plain(failure.symptom)}"
    yield f"- Why: {_plain(failure.cause)}"
    yield f"- Cure: {_plain(failure.cure)}"
    yield f"- Where: {_plain(failure.where)}"
    yield f"- Lesson: {_link_to(lesson) if lesson else failure.lesson}"
    if failure.unrecognized:
        yield f"- Rule: none. {_plain(failure.unrecognized)}"
    else:
        yield f"- Rule: `{failure.id}` in [{RULES_FILE}](../{RULES_FILE})"
    if failure.programs:
        links = (f"[{name.rpartition('/')[2]}](../{name})" for name in failure.programs)
        yield f"- Programs that fail in this way: {', '.join(links)}"


def _link_to(lesson: Lesson) -> str:
    title = f"{lesson.number} {lesson.title}"
    return f"[{title}](../{Page(LESSON, lesson).file})" if lesson.written else title


def _plain(words: str) -> str:
    """Return the words with underscores and stars escaped, except in code."""
    parts = _CODE.split(words)
    return "".join(
        part if part.startswith("`") else re.sub(r"([_*<])", r"\\\1", part) for part in parts
    )


def failures_page_is_fresh(course: Course) -> Iterator[Problem]:
    """Yield a problem if the page of failures differs from what its source says."""
    path = course.root / FAILURES_PAGE
    if not (course.root / FAILURES).exists():
        return
    if not path.exists():
        yield Problem(FAILURES_PAGE, "is missing", "Run: python3 course.py build")
    elif path.read_text(encoding="utf-8") != failures_text(course):
        yield Problem(FAILURES_PAGE, "is stale", "Run: python3 course.py build")


RULES = (failures_page_is_fresh,)
