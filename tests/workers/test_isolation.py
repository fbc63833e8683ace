"""Lesson 03's programs and children do what the lesson says of them, under each start method."""

from __future__ import annotations

import multiprocessing
import threading
from types import SimpleNamespace

import pytest

from helpers.runner.run import run_safely
from helpers.workers import isolation
from tests.quiet import METHODS

pytestmark = pytest.mark.usefixtures("quiet")


def printed(program: str, method: str) -> dict[str, str]:
    """Return what the program printed: the text after each colon by the text before it."""
    report = run_safely(program, limit=60, method=method)
    assert report.verdict == "ended", report.output
    return dict(line.split(": ", 1) for line in report.output.splitlines() if ": " in line)


@pytest.mark.processes
@pytest.mark.parametrize("method", METHODS)
def test_a_global_is_inherited_by_fork_only_and_an_argument_always(method):
    told = printed("global_or_argument.py", method)
    assert told["in by_global, out by a queue"] == ("300" if method == "fork" else "100")
    assert told["in by_argument, out by a queue"] == "300"
    assert told["out by a global"] == "0"


@pytest.mark.processes
@pytest.mark.parametrize("method", METHODS)
def test_a_child_gets_what_the_lesson_says(method):
    told, forked = printed("what_a_child_gets.py", method), method == "fork"
    assert told["global set to blue by main"] == ("blue" if forked else "red")
    late = "missing" if method == "forkserver" else "set"
    assert told["environment variable set late"] == late
    assert told["working directory set late"] == "the parent's"
    assert told["the parent's open file"] == ("open" if forked else "not open")
    assert told["the parent's other threads"] == "0"
    assert told["random in two children, seeded by main"] == "different"
    drawn = "equal" if forked else "different"
    assert told["numpy.random in two children, seeded by main"] == drawn


@pytest.mark.processes
@pytest.mark.parametrize("method", METHODS)
def test_the_parents_exit_handlers_do_not_run_in_a_child(method):
    told = printed("exit_handlers.py", method)
    assert told["the parent's handler, when the child ends"] == "does not"


@pytest.mark.processes
@pytest.mark.parametrize("method", METHODS)
def test_a_value_by_a_global_is_shared_by_fork_only(method):
    told = printed("value_by_global.py", method)
    assert told["by a global, the parent reads"] == ("7" if method == "fork" else "0")
    assert told["as an argument, the parent reads"] == "7"


@pytest.mark.processes
@pytest.mark.parametrize("method", METHODS)
def test_what_is_shared_can_be_inherited_and_not_sent(method):
    told = printed("inherited_or_sent.py", method)
    assert {key: "arrives" if "start" in key else "RuntimeError" for key in told} == told
    assert len(told) == 8


@pytest.mark.processes
@pytest.mark.parametrize("method", METHODS)
def test_what_has_no_name_or_is_tied_to_a_process_passes_by_fork_only(method):
    told = printed("what_can_be_passed.py", method)
    passes = [name for name, how in told.items() if how == "arrives"]
    assert passes == (list(told) if method == "fork" else ["a list", "a function of this file"])
    assert len(told) == 7


@pytest.mark.processes
@pytest.mark.skipif("fork" not in METHODS, reason="this system has no fork")
def test_reading_many_objects_copies_them_and_reading_one_block_does_not():
    told = {name: float(grown) for name, grown in printed("only_reads.py", "fork").items()}
    assert told["an array of numbers"] < 3
    assert told["a list with one object many times"] < 3
    assert told["a list of many objects"] > 20


@pytest.mark.processes
@pytest.mark.parametrize("method", METHODS)
def test_the_worst_order_loses_an_addition_and_a_lock_prevents_it(method):
    context = multiprocessing.get_context(method)
    for locked, expected in ((False, (1, [1, 1])), (True, (2, [1, 2]))):
        box, answers = context.Value("q", 0), context.SimpleQueue()
        lock, patience = (box.get_lock(), 0.1) if locked else (None, 60.0)
        args = (box, context.Barrier(2), lock, patience, answers)
        workers = [context.Process(target=isolation.add_in_worst_order, args=args) for _ in "AB"]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert (box.value, sorted(answers.get() for _ in workers)) == expected


def test_the_worst_order_loses_an_addition_of_threads_too():
    box, answers = SimpleNamespace(value=0), multiprocessing.SimpleQueue()
    args = (box, threading.Barrier(2), None, 60.0, answers)
    workers = [threading.Thread(target=isolation.add_in_worst_order, args=args) for _ in "AB"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert box.value == 1


@pytest.mark.processes
@pytest.mark.parametrize("method", METHODS)
def test_many_additions_with_the_lock_held_are_all_there(method):
    context = multiprocessing.get_context(method)
    total, begin = context.Value("q", 0), context.Barrier(2)
    args = (500, total, begin)
    workers = [context.Process(target=isolation.add_often_locked, args=args) for _ in "AB"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert total.value == 1_000
