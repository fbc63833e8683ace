"""Every exhibit of the museum is named as it says, and its cured program is given no name."""

from __future__ import annotations

import ast
import threading
from itertools import pairwise

import pytest

from helpers.diagnosis import museum
from helpers.diagnosis.catalog import failures
from helpers.diagnosis.museum import HALLS, at_once, cause_of, pieces, visit, visit_all, visit_hall
from helpers.runner.report import Member, Report
from helpers.runner.stacks import Frame
from tests.running_processes import METHODS, interrupt_main_thread, interruptible

pytestmark = pytest.mark.usefixtures("quiet")
STILL = "0.4"  # seconds after which a program whose processes are all blocked is stopped
TOGETHER = 4  # programs at a time: most of them wait


@pytest.fixture(autouse=True)
def ended_when_still(monkeypatch):
    """End a program soon after it hangs."""
    monkeypatch.setenv("COURSE_RUN_STILL", STILL)


def odd(visits: dict) -> list[str]:
    """Return a line for each visit that differs from what the museum says."""
    return [
        f"{one}\n{one.cured_found}\n{one.cured.output[-500:]}"
        for one in visits.values()
        if not (one.right and one.healed)
    ]


def test_there_are_more_than_twenty_in_six_rooms():
    assert len(pieces()) >= 20
    assert {piece.hall for piece in pieces().values()} == set(HALLS)


def test_the_halls_are_in_order():
    places = [HALLS.index(piece.hall) for piece in pieces().values()]
    assert all(before <= after for before, after in pairwise(places))


def test_each_program_belongs_to_a_piece_and_each_piece_has_both_programs():
    there = {path for path in museum.FOLDER.glob("*.py") if path.name != "__init__.py"}
    needed = {path for piece in pieces().values() for path in (piece.broken, piece.cured)}
    assert there == needed


@pytest.mark.parametrize("piece", pieces().values(), ids=list(pieces()))
def test_a_piece_says_what_it_needs(piece):
    assert len(set(piece.choices)) == 4
    assert all(cause_of(name).endswith(".") for name in piece.choices)
    assert piece.symptom.endswith((".", "?")) and piece.here.endswith(".")
    assert set(piece.methods) <= {"fork", "spawn", "forkserver"}
    assert piece.method in ("", *piece.methods)
    if piece.number:
        assert failures()[piece.failure].unrecognized


@pytest.mark.parametrize("piece", pieces().values(), ids=list(pieces()))
def test_both_programs_are_small_and_say_what_they_are_for_and_not_what_is_wrong(piece):
    texts = [path.read_text(encoding="utf-8") for path in (piece.broken, piece.cured)]
    purposes = {ast.get_docstring(ast.parse(text)) for text in texts}
    assert len(purposes) == 1
    assert piece.name not in purposes.pop()
    assert all(len(text.splitlines()) <= 32 for text in texts)


@pytest.mark.slow  # lesson 09 does it in its notebook
def test_each_is_named_and_its_cured_program_is_well():
    assert odd(visit_all(pieces(), together=TOGETHER)) == []


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
def test_each_is_named_under_each_start_method(method):
    assert odd(visit_all(pieces(), together=TOGETHER, method=method)) == []


@pytest.mark.processes
def test_a_visit_tells_what_was_seen():
    one = visit("two_orders")
    assert (one.outcome, one.named) == ("hangs", "locks taken in different orders")
    assert {where.text for where in one.where} >= {"with right:", "with left:"}
    assert ("-", "    with right:") in one.changed()
    line = " ".join(str(one).split())
    assert line == "two_orders hangs locks taken in different orders cured: ends well"
    assert one.numbers is None
    threads = [line.split(":")[0] for line in one.report.stacks()]
    assert threads == ["main program", "Process-1", "Process-2"]


@pytest.mark.processes
def test_a_hall_is_visited_with_progress():
    told = []
    visits = visit_hall("slow", progress=lambda done, total: told.append((done, total)))
    assert list(visits) == ["process_for_each", "a_message_each"]
    assert told == [(done, 4) for done in range(1, 5)]
    assert visits["process_for_each"].numbers == (12, 2)
    assert visit("one_at_a_time").numbers == (1, 3)


@pytest.mark.processes
def test_an_interrupt_ends_a_visit_at_once():
    timer = threading.Timer(0.3, interrupt_main_thread)
    with pytest.raises(KeyboardInterrupt), interruptible():
        timer.start()
        visit_hall("never ends")
    timer.join()


def report_of(*notes: dict) -> Report:
    return Report("one.py", 0, "", 1.0, "", 3, (), notes=notes)


def test_children_are_counted_while_they_live():
    start = {"what": "start", "pid": 1}
    first, second = ({**start, "child": child, "at": at} for child, at in ((2, 1.0), (3, 2.0)))
    ended = {"what": "ended", "pid": 1, "child": 2, "at": 1.5}
    assert at_once(report_of(first, ended, second)) == 1
    assert at_once(report_of(first, second, {**ended, "at": 2.5})) == 2
    assert at_once(report_of()) == 0


def test_stacks_are_told_from_the_own_line_inwards_and_long_ones_cut():
    own = Frame("/somewhere/mine.py", 7, "work")
    inner = [Frame("<frozen x>", 1, name) for name in "fedcba"]
    main = Member(1, role="main", state="alive", threads=((*inner[-2:], own), tuple(inner)))
    gone = Member(2, role="child", state="ended", threads=((own,),))
    report = Report("mine.py", None, "", 1.0, "", 1, (), members=(main, gone))
    assert report.stacks() == (
        "main program: line 7 > a > b",
        "main program, another thread: … > c > d > e > f",
    )


@pytest.mark.parametrize("name", ["no such piece", ""])
def test_what_is_no_piece_is_refused(name):
    with pytest.raises(ValueError, match=r"name must be one of one_sentinel, .* Pass the id"):
        visit(name)


def test_what_is_no_hall_or_no_number_is_refused():
    with pytest.raises(ValueError, match=r"hall must be one of first room, first visit"):
        visit_hall("the cellar")
    with pytest.raises(ValueError, match=r"together must be a whole number from 1 to 16, got 0"):
        visit_hall("slow", together=0)
    with pytest.raises(ValueError, match=r"name must be one of"):
        cause_of("bad luck")
