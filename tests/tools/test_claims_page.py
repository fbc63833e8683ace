"""The page of claims says which cell shows which claim, and what came of it."""

from __future__ import annotations

import json

import pytest

from tests.tools.test_check import assert_refused, edit
from tools.build.claims_page import (
    CLAIMS_PAGE,
    claims_page_is_fresh,
    claims_text,
    every_claim_is_shown,
    showings,
)
from tools.outline import Course

pytestmark = pytest.mark.once

HELLO = "notebooks/00_hello.ipynb"
CLAIMS_FILE = "helpers/data/claims.toml"


def store(root, old: str, new: str) -> None:
    """Change a stored output, as a run on another machine would."""
    notebook = json.loads((root / HELLO).read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            output["text"] = ["".join(output["text"]).replace(old, new)]
    (root / HELLO).write_text(json.dumps(notebook), encoding="utf-8")


def add_claim(root, id_: str) -> None:
    """Add a claim that no lesson owns to the course in `root`."""
    edit(root, CLAIMS_FILE, "[claims]\n", f'[claims]\n{id_} = "Another claim"\n')


def test_a_claim_is_listed_with_the_cell_that_shows_it(course_root):
    (showing,) = showings(Course(course_root))["P1"]
    line = f"[00 Hello, cell {showing.number}](../{HELLO}#cell-id={showing.cell}) | ✓ held |"
    assert line in claims_text(Course(course_root))


def test_a_claim_that_could_not_be_shown_says_why(course_root):
    store(course_root, "A greeting greets", "A greeting greets  can't be shown here: one core only")
    store(course_root, "✓ P1", "– P1")
    assert "| could not be shown: one core only |" in claims_text(Course(course_root))


def test_a_stale_page_and_none_are_refused(course_root):
    edit(course_root, CLAIMS_PAGE, "✓ held", "✗ did not hold")
    stale = f"{CLAIMS_PAGE}: is stale"
    assert_refused(claims_page_is_fresh, course_root, stale, "Run: python3 course.py build")
    (course_root / CLAIMS_PAGE).unlink()
    missing = f"{CLAIMS_PAGE}: is missing"
    assert_refused(claims_page_is_fresh, course_root, missing, "Run: python3 course.py build")


def test_a_claim_without_an_owner_is_refused(course_root):
    add_claim(course_root, "P2")
    what = "source/outline.toml: no lesson owns P2"
    assert_refused(every_claim_is_shown, course_root, what, "Give each to the lesson")


def test_a_claim_without_a_cell_is_refused(course_root):
    store(course_root, "✓ P1", "ok P1")
    what = f"{CLAIMS_FILE}: no cell of a written lesson shows P1"
    assert_refused(every_claim_is_shown, course_root, what, "Write the lesson that owns it")
    assert "| P1 | A greeting greets | 00 Hello | not yet |" in claims_text(Course(course_root))


def test_guidelines_have_a_heading_of_their_own(course_root):
    add_claim(course_root, "R2")
    text = claims_text(Course(course_root))
    assert "## The twelve guidelines of the standard library" in text
    assert "| R2 | Another claim | no lesson yet | not yet |" in text
