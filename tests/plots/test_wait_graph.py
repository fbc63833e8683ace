"""The wait-for graph: its arrows lead to a process only if the report shows which one it is."""

from __future__ import annotations

import sysconfig

import matplotlib.pyplot as plt
import pytest

from helpers.diagnosis.museum import pieces, visit
from helpers.plots import plot_waits, waits_in_words
from helpers.plots.wait_graph import Arrow, wait_arrows
from helpers.runner.report import Member, Report
from helpers.runner.stacks import Frame, Stack

HANGS = [piece.id for piece in pieces().values() if piece.hall == "never ends"]


@pytest.fixture(autouse=True)
def closed_figures():
    """Close each figure that a test makes."""
    yield
    plt.close("all")


def stack(*places: str) -> Stack:
    """Return a stack of these calls, each `file:function`, the innermost first.

    All files but mine.py are Python's own.
    """
    library = sysconfig.get_path("stdlib")
    frames = (place.split(":") for place in places)
    return tuple(
        Frame(f"{'/somewhere' if file == 'mine.py' else library}/{file}", 7, function)
        for file, function in frames
    )


JOIN = stack("popen_fork.py:poll", "popen_fork.py:wait", "process.py:join", "mine.py:<module>")
READS = stack("connection.py:_recv", "connection.py:recv_bytes", "queues.py:get", "mine.py:work")
WAITS = stack("synchronize.py:__enter__", "queues.py:get", "mine.py:work")
FLUSHES = stack("threading.py:join", "queues.py:_finalize_join", "util.py:_exit_function")
FEEDS = stack("connection.py:_send", "connection.py:_send_bytes", "queues.py:_feed")
LOCK = stack("synchronize.py:__enter__", "mine.py:work")
UNKNOWN = stack("mine.py:work")


def main(*threads: Stack) -> Member:
    return Member(1, role="main", state="alive", threads=threads or (JOIN,))


def child(number: int, *threads: Stack, state: str = "alive", code: int | None = None) -> Member:
    name = f"Process-{number}"
    return Member(10 + number, 1, "child", name, state=state, exit_code=code, threads=threads)


def report(*members: Member, joins: int = 0) -> Report:
    """Return the report of a hang; `joins` is the number of the child that the parent joins."""
    notes = ({"what": "join", "pid": 1, "child": 10 + joins, "at": 1.0},) if joins else ()
    started = len(members) - 1
    return Report(
        "mine.py", None, "", 1.0, "", started, (), stop="still", members=members, notes=notes
    )


def to_process(waiter: str, goal: str, why: str, *, certain: bool = True) -> Arrow:
    return Arrow(waiter, goal, why, is_process=True, certain=certain)


def test_the_only_living_child_is_what_a_join_waits_for():
    arrows = wait_arrows(report(main(), child(1, READS), child(2, state="ended", code=0)))
    assert to_process("main program", "Process-1", "to exit") in arrows


def test_the_child_that_is_joined_is_known_from_the_notes():
    arrows = wait_arrows(report(main(), child(1, READS), child(2, WAITS), joins=2))
    assert [arrow for arrow in arrows if arrow.waiter == "main program"] == [
        to_process("main program", "Process-2", "to exit")
    ]


def test_a_join_of_one_of_several_is_not_certain():
    shown = report(main(), child(1, READS), child(2, READS))
    arrows = [arrow for arrow in wait_arrows(shown) if arrow.waiter == "main program"]
    assert [arrow.goal for arrow in arrows] == ["Process-1", "Process-2"]
    assert not any(arrow.certain for arrow in arrows)
    assert "main program waits for perhaps Process-1 (to exit)." in waits_in_words(shown)
    assert plot_waits(shown).texts


def test_the_only_reader_holds_the_read_lock():
    arrows = wait_arrows(report(main(), child(1, WAITS), child(2, READS)))
    assert to_process("Process-1", "Process-2", "read lock") in arrows


@pytest.mark.parametrize(
    "members",
    [
        (child(1, WAITS), child(2, READS), child(3, READS)),
        (child(1, WAITS), child(2, READS), child(3, state="ended", code=-9)),
        (child(1, WAITS), child(2, WAITS)),
    ],
    ids=["two readers", "one was killed", "no reader"],
)
def test_which_process_holds_the_read_lock_is_not_guessed(members):
    arrows = wait_arrows(report(main(), *members))
    held = [arrow for arrow in arrows if arrow.waiter == "Process-1"]
    assert [(arrow.goal, arrow.is_process) for arrow in held] == [("the queue's read lock", False)]


def test_a_process_waits_for_its_feeder_thread_and_that_for_room():
    arrows = wait_arrows(report(main(), child(1, FLUSHES, FEEDS)))
    assert to_process("Process-1", "Process-1, a thread of it", "to write") in arrows
    assert arrows[-1].goal == "room in the pipe"


def test_a_lock_is_named_by_the_line_that_wants_it():
    assert wait_arrows(report(main(), child(1, LOCK)))[-1].goal == "the lock of line 7"


def test_the_words_say_where_the_arrows_end():
    words = waits_in_words(report(main(), child(1, READS)))
    assert words == [
        "main program waits for Process-1 (to exit).",
        "Process-1 is in get() and waits for an item.",
        "The arrows end at: an item.",
    ]


def test_a_circle_of_processes_is_called_a_deadlock():
    first, second = child(1, JOIN), child(2, JOIN)
    notes = tuple(
        {"what": "join", "pid": pid, "child": other, "at": 1.0}
        for pid, other in ((11, 12), (12, 11))
    )
    shown = Report(
        "mine.py", None, "", 1.0, "", 2, (), members=(main(UNKNOWN), first, second), notes=notes
    )
    assert waits_in_words(shown)[-1] == (
        "A circle: Process-1 → Process-2 → Process-1. This is a deadlock."
    )


def test_the_picture_has_a_box_for_each_process_and_each_thing():
    shown = report(main(), child(1, READS), child(2, WAITS), child(3, UNKNOWN))
    ax = plot_waits(shown)
    texts = {text.get_text() for text in ax.texts}
    assert {"main program", "Process-1", "Process-2", "Process-3", "an item"} <= texts
    drawn = [text for text in ax.texts if getattr(text, "arrow_patch", None)]
    assert len(drawn) == len(wait_arrows(shown))


def test_a_report_without_stacks_is_drawn_and_says_so():
    empty = report(main(()))
    assert waits_in_words(empty) == ["The report has no stack of a process that waits."]
    assert "main program" in [text.get_text() for text in plot_waits(empty).texts]
    assert waits_in_words(report()) == waits_in_words(empty)
    assert plot_waits(report())


@pytest.mark.parametrize("function", [plot_waits, waits_in_words, wait_arrows])
def test_what_is_no_report_is_refused(function):
    with pytest.raises(TypeError, match="report must be a Report, got 5"):
        function(5)


@pytest.mark.slow
@pytest.mark.processes
@pytest.mark.parametrize("name", ["one_sentinel", "two_orders", *HANGS])
def test_each_hang_of_the_museum_has_arrows_and_a_picture(name):
    if not pieces()[name].here_too:
        pytest.skip("this system has no fork")
    seen = visit(name).report
    assert wait_arrows(seen)
    assert plot_waits(seen).texts


@pytest.mark.processes
def test_the_arrows_of_a_real_hang_lead_from_the_parent_to_an_item():
    arrows = wait_arrows(visit("one_sentinel").report)
    assert [arrow.why for arrow in arrows if arrow.waiter == "main program"] == ["to exit"]
    assert sorted(arrow.why for arrow in arrows) == ["get()", "read lock", "to exit"]
    assert all(arrow.certain for arrow in arrows)
