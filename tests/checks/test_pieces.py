"""Each piece of which a lab's check is made tells the mini answers of mini_answers.py apart."""

from __future__ import annotations

import importlib.util
import multiprocessing
import re
from pathlib import Path

import pytest

from helpers.checks.lifecycle import Lifecycle
from helpers.checks.parallelism import all_together, in_processes, one_process_each
from helpers.checks.races import no_race
from helpers.checks.results import Case, right_results
from helpers.checks.shared_memory import BLOCK, MANAGER, VALUE, Sharing, made_at_import
from helpers.checks.supervised_run import SupervisedRun
from helpers.checks.verdict import OK
from helpers.diagnosis.match import diagnose
from helpers.rendezvous.meeting import Meeting
from helpers.runner.run import run_safely
from tests import mini_answers as mini
from tests import odd_workers
from tests.running_processes import METHODS, SOON
from tools.outline import ROOT

pytestmark = pytest.mark.usefixtures("quiet")
PROGRAM = Path(mini.__file__)
BRIEF = 0.05  # seconds that a meeting waits for workers that can't come


def watched(answer, patience=SOON, **how):
    """Return the meeting and the life cycle of the answer's children after it has done the jobs."""
    with Meeting(len(mini.JOBS), patience, **how) as meeting, Lifecycle() as lifecycle:
        answer(list(mini.JOBS))
    return meeting, lifecycle


# --- together -------------------------------------------------------------------------------------


@pytest.mark.processes
def test_processes_that_were_alive_together_pass_every_piece():
    meeting, lifecycle = watched(mini.all_together)
    assert in_processes(meeting, 3) == OK
    assert one_process_each(meeting, 3) == OK
    assert all_together(meeting, lifecycle, 3) == OK
    assert lifecycle.all_ended_well() == OK


@pytest.mark.processes
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (mini.no_job_done, "expected 3 calls of do_job, saw 0"),
        (mini.serial, "the parent did the work itself"),
        (mini.in_threads, "threads of the parent did the work"),
        (mini.pool_of_one, "one process did all 3 jobs, one after the other"),
        (mini.threads_in_a_child, "threads of one process did all the jobs"),
    ],
)
def test_who_did_not_work_in_a_process_for_each_job_is_told_apart(answer, words):
    meeting, _ = watched(answer, BRIEF)
    state, reason = one_process_each(meeting, 3)
    assert state == "not yet"
    assert words in reason


@pytest.mark.processes
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (mini.serial, "can't be judged yet: first run each job in"),
        (mini.start_join_start_join, "only 1 of 3 .* join\\(\\) right after start\\(\\)"),
        (mini.pool_of_one, "only 1 of 3 .* 1 were started: is the pool too small"),
    ],
)
def test_who_was_not_together_is_told_apart(answer, words):
    meeting, lifecycle = watched(answer, BRIEF)
    state, reason = all_together(meeting, lifecycle, 3)
    assert state == "not yet"
    assert re.search(words, reason)


def test_the_given_work_has_the_name_that_the_lab_gives_it():
    meeting, _ = watched(mini.no_job_done, BRIEF)
    assert "calls of count_word, saw 0" in in_processes(meeting, 3, "count_word")[1]


# --- results --------------------------------------------------------------------------------------


def test_the_first_wrong_result_is_told():
    cases = [Case("an empty list", ([],), 0), Case("one", ([1],), 1), Case("two", ([1, 1],), 2)]
    assert right_results(len, cases) == OK
    wrong = right_results(lambda items: 0, cases)
    assert wrong == ("not yet", "with one: expected 1, got 0")
    raised = right_results(lambda items: items[0], cases)
    assert raised[1] == "with an empty list it raised IndexError: list index out of range"


def test_what_is_not_written_is_no_wrong_result():
    def not_written():
        raise NotImplementedError

    with pytest.raises(NotImplementedError):
        right_results(not_written, [Case("nothing", (), None)])


# --- fates and order ------------------------------------------------------------------------------


@pytest.mark.processes
def test_a_killed_worker_is_an_error_of_the_executor():
    report = run_safely(PROGRAM, "executor", limit=60)
    assert report.output == "BrokenProcessPool\n"
    assert report.left == ()


@pytest.mark.processes
def test_a_killed_worker_hangs_a_pool_and_the_runner_comes_back():
    report = run_safely(PROGRAM, "pool", limit=6)
    assert report.stop
    assert diagnose(report).name == "a Pool worker died"
    assert report.left == ()


@pytest.mark.processes
def test_with_the_last_first_an_order_of_arrival_is_not_that_of_the_jobs():
    with Meeting(3, SOON, last_first=True) as meeting:
        ids = mini.executor(mini.JOBS)
    told = {job: pid for job, pid, _ in meeting.reports}
    assert ids == [told[job] for job in mini.JOBS]
    with Meeting(3, SOON, last_first=True) as meeting:
        ids = mini.by_arrival(mini.JOBS)
    assert ids == [pid for _, pid, _ in reversed(meeting.reports)]


# --- sharing --------------------------------------------------------------------------------------


@pytest.mark.processes
def test_what_kind_of_shared_memory_was_made_is_known():
    with Sharing() as nothing:
        mini.SPAWN.SimpleQueue()
    assert not nothing.made & {VALUE, BLOCK, MANAGER}
    with Sharing() as value:
        mini.SPAWN.Value("i", 0)
    assert VALUE in value.made
    with Sharing() as manager, mini.SPAWN.Manager():
        pass
    assert MANAGER in manager.made
    assert not made_at_import(mini)


# --- races ----------------------------------------------------------------------------------------


def test_outside_the_runner_nobody_can_tell_of_a_race(monkeypatch):
    monkeypatch.delenv("COURSE_RUN_NOTES", raising=False)
    with pytest.raises(RuntimeError, match=r"bounded runner only\. Use j"):
        no_race("Hold one lock.")


@pytest.mark.processes
def test_a_lock_ends_the_race():
    assert run_safely(PROGRAM, "locked", limit=60).output == f"{OK}\n"


@pytest.mark.processes
def test_a_race_is_told_with_its_line_and_what_to_do():
    output = run_safely(PROGRAM, "racing", limit=60).output
    (line,) = (
        n for n, text in enumerate(PROGRAM.read_text().splitlines(), 1) if "def add(" in text
    )
    assert f"line {line + 1} reads a shared value and writes it back" in output
    assert output.rstrip().endswith("Hold one lock.')")


# --- holding stops back ---------------------------------------------------------------------------


@pytest.mark.processes
def test_an_answer_whose_timer_goes_on_while_a_stop_is_held_back_asks_in_time():
    path = ROOT / "tests/labs/02_start_and_join/right_timer.py"
    spec = importlib.util.spec_from_file_location("right_timer", path)
    answer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(answer)
    jobs = {name: (odd_workers.refuse_to_end_late, (name, 1.0)) for name in ("index", "video")}
    run = SupervisedRun(answer, jobs, 0.1, 0.2, lambda *_: []).run()
    assert run.asked_too_late() == OK


# --- turns ----------------------------------------------------------------------------------------


def total_in_turns(function, total, *more):
    """Return the total after three children, in turns, have called the function on it."""
    with Meeting(3, SOON, in_turns=True):
        args = [(function, job, total, *more) for job in mini.JOBS]
        mini._all([mini.SPAWN.Process(target=mini.after_a_job, args=a) for a in args])
    return total.value


@pytest.mark.processes
@pytest.mark.parametrize("function", [mini.add, mini.add_with_own_lock, mini.lock_for_the_read])
def test_in_turns_what_can_get_lost_gets_lost(function):
    assert total_in_turns(function, mini.SPAWN.Value("i", 0)) == 1


@pytest.mark.processes
def test_in_turns_memory_without_any_lock_is_no_different():
    lock = mini.SPAWN.Lock()
    assert total_in_turns(mini.add_to_raw, mini.SPAWN.RawValue("i", 0), lock) == 1
    assert total_in_turns(mini.add_to_raw_locked, mini.SPAWN.RawValue("i", 0), lock) == 3


@pytest.mark.processes
def test_in_turns_one_lock_for_all_loses_nothing():
    assert total_in_turns(mini.add_locked, mini.SPAWN.Value("i", 0)) == 3


@pytest.mark.processes
@pytest.mark.parametrize("method", METHODS)
def test_a_worker_of_a_pool_takes_turns_until_its_task_is_done(method):
    context = multiprocessing.get_context(method)
    with Meeting(1, SOON, in_turns=True), context.Pool(1) as pool:
        assert pool.apply(mini.turns_taken, (True,)) == 1
        assert pool.apply(mini.turns_taken, (False,)) == 0


@pytest.mark.processes
def test_when_nobody_can_go_on_in_turns_all_go_on_freely():
    lock = mini.SPAWN.Lock()
    with Meeting(3, SOON, in_turns=True):
        made = [(mini.never_releases, job, lock) for job in mini.JOBS]
        mini._all([mini.SPAWN.Process(target=mini.after_a_job, args=args) for args in made])
    assert not lock.acquire(block=False)
