"""What a child did not get from its parent is found by comparing the notes of both."""

from __future__ import annotations

import pytest

from helpers.diagnosis.uncarried_state import uncarried_state
from helpers.runner.report import Report


def noted(what, pid, name, value, **more):
    return {"what": what, "pid": pid, "kind": "global", "name": name, "value": value, **more}


def report(*notes):
    return Report("x.py", 0, "", 1.0, "", 1, (), notes=notes)


def test_only_what_differs_is_told():
    notes = [
        noted("state before", 1, "cache", "{1: 2}", child=2),
        noted("state before", 1, "size", "5", child=2),
        noted("state before", 1, "late", "7", child=2),
        noted("state of child", 2, "cache", "{}"),
        noted("state of child", 2, "size", "5"),
        noted("state of child", 2, "more", "5"),
    ]
    assert [str(one) for one in uncarried_state(report(*notes))] == [
        "global cache: {1: 2} in the parent, {} in the child",
        "global late: 7 in the parent, nothing in the child",
    ]


def test_a_child_that_noted_nothing_proves_nothing():
    assert uncarried_state(report(noted("state before", 1, "cache", "1", child=2))) == []


def test_a_long_value_is_cut():
    notes = [noted("state before", 1, "x", "9" * 200, child=2), noted("state of child", 2, "y", "")]
    (one,) = uncarried_state(report(*notes))
    assert len(str(one)) < 120


def test_what_is_no_report_is_refused():
    with pytest.raises(TypeError, match="report must be a Report"):
        uncarried_state("x.py")
