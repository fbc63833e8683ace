"""Lesson 03's programs and children do what the lesson says of them, under each start method."""

from __future__ import annotations

import multiprocessing
import threading

import pytest

from helpers.runner.run import run_safely
from helpers.workers import isolation
from tests.running_processes import METHODS

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
    assert told["by_global sends"] == ("300" if method == "fork" else "100")
    assert told["by_argument sends"] == "300"
    assert told["result in the parent"] == "0"


@pytest.mark.processes
@pytest.mark.parametrize("method", METHODS)
def test_only_a_forked_child_has_what_main_set_except_for_the_environment(method):
    output = printed("set_by_main.py", method)
    told = {name: how for name, how in output.items() if how in ("found", "missing")}
    assert len(told) == 5
    found = [name for name, how in told.items() if how == "found"]
    assert found == (list(told) if method == "fork" else ["an environment variable"])


@pytest.mark.processes
@pytest.mark.parametrize("method", METHODS)
def test_a_child_gets_what_the_lesson_says(method):
    told = printed("what_a_child_gets.py", method)
    late = "missing" if method == "forkserver" else "set"
    assert told["a variable of the environment"] == late
    assert told["the working directory"] == "the parent's"
    assert told["threads, of the parent's two"] == "1"


@pytest.mark.processes
@pytest.mark.parametrize("method", METHODS)
def test_a_fork_copies_generators_other_than_that_of_the_module_random(method):
    told = printed("four_draws.py", method)
    assert told.pop("random.random()") == "4"
    assert told.pop("a default_rng(seed), made in the child") == "4"
    assert len(told) == 3
    if method == "fork":
        assert set(told.values()) == {"1"}
    if method == "spawn":  # a fork server may import the file once, for all children
        assert set(told.values()) == {"4"}


@pytest.mark.processes
@pytest.mark.parametrize("method", METHODS)
def test_forked_children_share_the_offset_of_an_open_file(method):
    told = printed("shared_offset.py", method)
    assert told["given the path, each counts"] == "[1000, 1000, 1000]"
    open_file = "[1000, 0, 0]" if method == "fork" else "refused"
    assert told["given the open file, each counts"] == open_file


@pytest.mark.processes
@pytest.mark.skipif("forkserver" not in METHODS, reason="this system has no fork server")
def test_what_a_fork_server_imported_costs_its_children_little():
    grown = {}
    for how in ("plain", "preload"):
        report = run_safely("preloaded.py", how, limit=60)
        assert report.verdict == "ended", report.output
        grown[how] = float(report.output.split()[1])
    assert grown["preload"] < 0.7 * grown["plain"]


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
    assert len(told) == 9
    assert told.pop("manager's lock, through a queue") == "arrives"
    assert {key: "arrives" if "start" in key else "RuntimeError" for key in told} == told


@pytest.mark.processes
@pytest.mark.parametrize("method", METHODS)
def test_what_has_no_name_or_is_tied_to_a_process_passes_by_fork_only(method):
    told = printed("what_can_be_passed.py", method)
    assert told.pop("things that arrive") == ("7" if method == "fork" else "2")
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
    for target, expected in (
        (isolation.add_in_worst_order, (1, [1, 1])),
        (isolation.add_with_lock, (2, [1, 2])),
    ):
        box, answers = context.Value("q", 0), context.SimpleQueue()
        args = (box, context.Barrier(2), answers)
        workers = [context.Process(target=target, args=args) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert (box.value, sorted(answers.get() for _ in workers)) == expected


def test_the_worst_order_loses_an_addition_of_threads_too():
    box, answers = isolation.Box(), multiprocessing.SimpleQueue()
    args = (box, threading.Barrier(2), answers)
    workers = [threading.Thread(target=isolation.add_in_worst_order, args=args) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert box.value == 1


@pytest.mark.processes
@pytest.mark.parametrize("method", METHODS)
def test_many_additions_with_the_lock_held_are_all_there(method):
    context = multiprocessing.get_context(method)
    total, barrier = context.Value("q", 0), context.Barrier(2)
    args = (total, 500, barrier)
    workers = [context.Process(target=isolation.add_often_with_lock, args=args) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert total.value == 1_000
