"""The claims of lesson 05 hold on the data that they need, and print a cross on the opposite."""

from __future__ import annotations

import re
import sys

import pytest

from helpers.claims import claim
from tools.build.percent import read_source
from tools.outline import ROOT

LESSON = ROOT / "source/lessons/05_pipes_shared_memory_managers.py"
CELLS = {
    re.search(r'claim\("(\w+)"', cell.text)[1]: cell.text
    for cell in read_source(LESSON, LESSON.name)
    if "claim" in cell.tags
}

FASTEST = {"results": "process queue", "talk": "pipe", "image": "shared memory", "all": "manager"}
ALL_BY_PIPE = dict.fromkeys(FASTEST, "pipe")
SORTED, UNSORTED = ["ox", "pipe", "queue"], ["pipe", "queue", "ox"]

# claim, the lesson's variables, whether it holds on them
TABLE = [
    ("Q3", {"whole": 3, "whole_with_lock": 100, "fastest": FASTEST}, True),
    ("Q3", {"whole": 100, "whole_with_lock": 100, "fastest": FASTEST}, False),
    ("Q3", {"whole": 3, "whole_with_lock": 99, "fastest": FASTEST}, False),
    ("Q3", {"whole": 3, "whole_with_lock": 100, "fastest": ALL_BY_PIPE}, False),
    ("Q4", {"small": {"pipe": 800, "manager": 4_000}, "large": {"pipe": 90, "manager": 300}}, True),
    ("Q4", {"small": {"pipe": 0.9, "manager": 4_000}, "large": {"pipe": 90}}, False),
    ("Q4", {"small": {"pipe": 800, "manager": 4_000}, "large": {"pipe": 1.1}}, False),
    ("R2", {"refused": True, "words": SORTED}, True),
    ("R2", {"refused": False, "words": SORTED}, False),
    ("R2", {"refused": True, "words": UNSORTED}, False),
    ("R3", {"bare_threads": 212, "locked_threads": 400}, True),
    ("R3", {"bare_threads": 400, "locked_threads": 400}, False),
    ("R3", {"bare_threads": 212, "locked_threads": 399}, False),
]


def printed(name: str, measured: dict, capsys) -> str:
    """Run the claim's cell with these variables of the lesson; return what it prints."""
    exec(CELLS[name], {"claim": claim, "sys": sys, **measured})
    return capsys.readouterr().out


@pytest.mark.parametrize(("name", "measured", "holds"), TABLE)
def test_a_claim_holds_on_what_it_says_and_on_nothing_else(
    name, measured, holds, capsys, monkeypatch
):
    monkeypatch.setattr(sys, "platform", "linux")
    assert printed(name, measured, capsys).startswith("✓" if holds else "✗")


def test_a_claim_is_excused_where_windows_kept_all_messages_whole(capsys, monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    lucky = {"whole": 100, "whole_with_lock": 100, "fastest": FASTEST}
    assert printed("Q3", lucky, capsys).startswith("– Q3")


def test_each_claim_of_the_lesson_is_in_the_table():
    assert set(CELLS) == {name for name, _, holds in TABLE if not holds}
