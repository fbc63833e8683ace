"""Measuring: a run under any engine, a sweep beside its ceiling, tasks awaited on one thread."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from helpers.engines.pool import Stopped, WorkFailed
from helpers.measure.sweeps import compare_waiting, measure, measure_async, sweep
from helpers.runner import process_states
from helpers.workers import compute
from helpers.workers.workloads import workload
from tests import odd_workers
from tests.running_processes import (
    KINDS,
    PROCESS_KINDS,
    SOON,
    Trap,
    alive_after,
    interrupted_when_caught,
)
from tools.outline import ROOT

pytestmark = [pytest.mark.usefixtures("quiet"), pytest.mark.standard_library]


@pytest.mark.processes
@pytest.mark.parametrize("engine", KINDS)
def test_every_engine_gives_the_right_answers(engine):
    work = workload("primes")
    run = measure(work.worker, work.tasks(6, 200), engine, chunksize=2)
    assert work.is_right(run.results, 6, 200)
    assert (run.engine, run.worker) == (engine, "count_primes")


def test_every_round_is_kept_and_the_median_ones_records_are_shown():
    run = measure(odd_workers.double, [1, 2], "serial", rounds=4)
    assert len(run.walls) == 4
    assert max(record.end for record in run.records) <= run.wall == sorted(run.walls)[1]


@pytest.mark.processes
def test_start_up_is_apart_from_the_work():
    run = measure(odd_workers.double, [1], "spawn", workers=1)
    assert run.startup > run.wall  # a whole interpreter against one multiplication


def test_two_waiting_tasks_overlap_where_there_are_two_workers():
    run = measure(compute.wait, [0.2, 0.2], "threads", workers=2)
    assert run.most_at_once() == 2
    assert measure(compute.wait, [0.01, 0.01], "serial").most_at_once() == 1


@pytest.mark.processes
def test_a_pool_that_is_not_asked_for_is_the_platforms_own_processes():
    run = measure(odd_workers.double, [1, 2])
    assert (run.engine, run.workers) == ("processes", 2)


# --- on this very Python, apart -------------------------------------------------------------------


@pytest.mark.processes
def test_measured_apart_it_ran_in_another_process():
    run = measure(odd_workers.double, [1, 2, 3], "threads", python=sys.executable)
    assert run.results == [2, 4, 6]
    assert os.getpid() not in run.processes


@pytest.mark.parametrize("python", ["no-such-python", "/nowhere/python", ""])
def test_an_interpreter_that_is_not_there_is_refused(python):
    with pytest.raises(ValueError, match=r"python must be a Python on this machine, got .*\. Pass"):
        measure(odd_workers.double, [1], python=python)


@pytest.mark.processes
@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"python": 5}, "python must be a path or a name, got 5"),
        ({"python": sys.executable, "engine": "process"}, "engine must be one of serial"),
        ({"python": sys.executable, "workers": 0}, "workers must be a whole number"),
        ({"python": sys.executable, "workers": 10**9}, "workers must be a whole number"),
        ({"python": sys.executable, "rounds": 0}, "rounds must be a whole number"),
        ({"python": sys.executable, "tasks": []}, "tasks must be a list with at least one"),
        ({"python": sys.executable, "worker": lambda task: task}, "worker must be a function"),
        ({"python": sys.executable, "progress": 5}, "progress must be a function"),
        ({"workers": 0}, "workers must be a whole number"),
        ({"tasks": 5}, "tasks must be a list of tasks"),
        ({"worker": None}, "worker must be a function of one task"),
    ],
)
def test_what_cannot_be_measured_is_refused_before_anything_starts(changes, match):
    arguments = {"worker": odd_workers.double, "tasks": [1], "engine": "processes"} | changes
    with pytest.raises((TypeError, ValueError), match=match):
        measure(**arguments)


# --- a sweep --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def measured():
    """Return one sweep that several tests look at."""
    told = []
    result = sweep(
        compute.count_primes,
        [range(2_000)] * 4,
        engines=("threads", "processes"),
        workers=(2, 1),
        rounds=2,
        progress=lambda done, total: told.append((done, total)),
    )
    return result, told


@pytest.mark.processes
def test_a_sweep_has_every_engine_with_every_number_of_workers(measured):
    result, _ = measured
    assert [(run.engine, run.workers) for run in result.runs] == [
        ("threads", 1), ("threads", 2), ("processes", 1), ("processes", 2),
    ]  # fmt: skip
    assert result.worker_counts == (1, 2)


@pytest.mark.processes
def test_a_sweeps_baseline_is_a_plain_loop(measured):
    result, _ = measured
    assert (result.baseline.engine, result.baseline.workers) == ("serial", 1)


@pytest.mark.processes
def test_a_sweep_has_a_ceiling_for_every_number_of_workers(measured):
    result, _ = measured
    assert set(result.ceilings) == {1, 2}
    assert all(len(walls) == 2 for walls in result.ceiling_walls.values())
    assert min(ratio.lowest for ratio in result.ceilings.values()) > 0  # the work is very small


@pytest.mark.processes
def test_all_runs_of_a_sweep_give_the_same_results(measured):
    result, _ = measured
    assert all(run.results == [303] * 4 for run in (result.baseline, *result.runs))


@pytest.mark.processes
def test_a_sweep_keeps_every_turn(measured):
    result, _ = measured
    assert all(len(run.walls) == 2 for run in (result.baseline, *result.runs))


@pytest.mark.processes
def test_a_sweep_tells_its_progress_to_the_end(measured):
    _, told = measured
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1] == len(told)


@pytest.mark.processes
def test_the_loop_of_a_sweep_can_do_the_work_before_it_was_cut():
    result = sweep(
        sum, [[1, 2], [3]], whole=[[1, 2, 3]], engines=["threads"], workers=[1], rounds=2
    )
    assert result.baseline.results == [6]
    assert result.runs[0].results == [3, 3]
    assert len(result.ceiling_walls[1]) == 2


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"engines": ()}, "engines must be a list with at least one name"),
        ({"engines": "threads"}, "engines must be a list of names, got 'threads'"),
        ({"engines": ("serial",)}, "engines must be engines of this machine, got 'serial'"),
        ({"engines": ("process",)}, "engine must be one of serial"),
        ({"engines": (5,)}, "engine must be one of serial"),
        ({"workers": ()}, "workers must be a list with at least one number"),
        ({"workers": 2}, "workers must be a list of whole numbers, got 2"),
        ({"workers": (0,)}, "workers must be a whole number from 1 to 61, got 0"),
        ({"workers": (1, 10**9)}, "workers must be a whole number from 1 to 61"),
        ({"rounds": 0}, "rounds must be a whole number"),
        ({"chunksize": "x"}, "chunksize must be a whole number"),
        ({"tasks": []}, "tasks must be a list with at least one task"),
        ({"tasks": None}, "tasks must be a list of tasks"),
        ({"worker": lambda task: task}, "worker must be a function at the top level"),
        ({"worker": 5}, "worker must be a function of one task, got 5"),
        ({"whole": []}, "tasks must be a list with at least one task"),
        ({"stop": 5}, "stop must be a threading.Event"),
    ],
)
def test_what_cannot_be_swept_is_refused_before_anything_starts(changes, match):
    arguments = {"worker": odd_workers.double, "tasks": [1]} | changes
    with pytest.raises((TypeError, ValueError), match=match):
        sweep(**arguments)


@pytest.mark.processes
def test_this_process_has_done_a_task_before_its_loop_is_measured():
    odd_workers.CALLS.clear()
    swept = sweep(odd_workers.count_calls, [1, 2], engines=["threads"], workers=[1], rounds=1)
    assert swept.baseline.results == [2, 3]


@pytest.mark.processes
@pytest.mark.parametrize(
    ("worker", "match"),
    [
        (odd_workers.fail, "Task 1 failed in this process: ValueError: on purpose"),
        (odd_workers.return_a_lock, "could not be sent back|cannot pickle"),
    ],
)
def test_a_worker_that_fails_in_a_sweep_is_told(worker, match):
    with pytest.raises(WorkFailed, match=match):
        sweep(worker, [1], engines=["processes"], workers=[1], rounds=1)


@pytest.mark.processes
def test_an_interrupt_in_a_sweep_ends_all_it_started():
    with (
        Trap() as trap,
        pytest.raises(KeyboardInterrupt),
        interrupted_when_caught(trap, 1),
    ):
        sweep(odd_workers.report_and_hang, [trap.address], engines=["processes"], workers=[1, 2])


@pytest.mark.processes
def test_a_sweep_can_be_stopped_between_its_turns():
    stop = threading.Event()
    with pytest.raises(Stopped):
        sweep(
            odd_workers.double,
            [1],
            engines=["threads"],
            workers=[1],
            rounds=1_000,
            stop=stop,
            progress=lambda done, _: stop.set() if done == 4 else None,
        )


# --- a whole program that is interrupted, as from a terminal -------------------------------------


PROGRAM = """
import signal, sys
from helpers.measure.sweeps import measure
from tests.odd_workers import report_and_hang

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    print("begun", flush=True)
    measure(report_and_hang, [("127.0.0.1", int(sys.argv[1]))] * 4, sys.argv[2])
"""


@pytest.fixture
def program(tmp_path):
    """Return a function that starts such a program in its own process group."""
    file = tmp_path / "program.py"
    file.write_text(PROGRAM, encoding="utf-8")
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    started = []

    def start(trap: Trap, engine: str) -> subprocess.Popen:
        command = [sys.executable, str(file), str(trap.address[1]), engine]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        environment = {**os.environ, "PYTHONPATH": path}
        started.append(subprocess.Popen(command, env=environment, start_new_session=True, **pipes))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.processes
@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals to process groups")
@pytest.mark.parametrize("engine", ["serial", *PROCESS_KINDS])
def test_an_interrupted_program_ends_and_only_it_complains(program, engine):
    with Trap() as trap:
        process = program(trap, engine)
        trap.catch(1 if engine == "serial" else 2)
        tree = process_states.descendants(process.pid)
        os.killpg(process.pid, signal.SIGINT)
        _, complaint = process.communicate(timeout=SOON)
        assert process.returncode != 0
        assert complaint.count("Traceback") == complaint.count("\nKeyboardInterrupt") == 1
        assert alive_after(2, tree) == []


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals to process groups")
@pytest.mark.parametrize("engine", PROCESS_KINDS)
@pytest.mark.parametrize("delay", [step / 50 for step in range(20)])
def test_a_program_interrupted_at_any_moment_ends(program, engine, delay):
    with Trap() as trap:
        process = program(trap, engine)
        process.stdout.readline()
        time.sleep(delay)  # the moment itself is what is tried
        tree = process_states.descendants(process.pid)
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=5)
        assert process.returncode != 0
        assert alive_after(2, tree) == []


# --- awaited --------------------------------------------------------------------------------------


def test_awaited_tasks_share_one_thread_and_overlap():
    barrier = None

    async def meet(number):
        await barrier.wait()
        return number

    async def main():
        nonlocal barrier
        barrier = asyncio.Barrier(5)  # only the simultaneous pass
        return await measure_async(meet, range(5), rounds=2)

    run = asyncio.run(main())
    assert run.results == [0, 1, 2, 3, 4]
    assert run.threads == {(os.getpid(), threading.get_ident())}
    assert run.most_at_once() == 5
    assert (run.engine, run.workers, len(run.walls)) == ("asyncio", 1, 2)


def test_tasks_beside_one_that_failed_are_cancelled():
    cancelled = []

    async def fail_or_hang(number):
        if number == 3:
            raise ValueError("on purpose")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(number)
            raise

    with pytest.raises(WorkFailed, match="A task failed under asyncio: ValueError: on purpose"):
        asyncio.run(measure_async(fail_or_hang, range(5)))
    assert sorted(cancelled) == [0, 1, 2, 4]


@pytest.mark.parametrize("worker", [odd_workers.double, None, 5])
def test_a_worker_that_cannot_be_awaited_is_refused(worker):
    with pytest.raises(TypeError, match=r"worker must be an `async def` function of one task, got"):
        asyncio.run(measure_async(worker, [1]))


def test_no_work_to_await_is_refused():
    with pytest.raises(ValueError, match="tasks must be a list with at least one task"):
        asyncio.run(measure_async(odd_workers.double_async, []))


def test_no_more_tasks_are_awaited_at_once_than_asked_for():
    under_way, most = 0, []

    async def note(number):
        nonlocal under_way
        under_way += 1
        most.append(under_way)
        await asyncio.sleep(0)
        under_way -= 1
        return number

    run = asyncio.run(measure_async(note, range(20), at_once=3))
    assert max(most) == 3
    assert run.results == list(range(20))


@pytest.mark.parametrize("at_once", [0, -1, "2", 1.5])
def test_a_number_at_once_that_is_none_is_refused(at_once):
    with pytest.raises((TypeError, ValueError), match="at_once must be a whole number"):
        asyncio.run(measure_async(odd_workers.double_async, [1], at_once=at_once))


@pytest.mark.processes
def test_what_waits_is_compared_with_the_same_number_at_once_in_the_same_rounds():
    told = []
    runs = asyncio.run(
        compare_waiting(
            odd_workers.double, odd_workers.double_async, range(6), at_once=2, rounds=3,
            progress=lambda *step: told.append(step),
        )
    )  # fmt: skip
    assert list(runs) == ["serial", "threads", "processes", "asyncio"]
    assert {name: run.workers for name, run in runs.items()} == {
        "serial": 1, "threads": 2, "processes": 2, "asyncio": 1,
    }  # fmt: skip
    assert {run.rounds for run in runs.values()} == {3}
    assert all(run.results == [0, 2, 4, 6, 8, 10] for run in runs.values())
    assert runs["asyncio"].most_at_once() <= 2
    assert told[-1] == (12, 12)
