"""Each claim prints ✓ for data that show it, ✗ for the opposite, and – where data decide nothing.

`frame.py` runs the lessons' own cells, and says what the data modules `lesson_NN.py` hold.
"""

from __future__ import annotations

import pytest

from helpers.claims import all_claims
from tests.claims.frame import (
    LESSONS,
    claims_of,
    claims_with_excuse,
    code_cells,
    data_of,
    line_of,
    names_read,
)


def table(name):
    """Return a case for each row of that table in the data of each lesson."""
    return [
        pytest.param(lesson.number, *row, id=f"{lesson.number} {row[0]}: {row[1]}")
        for lesson in LESSONS
        for row in getattr(data_of(lesson.number), name, ())
    ]


def claims_in(lesson, name):
    """Return the claims that have a row in that table of the lesson's data."""
    rows = getattr(data_of(lesson.number), name, ())
    return {row if isinstance(row, str) else row[0] for row in rows}


def names(number, claim, changed=None):
    """Return the names that the cells before the claim leave behind, some of them changed."""
    return data_of(number).HOLDS[claim] | (changed or {})


EVERY_CLAIM = [
    pytest.param(lesson.number, claim, id=f"{lesson.number} {claim}")
    for lesson in LESSONS
    for claim in getattr(data_of(lesson.number), "HOLDS", ())
]
EVERY_LESSON = [pytest.param(lesson, id=lesson.name) for lesson in LESSONS]
WRITTEN = [case for case in EVERY_LESSON if case.values[0].written]
CHANGING = ("CONTRADICTS", "LEFT_OPEN", "HELD_ANYWAY")


@pytest.mark.parametrize(("number", "claim"), EVERY_CLAIM)
def test_a_claim_holds_for_data_that_show_it(number, claim):
    assert line_of(number, claim, names(number, claim)) == f"✓ {claim}  {all_claims()[claim]}"


@pytest.mark.parametrize(("number", "claim", "what", "changed"), table("CONTRADICTS"))
def test_a_claim_fails_for_data_that_contradict_it(number, claim, what, changed):
    line = f"✗ {claim}  {all_claims()[claim]}  did not hold here"
    assert line_of(number, claim, names(number, claim, changed)) == line


@pytest.mark.parametrize(("number", "claim", "what", "changed", "reason"), table("LEFT_OPEN"))
def test_a_claim_is_left_open_by_data_that_decide_nothing(number, claim, what, changed, reason):
    line = line_of(number, claim, names(number, claim, changed))
    before, _, printed = line.partition("  can't be shown here: ")
    assert before == f"– {claim}  {all_claims()[claim]}"
    assert reason in printed


@pytest.mark.parametrize(("number", "claim", "what", "changed"), table("HELD_ANYWAY"))
def test_a_claim_that_held_needs_no_excuse(number, claim, what, changed):
    line = line_of(number, claim, names(number, claim, changed))
    assert line == f"✓ {claim}  {all_claims()[claim]}"


@pytest.mark.parametrize("lesson", EVERY_LESSON)
def test_each_claim_of_the_outline_is_shown_and_contradicted(lesson):
    assert claims_in(lesson, "HOLDS") == claims_in(lesson, "CONTRADICTS") == set(lesson.claims)


@pytest.mark.parametrize("lesson", WRITTEN)
def test_each_claim_of_a_source_is_tried(lesson):
    in_source = [claim for cell in code_cells(lesson.number) for claim in claims_of(cell)]
    assert sorted(in_source) == sorted(claims_in(lesson, "HOLDS"))


@pytest.mark.parametrize("lesson", WRITTEN)
def test_each_excuse_of_a_source_is_tried(lesson):
    excused = {one for cell in code_cells(lesson.number) for one in claims_with_excuse(cell)}
    assert claims_in(lesson, "LEFT_OPEN") == excused


@pytest.mark.parametrize(("number", "claim"), EVERY_CLAIM)
def test_the_lesson_reads_each_name_that_is_given(number, claim):
    changed = [row.values[3] for name in CHANGING for row in table(name) if row.values[1] == claim]
    assert set(names(number, claim)).union(*changed) <= names_read(number)
