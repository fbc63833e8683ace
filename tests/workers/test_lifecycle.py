"""Lesson 02's programs and children do what the lesson says of them, under each start method."""

from __future__ import annotations

import multiprocessing
import sys

import pytest

from helpers.runner.run import run_safely
from helpers.source_code import PROGRAMS
from helpers.workers import lifecycle
from tests.running_processes import METHODS

pytestmark = [pytest.mark.usefixtures("quiet"), pytest.mark.processes]
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
each_method = pytest.mark.parametrize("method", METHODS)


@each_method
def test_sigterm_leaves_the_three_workers_of_a_program_without_a_handler(method):
    report = run_safely("parent_dies.py", limit=60, method=method)
    assert report.left == ("Process-1", "Process-2", "Process-3")


@each_method
def test_a_program_that_stops_cleanly_leaves_no_worker(method):
    report = run_safely("stops_cleanly.py", limit=60, method=method)
    assert report.verdict == "ended with exit code 143", report.output


@posix
@each_method
def test_its_workers_end_by_themselves_by_terminate_and_by_kill(method):
    report = run_safely("stops_cleanly.py", limit=60, method=method)
    assert report.output == "exit codes: [0, -15, -9]\n"


@each_method
def test_it_also_stops_when_the_signal_comes_before_all_workers_are_started(method, tmp_path):
    text = (PROGRAMS / "stops_cleanly.py").read_text(encoding="utf-8")
    early = text.replace("worker.start()", "worker.start(); signal.raise_signal(signal.SIGTERM)")
    program = tmp_path / "stops_early.py"
    program.write_text(early, encoding="utf-8")
    report = run_safely(program, limit=60, method=method)
    assert report.verdict == "ended with exit code 143", report.output
    assert report.output.endswith(", None, None]\n")


@each_method
@pytest.mark.parametrize("second", ["SIGTERM", "SIGINT"])
def test_a_second_signal_does_not_interrupt_it(second, method, tmp_path):
    text = (PROGRAMS / "stops_cleanly.py").read_text(encoding="utf-8")
    twice = text.replace("# ask all", f"; signal.raise_signal(signal.{second})")
    assert twice != text
    program = tmp_path / "asked_twice.py"
    program.write_text(twice, encoding="utf-8")
    report = run_safely(program, limit=20, method=method)
    assert report.verdict == "ended with exit code 143", report.output


@each_method
def test_a_terminated_child_leaves_its_own_child(method):
    assert run_safely("child_of_a_child.py", limit=60, method=method).left == ("Process-1:1",)


@each_method
def test_an_event_hangs_after_the_end_of_a_child_that_waited_for_it(method):
    report = run_safely("event_set_hangs.py", limit=20, still=1, method=method)
    assert report.stop
    assert report.output == "main: now I set the event\n"


@posix
@each_method
def test_a_signal_handler_reaches_a_forked_child_only(method):
    report = run_safely("inherits_handler.py", limit=60, method=method)
    assert report.output == f"the child's exit code: {3 if method == 'fork' else -15}\n"


@posix
@each_method
def test_a_queue_that_is_not_kept_is_missing_in_a_child_that_was_not_forked(method):
    report = run_safely("queue_not_kept.py", limit=60, method=method)
    code = report.output.splitlines()[-1].removeprefix("the child's exit code: ")
    # A child of the fork server starts fast: on a busy machine it can open the locks in time.
    assert code in {"fork": "0", "spawn": "1", "forkserver": "01"}[method]


@posix
@each_method
@pytest.mark.parametrize(
    ("target", "code", "tidied_up"),
    [(lifecycle.tidy_up, -15, False), (lifecycle.tidy_up_on_sigterm, 143, True)],
)
def test_sigterm_skips_finally_unless_it_is_handled(method, target, code, tidied_up):
    context = multiprocessing.get_context(method)
    started, please_end, notes = context.Event(), context.Event(), context.SimpleQueue()
    child = context.Process(target=target, args=(started, please_end, notes))
    child.start()
    assert started.wait(60)
    child.terminate()
    child.join()
    assert child.exitcode == code
    assert (not notes.empty()) == tidied_up
