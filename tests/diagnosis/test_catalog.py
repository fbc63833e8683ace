"""The catalog of failures: its page, and what the check refuses in it."""

from __future__ import annotations

import re

import pytest

from helpers.diagnosis.catalog import failures
from tests.mini_course import write
from tests.tools.test_check import assert_refused
from tools.build import failures_page
from tools.build.failures_page import (
    FAILURES,
    FAILURES_PAGE,
    failures_page_is_fresh,
    failures_text,
    read_failures,
)
from tools.build.notebooks import build_made_pages
from tools.check import cli
from tools.check import failures as rules
from tools.outline import ROOT, Course, OutlineError

CATALOG = """
[no_end]
name = "a loop without an end"
outcome = "hangs"
symptom = "It goes on | and on: `a_b`."
cause = "The loop's __next__ is endless."
cure = "Leave it."
lesson = "00"
where = "everywhere"
programs = ["tests/failures/no_end.py", "helpers/programs/museum/shown.py"]

[odd_luck]
name = "bad luck"
outcome = "slow"
symptom = "It is slow."
cause = "It happens."
cure = "Try again."
lesson = "01"
programs = []
unrecognized = "Luck leaves no trace."
"""
PROGRAM = '"""Fails: no_end.\n\nmethods: fork\n"""\n'
EXHIBIT = '[shown]\nfailure = "no_end"\nwrong = ["odd_luck"]\n'


@pytest.fixture
def with_catalog(course_root, monkeypatch):
    """Return a small course with a catalog of two failures, one of which a rule recognizes."""
    monkeypatch.setattr(rules, "rule_ids", lambda: {"no_end"})
    write(course_root, FAILURES, CATALOG)
    write(course_root, "tests/failures/no_end.py", PROGRAM)
    write(course_root, "tests/failures/__init__.py", "")
    write(course_root, "tests/failures/right/loop.py", '"""Right: a loop."""\n')
    write(course_root, "helpers/programs/museum/shown.py", "")
    write(course_root, rules.MUSEUM_TABLE, EXHIBIT)
    build_made_pages(Course(course_root))
    return course_root


def change(root, old: str, new: str, file: str = FAILURES) -> None:
    """Replace `old` by `new` in a file of the course."""
    text = (root / file).read_text(encoding="utf-8")
    assert old in text
    write(root, file, text.replace(old, new))


ALL = (*rules.RULES, *failures_page.RULES)


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.__name__)
def test_a_sound_catalog_is_accepted(with_catalog, rule):
    assert rule in cli.RULES
    assert not [str(problem) for problem in rule(Course(with_catalog))]


def test_the_page_lists_symptoms_first_then_each_failure(with_catalog):
    text = failures_text(Course(with_catalog))
    tables, entries = text.split("## Each failure")
    assert "| It goes on \\| and on: `a_b`. | [a loop without an end](#no_end) |" in tables
    assert tables.index("## The program does not end") < tables.index("## The result is right")
    assert "## An error" not in tables
    assert "### no_end\n\n**a loop without an end**\n" in entries
    assert "- Why: The loop's \\_\\_next\\_\\_ is endless." in entries
    assert "- Lesson: [00 Hello](../notebooks/00_hello.ipynb)" in entries
    assert f"- Rule: `no_end` in [{failures_page.RULES_FILE}]" in entries
    assert "[no_end.py](../tests/failures/no_end.py), [shown.py](../helpers/" in entries
    assert "- Rule: none. Luck leaves no trace." in entries


def test_every_link_of_the_real_page_leads_somewhere():
    text = (ROOT / FAILURES_PAGE).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)]+)\)", text)
    anchors = {link.removeprefix("#") for link in links if link.startswith("#")}
    assert anchors == set(failures()) == set(re.findall(r"^### (\w+)$", text, re.MULTILINE))
    files = {link.split("#")[0] for link in links if not link.startswith("#")}
    assert [name for name in files if not (ROOT / "docs" / name).exists()] == []


def test_a_stale_page_and_none_are_refused(with_catalog):
    change(with_catalog, "It is slow.", "It is very slow.")
    fix = "Run: python3 course.py build"
    assert_refused(failures_page_is_fresh, with_catalog, f"{FAILURES_PAGE}: is stale", fix)
    (with_catalog / FAILURES_PAGE).unlink()
    assert_refused(failures_page_is_fresh, with_catalog, f"{FAILURES_PAGE}: is missing", fix)


@pytest.mark.parametrize(
    ("have", "what", "fix"),
    [
        (set(), f"{FAILURES}: [no_end] has no rule, and does not say why", "Write a rule"),
        ({"no_end", "odd_luck"}, f"{FAILURES}: [odd_luck] says why it has no rule", "Take out"),
        ({"no_end", "gone"}, f"{failures_page.RULES_FILE}: a rule names 'gone'", "add [gone]"),
    ],
)
def test_rules_and_catalog_that_differ_are_refused(with_catalog, monkeypatch, have, what, fix):
    monkeypatch.setattr(rules, "rule_ids", lambda: have)
    assert_refused(rules.each_failure_has_a_rule_or_a_reason, with_catalog, what, fix)


@pytest.mark.parametrize(
    ("file", "text", "what", "fix"),
    [
        (
            "tests/failures/more.py",
            PROGRAM,
            "tests/failures/more.py: belongs to no failure",
            "Add it to the `programs`",
        ),
        (
            "tests/failures/no_end.py",
            '"""Fails: odd_luck.\n"""\n',
            "tests/failures/no_end.py: starts 'Fails: odd_luck.', but [no_end] lists it",
            "'Fails: no_end.'",
        ),
        (
            "tests/failures/no_end.py",
            "not Python",
            "tests/failures/no_end.py: starts '', but [no_end] lists it",
            "'Fails: no_end.'",
        ),
        (
            FAILURES,
            CATALOG.replace("museum/shown.py", "museum/other.py"),
            f"{FAILURES}: [no_end] lists helpers/programs/museum/other.py, which does not exist",
            "Write the program",
        ),
        (
            FAILURES,
            CATALOG.replace("programs = []", 'programs = ["tests/failures/no_end.py"]'),
            f"{FAILURES}: [odd_luck] lists tests/failures/no_end.py a second time",
            "under the one failure",
        ),
    ],
)
def test_programs_and_catalog_that_differ_are_refused(with_catalog, file, text, what, fix):
    write(with_catalog, file, text)
    assert_refused(rules.each_failing_program_is_listed, with_catalog, what, fix)


def test_a_lesson_that_does_not_exist_is_refused(with_catalog):
    change(with_catalog, 'lesson = "01"', 'lesson = "77"')
    what = f"{FAILURES}: [odd_luck] names lesson '77', which source/outline.toml does not have"
    assert_refused(rules.each_failure_has_a_lesson, with_catalog, what, "Name one of 00, 01")


def test_an_exhibit_of_no_failure_and_one_that_is_not_listed_are_refused(with_catalog):
    rule = rules.each_exhibit_shows_its_failure
    change(with_catalog, '["odd_luck"]', '["gone"]', rules.MUSEUM_TABLE)
    what = f"{rules.MUSEUM_TABLE}: [shown] names 'gone'"
    assert_refused(rule, with_catalog, what, "add [gone]")
    write(with_catalog, rules.MUSEUM_TABLE, EXHIBIT)
    change(with_catalog, ', "helpers/programs/museum/shown.py"', "")
    what = f"{FAILURES}: [no_end] does not list its exhibit shown"
    assert_refused(rule, with_catalog, what, "Add 'helpers/programs/museum/shown.py'")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("[no_end]", "[odd_luck]", "not valid TOML"),
        ("[no_end]", "[No-End]", "[No-End]: an id has small letters"),
        ("[no_end]", "no_end = 1\n[more]", "[no_end]: write a table that starts with [no_end]"),
        ('cure = "Leave it."\n', "", "[no_end]: cure is missing"),
        ('cure = "Leave it."', 'cure = " "', "[no_end]: cure must be a line of text; got ' '"),
        ("where =", "when =", "[no_end]: unknown key 'when'; allowed are cause, cure"),
        ('"hangs"', '"stops"', "[no_end]: outcome must be one of error, hangs, wrong"),
        ("programs = []", 'programs = "x.py"', "[odd_luck]: programs must be a list of files"),
        ("It is slow.", "slow", "[odd_luck]: symptom must be whole sentences"),
        ('"bad luck"', '"a loop without an end"', "the name 'a loop without an end' is there"),
    ],
)
def test_a_fault_in_the_catalog_is_told_by_the_check(course_root, old, new, fault):
    write(course_root, FAILURES, CATALOG)
    change(course_root, old, new)
    with pytest.raises(OutlineError, match=re.escape(fault)):
        read_failures(course_root)
    (problem,) = cli.outline_problems(Course(course_root))
    assert str(problem).startswith(f"{FAILURES}: {fault}")


def test_a_course_without_a_catalog_has_nothing_to_check(course_root):
    assert read_failures(course_root) == ()
