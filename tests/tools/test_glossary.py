"""The glossary: its page, and links to it from where a lesson introduces a term."""

from __future__ import annotations

import json

import pytest

from tests.mini_course import write
from tests.tools.test_check import assert_refused, edit
from tools.build.glossary import (
    GLOSSARY,
    GLOSSARY_PAGE,
    Term,
    glossary_page_is_fresh,
    glossary_text,
    linked,
    read_glossary,
    terms_are_introduced,
)
from tools.build.notebooks import build_all
from tools.build.percent import Cell
from tools.outline import ROOT, Course, OutlineError

pytestmark = pytest.mark.once

TERMS = """
[[term]]
name = "Greeting"
also = ["greetings", "hello"]
lesson = "00"
words = "What one says first."

[[term]]
name = "I/O-bound"
lesson = "07"
words = "Waiting."
"""
LESSON = "source/lessons/00_hello.py"


@pytest.fixture
def with_terms(course_root):
    write(course_root, GLOSSARY, TERMS)
    edit(course_root, LESSON, "## A greeting is a text", "## A text\n#\n# All **greetings** are.")
    assert build_all(Course(course_root), ["00"]) == 0
    return course_root


def test_the_first_bold_mention_becomes_a_link_in_the_notebook_only(with_terms):
    notebook = json.loads((with_terms / "notebooks/00_hello.ipynb").read_text(encoding="utf-8"))
    text = "".join(notebook["cells"][1]["source"])
    assert "All **[greetings](../docs/glossary.md#greeting)** are." in text
    assert "glossary" not in (with_terms / LESSON).read_text(encoding="utf-8")


def test_only_the_lesson_that_introduces_a_term_links_it_and_only_once():
    term = Term("race", "01", "…")
    lessons = {lesson.number: lesson for lesson in Course(ROOT).outline.lessons}
    cells = (
        Cell("code", '"**race**"'),
        Cell("markdown", "a **race**"),
        Cell("markdown", "**race**"),
    )
    texts = [cell.text for cell in linked(cells, lessons["01"], [term])]
    assert texts == ['"**race**"', "a **[race](../docs/glossary.md#race)**", "**race**"]
    assert linked(cells, lessons["02"], [term]) == cells


def test_the_page_has_each_term_its_other_names_and_its_lesson(with_terms):
    text = glossary_text(Course(with_terms))
    assert "## greeting\n\n**Greeting** (hello): What one says first.\n" in text
    assert "Lesson [00 Hello](../notebooks/00_hello.ipynb)" in text
    assert "## io-bound\n\n**I/O-bound**: Waiting.\n\nLesson 07\n" in text


@pytest.mark.parametrize("term", read_glossary(ROOT), ids=lambda term: term.slug)
def test_a_heading_is_the_same_link_for_code_hosts_and_for_jupyterlab(term):
    heading = term.slug
    assert heading == heading.lower().replace(" ", "-")
    assert f"## {heading}\n" in glossary_text(Course(ROOT))


def test_a_stale_page_and_none_are_refused(with_terms):
    edit(with_terms, GLOSSARY, "What one says first.", "What one says.")
    fix = "Run: python3 course.py build"
    assert_refused(glossary_page_is_fresh, with_terms, f"{GLOSSARY_PAGE}: is stale", fix)
    (with_terms / GLOSSARY_PAGE).unlink()
    assert_refused(glossary_page_is_fresh, with_terms, f"{GLOSSARY_PAGE}: is missing", fix)


def test_a_term_that_its_lesson_never_has_in_bold_is_refused(with_terms):
    edit(with_terms, LESSON, "**greetings**", "greetings")
    what = f"{GLOSSARY}: the term 'Greeting' is never in bold in lesson 00"
    assert_refused(terms_are_introduced, with_terms, what, "Write **Greeting** where")


def test_a_term_of_a_lesson_that_is_not_written_is_accepted(with_terms):
    assert not list(terms_are_introduced(Course(with_terms)))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('lesson = "00"', "lesson = 0", "lesson must be two digits"),
        ('words = "Waiting."', "", "words must be a line of text"),
        ('also = ["greetings", "hello"]', 'also = "greetings"', "also must be a list"),
        ('name = "I/O-bound"', 'name = "hello"', "'hello' is there twice"),
        ('words = "Waiting."', 'words = "Waiting."\nnumber = 1', "unknown key 'number'"),
        ('name = "I/O-bound"', "name = ", "not valid TOML"),
    ],
)
def test_what_is_no_glossary_is_refused(course_root, old, new, fault):
    write(course_root, GLOSSARY, TERMS.replace(old, new))
    with pytest.raises(OutlineError, match=fault):
        read_glossary(course_root)
