"""Warm workers: what they note of each task, and how every kind of failure ends."""

from __future__ import annotations

import functools
import os
import queue
import subprocess
import sys
import threading
import types
from concurrent.futures import wait

import psutil
import pytest

from helpers import timing
from helpers.engines import pool as pools
from helpers.engines.pool import (
    PlainLoop,
    Round,
    Stopped,
    WarmPool,
    WorkFailed,
    check_tasks,
    check_worker,
    measure_here,
    run_of_rounds,
)
from helpers.engines.records import TaskRecord
from helpers.workers import compute
from tests import odd_workers
from tests.running_processes import (
    DEFAULT,
    GLIBC,
    KINDS,
    PROCESS_KINDS,
    Trap,
    interrupted_when_caught,
)
from tools.outline import ROOT

pytestmark = [pytest.mark.usefixtures("quiet"), pytest.mark.standard_library]
SHARING = [kind for kind in KINDS if kind in ("serial", "threads")]


@pytest.mark.processes
@pytest.mark.parametrize("engine", KINDS)
def test_results_come_in_the_order_of_the_tasks(engine):
    run = measure_here(odd_workers.double, range(50), engine, chunksize=7)
    assert run.results == [2 * n for n in range(50)]
    assert [record.index for record in run.records] == list(range(50))


@pytest.mark.processes
@pytest.mark.parametrize("engine", KINDS)
def test_each_task_is_timed_on_the_runs_own_clock(engine):
    run = measure_here(compute.wait, [0.01] * 6, engine)
    assert all(0 <= record.start < record.end <= run.wall for record in run.records)
    assert all(0.01 <= record.seconds < 5 for record in run.records)
    assert all(0 <= record.cpu < record.seconds for record in run.records)
    assert run.startup > 0


@pytest.mark.skipif(not GLIBC, reason="how memory is freed is glibc's own")
@pytest.mark.processes
@pytest.mark.parametrize("engine", KINDS)
def test_no_worker_fetches_the_pages_again_that_a_task_has_freed(engine):
    run = measure_here(odd_workers.fetch_pages, [8_000_000], engine, workers=1)
    assert run.results[0] < 100  # of about 2,000


@pytest.mark.skipif(not GLIBC, reason="how memory is freed is glibc's own")
@pytest.mark.processes
def test_freed_memory_can_be_kept_without_the_help_of_pythons_allocator():
    program = (
        "from helpers import timing; from tests.odd_workers import fetch_pages;"
        "timing._allocate_and_free_by_c(); print(fetch_pages(8_000_000))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert int(run.stdout) < 100, run.stderr


@pytest.mark.processes
@pytest.mark.parametrize("engine", KINDS)
def test_cpu_seconds_are_those_of_the_task(engine):
    run = measure_here(compute.count_primes, [range(1_000_000, 1_003_000)] * 2, engine)
    assert all(0 < record.cpu <= record.seconds * 1.1 for record in run.records)


@pytest.mark.processes
@pytest.mark.parametrize("engine", KINDS)
def test_records_name_where_tasks_ran(engine):
    run = measure_here(odd_workers.double, range(8), engine)
    mine = {(os.getpid(), threading.get_ident())}
    if engine == "serial":
        assert run.threads == mine
    elif engine in PROCESS_KINDS:
        assert os.getpid() not in run.processes
    else:
        assert run.processes == {os.getpid()}
        assert not run.threads & mine


@pytest.mark.processes
@pytest.mark.parametrize("engine", [kind for kind in KINDS if kind != "serial"])
def test_all_workers_stand_before_the_first_task(engine):
    with Trap() as trap, WarmPool(engine, 3) as pool:
        started = threading.Thread(
            target=pool.round, args=(odd_workers.report_and_hang, [trap.address] * 3)
        )
        started.start()
        trap.catch(3)  # three tasks at the same time are three workers
        trap.__exit__(None, None, None)
        started.join()


@pytest.mark.processes
@pytest.mark.parametrize("engine", KINDS)
def test_a_worker_is_found_in_a_folder_that_was_added_since_python_started(
    engine, tmp_path, monkeypatch
):
    (tmp_path / "work_98.py").write_text("def triple(n):\n    return 3 * n\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    import work_98

    run = measure_here(work_98.triple, [1, 2], engine, workers=1)
    del sys.modules["work_98"]
    assert run.results == [3, 6]


@pytest.mark.processes
@pytest.mark.parametrize("engine", PROCESS_KINDS)
def test_the_worker_is_imported_before_the_first_task(engine):
    loaded = "tests.odd_workers"
    with WarmPool(engine, 1, odd_workers.double) as pool:
        assert pool.round(module_is_loaded, [loaded]).results == [True]


def module_is_loaded(name: str) -> bool:
    return name in sys.modules


@pytest.mark.processes
def test_a_pool_does_many_rounds_on_the_same_workers():
    with WarmPool("processes", 2) as pool:
        rounds = [pool.round(odd_workers.double, list(range(20))) for _ in range(3)]
    assert len({record.process for one in rounds for record in one.records}) <= 2
    assert all(one.results == [2 * n for n in range(20)] for one in rounds)


@pytest.mark.parametrize("rounds", [1, 2, 5])
def test_all_rounds_are_taken(rounds):
    run = measure_here(odd_workers.double, [1], "serial", rounds=rounds)
    assert len(run.walls) == len(run.cpus) == rounds


@pytest.mark.parametrize(
    ("walls", "middle"), [((5.0,), 5.0), ((5.0, 1.0), 1.0), ((5.0, 1.0, 3.0, 2.0), 2.0)]
)
def test_a_run_has_the_records_and_results_of_its_median_round(walls, middle):
    rounds = [Round(wall, (TaskRecord(0, 1, 1, 0.0, wall, wall / 2),), [wall]) for wall in walls]
    run = run_of_rounds(odd_workers.double, "threads", 2, 0.1, rounds)
    assert run.wall == middle
    assert run.results == [middle]
    assert run.records[0].end == middle
    assert run.walls == walls
    assert run.cpus == tuple(wall / 2 for wall in walls)


def test_a_plain_loop_reads_the_clock_only_around_the_loop(monkeypatch):
    clock = iter([10.0, 17.0])
    monkeypatch.setattr(pools, "perf_counter", lambda: next(clock))
    done = PlainLoop().round(odd_workers.double, [1, 2, 3])
    assert (done.wall, done.results, len(done.records)) == (7.0, [2, 4, 6], 1)


def test_a_plain_loop_can_be_measured_as_an_engine_can():
    told = []
    run = measure_here(
        odd_workers.double, [1, 2], "plain loop", rounds=3, progress=lambda *step: told.append(step)
    )
    assert (run.engine, run.workers, run.startup, run.rounds) == ("plain loop", 1, 0.0, 3)
    assert told == [(2, 6), (4, 6), (6, 6)]


def test_a_plain_loop_says_which_task_failed_and_can_be_stopped():
    with pytest.raises(WorkFailed, match="Task 1 of 2, 1, failed in a plain loop: ValueError"):
        measure_here(odd_workers.fail, [1, 2], "plain loop")
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        measure_here(odd_workers.fail, [1], "plain loop", stop=stop)


def test_a_run_names_its_worker_engine_and_python():
    run = measure_here(functools.partial(pow, 2), [3], "threads", workers=1)
    assert (run.worker, run.engine, run.workers) == ("partial", "threads", 1)
    assert run.python == pools.this_python()
    assert run.results == [8]
    assert measure_here(odd_workers.double, [3], "serial", workers=9).workers == 1


@pytest.mark.processes
@pytest.mark.parametrize("engine", KINDS)
def test_progress_rises_to_all_tasks(engine):
    told = []
    measure_here(
        odd_workers.double,
        range(10),
        engine,
        rounds=2,
        chunksize=3,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == sorted(told)
    assert told[-1] == (20, 20)


@pytest.mark.processes
def test_workers_may_be_objects_and_partial_functions():
    assert measure_here(odd_workers.Adder(3), [1, 2], "processes").results == [4, 5]
    with_one = functools.partial(pow, 2)
    assert measure_here(with_one, [1, 2], "processes").results == [2, 4]


# --- what can't be a worker ---------------------------------------------------------------------


@pytest.mark.parametrize("worker", [None, 5, "count_primes", [compute.count_primes]])
@pytest.mark.parametrize("engine", KINDS)
def test_what_is_no_function_is_refused(engine, worker):
    with pytest.raises(TypeError, match=r"worker must be a function of one task, got .*\. Pass"):
        measure_here(worker, [1], engine)


def local_function():
    def inside(task):
        return task

    return inside


@pytest.mark.parametrize("worker", [lambda task: task, local_function()])
@pytest.mark.parametrize("engine", PROCESS_KINDS)
def test_a_function_without_a_name_in_a_module_is_refused_with_the_mend(engine, worker):
    match = "worker must be a function at the top level of a module, got .* %%writefile work_00.py"
    with pytest.raises(ValueError, match=match):
        measure_here(worker, [1], engine)


@pytest.mark.parametrize("worker", [lambda task: task + 1])
@pytest.mark.parametrize("engine", SHARING)
def test_engines_that_stay_in_this_process_take_a_lambda(engine, worker):
    assert measure_here(worker, [1, 2], engine).results == [2, 3]


def in_a_cell(task):
    return task


@pytest.fixture
def as_in_a_notebook(monkeypatch):
    """Replace `__main__` by a module without a file that has a function, as in a kernel."""
    main = types.ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", main)
    monkeypatch.setattr(in_a_cell, "__module__", "__main__")
    main.in_a_cell = in_a_cell


@pytest.mark.usefixtures("as_in_a_notebook")
@pytest.mark.parametrize("worker", [in_a_cell, functools.partial(in_a_cell)])
@pytest.mark.parametrize("engine", PROCESS_KINDS)
def test_a_function_of_a_cell_is_refused_under_every_start_method(engine, worker):
    with pytest.raises(ValueError, match=r"lives in a notebook's cell.* import it from there"):
        measure_here(worker, [1], engine)


# --- what can't be tasks, counts, hooks ---------------------------------------------------------


@pytest.mark.parametrize("tasks", [5, None, "text", b"bytes", odd_workers.double])
def test_what_is_no_list_of_tasks_is_refused(tasks):
    with pytest.raises(TypeError, match=r"tasks must be a list of tasks, got .*\. Pass a list"):
        check_tasks(tasks)


@pytest.mark.parametrize("tasks", [[], (), range(0), iter(())])
@pytest.mark.parametrize("engine", KINDS)
def test_no_work_is_refused(engine, tasks):
    with pytest.raises(ValueError, match="tasks must be a list with at least one task"):
        measure_here(odd_workers.double, tasks, engine)


def test_endless_work_is_refused():
    import itertools

    with pytest.raises(ValueError, match=r"tasks must be at most 1,000,000, got more"):
        check_tasks(itertools.count())


@pytest.mark.parametrize("workers", [0, -1, 62, 10**9, 1.5, "2", None, True])
@pytest.mark.parametrize("engine", KINDS)
def test_a_number_of_workers_that_is_none_is_refused(engine, workers):
    with pytest.raises((TypeError, ValueError), match="workers must be a whole number"):
        measure_here(odd_workers.double, [1], engine, workers=workers)


@pytest.mark.parametrize("name", ["rounds", "chunksize"])
@pytest.mark.parametrize("value", [0, -1, 10**9, 1.5, "2", None])
def test_a_count_that_is_none_is_refused(name, value):
    with pytest.raises((TypeError, ValueError), match=f"{name} must be a whole number from 1 to"):
        measure_here(odd_workers.double, [1], "serial", **{name: value})


@pytest.mark.parametrize("name", ["progress", "stop"])
@pytest.mark.parametrize("value", [5, "x", True])
def test_a_hook_that_is_none_is_refused(name, value):
    with pytest.raises(TypeError, match=f"{name} must be a .*, got .*Or leave it out"):
        measure_here(odd_workers.double, [1], "serial", **{name: value})


@pytest.mark.parametrize("engine", ["process", 5, None, []])
def test_an_unknown_engine_is_refused(engine):
    with pytest.raises((TypeError, ValueError), match="engine must be one of serial, threads"):
        measure_here(odd_workers.double, [1], engine)


def test_check_worker_accepts_what_can_travel():
    check_worker(compute.count_primes, leaves_this_process=True)
    check_worker(lambda task: task, leaves_this_process=False)


# --- workers that fail: a clear error, nothing left, and the next run works ---------------------


def next_run_works(engine):
    assert measure_here(odd_workers.double, [1, 2], engine, workers=1).results == [2, 4]


FAILING = {
    odd_workers.fail: r"ValueError: on purpose, with 3",
    odd_workers.fail_unreadably: r"tests\.odd_workers\.TwoArguments: the text",
    odd_workers.fail_mutely: r"tests\.odd_workers\.Mute: <exception str\(\) failed>",
    odd_workers.leave: r"SystemExit: 3",
}


@pytest.mark.processes
@pytest.mark.parametrize("engine", KINDS)
def test_a_worker_that_raises_is_named_with_its_task_and_the_next_round_works(engine):
    with WarmPool(engine, 2) as pool:
        for worker, words in FAILING.items():
            match = f"Task [1-4] of 4, 3, failed under '{engine}': {words}"
            with pytest.raises(WorkFailed, match=match):
                pool.round(worker, [3, 3, 3, 3], chunksize=2)
            assert pool.round(odd_workers.double, [1, 2]).results == [2, 4]


@pytest.mark.processes
@pytest.mark.parametrize("engine", KINDS)
def test_a_worker_that_raises_leaves_nothing_and_the_next_run_works(engine):
    with pytest.raises(WorkFailed, match="ValueError: on purpose"):
        measure_here(odd_workers.fail, range(100), engine)
    next_run_works(engine)


def test_the_task_that_failed_is_named_among_those_that_did_not():
    with pytest.raises(WorkFailed, match=r"^Task 5 of 6, 'four', failed under 'serial': TypeError"):
        measure_here(abs, [0, 1, 2, 3, "four", 5], "serial", chunksize=3)


@pytest.mark.processes
def test_the_workers_own_traceback_is_kept_as_the_cause():
    with pytest.raises(WorkFailed) as failed:
        measure_here(odd_workers.fail, [3], "threads")
    assert isinstance(failed.value.__cause__.__cause__, ValueError)
    with pytest.raises(WorkFailed) as failed:
        measure_here(odd_workers.fail, [3], "processes")
    assert "in fail\n" in str(failed.value.__cause__.__cause__)


@pytest.mark.processes
@pytest.mark.parametrize("engine", PROCESS_KINDS)
@pytest.mark.parametrize("worker", [odd_workers.die, odd_workers.kill_me])
def test_a_worker_that_kills_its_process_is_told(engine, worker):
    with pytest.raises(WorkFailed, match=f"of engine '{engine}' died in the middle of its work"):
        measure_here(worker, [1, 2, 3], engine)
    next_run_works(engine)


@pytest.mark.processes
@pytest.mark.parametrize("engine", PROCESS_KINDS)
def test_what_cannot_be_sent_is_told_and_the_next_round_works(engine):
    with WarmPool(engine, 1) as pool:
        match = r"could not be sent back: TypeError: cannot pickle '_thread\.lock'"
        with pytest.raises(WorkFailed, match=match):
            pool.round(odd_workers.return_a_lock, [1, 2])
        with pytest.raises(WorkFailed, match=r"Chunk 1 of 2, tasks .* could not be sent under"):
            pool.round(odd_workers.double, [threading.Lock(), 2])
        assert pool.round(odd_workers.double, [1, 2]).results == [2, 4]


@pytest.mark.processes
@pytest.mark.parametrize("engine", PROCESS_KINDS)
def test_a_result_that_cannot_be_read_is_told(engine):
    with pytest.raises(WorkFailed, match="can't be read here: ValueError: invalid literal for int"):
        measure_here(odd_workers.return_unreadable, [1, 2], engine, workers=1)
    next_run_works(engine)


@pytest.mark.processes
@pytest.mark.parametrize("engine", PROCESS_KINDS)
def test_a_pool_that_breaks_before_the_last_task_is_submitted_says_what_broke_it(
    engine, monkeypatch
):
    # A broken executor refuses the second task without a reason; the first future has the reason.
    def submit_and_wait(pool, worker, chunk, earlier):
        future = submit(pool, worker, chunk, earlier)
        wait([future])
        return future

    submit = WarmPool._submit
    monkeypatch.setattr(WarmPool, "_submit", submit_and_wait)
    with WarmPool(engine, 1) as pool, pytest.raises(WorkFailed, match="can't be read here"):
        pool.round(odd_workers.return_unreadable, [1, 2])


@pytest.mark.parametrize("engine", SHARING)
def test_engines_that_stay_here_pass_what_cannot_be_pickled(engine):
    lock = threading.Lock()
    assert measure_here(id, [lock], engine).results == [id(lock)]


@pytest.mark.processes
def test_a_worker_killed_while_it_sends_does_not_hang():
    # The rest of the result never comes; without us the executor would wait for it forever.
    with WarmPool("spawn", 1) as pool:
        (pid,) = {record.process for record in pool.round(odd_workers.double, [1]).records}
        results = pool._executor._recorder.queues[0]

        def kill_when_it_sends() -> None:
            while not results._reader.poll(0.01):
                continue
            psutil.Process(pid).kill()

        thread = threading.Thread(target=kill_when_it_sends)
        thread.start()
        with pytest.raises(WorkFailed, match="died in the middle of its work"):
            pool.round(odd_workers.return_much, [200_000_000])
        thread.join()


@pytest.mark.processes
@pytest.mark.parametrize("engine", [kind for kind in KINDS if kind not in SHARING])
def test_workers_that_do_not_start_are_told(engine, monkeypatch):
    monkeypatch.setattr(timing, "arrive_in_process", odd_workers.die_at_start)
    monkeypatch.setattr(timing, "arrive_by_queues", odd_workers.fail_at_start)
    with pytest.raises(WorkFailed, match=r"The 2 workers of engine .* did not all start"):
        WarmPool(engine, 2)


# --- stop and interrupt -------------------------------------------------------------------------


@pytest.mark.processes
@pytest.mark.parametrize("engine", [kind for kind in KINDS if kind != "serial"])
def test_stop_in_the_middle_ends_the_workers(engine):
    stop = threading.Event()
    with Trap() as trap:
        catcher = threading.Thread(target=lambda: (trap.catch(2), stop.set()))
        catcher.start()
        with pytest.raises(Stopped):
            measure_here(odd_workers.report_and_hang, [trap.address] * 4, engine, stop=stop)
        catcher.join()
        assert engine not in PROCESS_KINDS or trap.all_gone(limit=1)
    next_run_works(engine)


@pytest.mark.processes
@pytest.mark.parametrize("engine", KINDS)
def test_stop_before_the_start_does_no_task(engine):
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        measure_here(odd_workers.fail, [1] * 100, engine, stop=stop)


def test_stop_between_tasks_of_a_plain_loop():
    stop, done = threading.Event(), []

    def work(task):
        done.append(task)
        stop.set()

    with pytest.raises(Stopped):
        measure_here(work, [1, 2, 3], "serial", stop=stop)
    assert done == [1]


@pytest.mark.processes
@pytest.mark.parametrize("engine", KINDS)
def test_an_interrupt_in_the_middle_ends_the_workers(engine):
    caught = 1 if engine == "serial" else 2
    with Trap() as trap:
        with pytest.raises(KeyboardInterrupt), interrupted_when_caught(trap, caught):
            measure_here(odd_workers.report_and_hang, [trap.address] * 4, engine)
        assert engine in ("threads", "interpreters") or trap.all_gone(limit=1)
    next_run_works(engine)


def test_threads_that_were_given_up_do_no_further_task_of_their_chunk():
    entered: queue.SimpleQueue[int] = queue.SimpleQueue()
    may_end, stop = threading.Event(), threading.Event()

    def work(task):
        entered.put(task)
        stop.set()
        may_end.wait(20)

    with pytest.raises(Stopped):
        measure_here(work, range(1_000), "threads", workers=1, chunksize=1_000, stop=stop)
    may_end.set()
    for thread in threading.enumerate():
        if thread.name.startswith("ThreadPool"):
            thread.join(20)
    assert entered.qsize() == 1


@pytest.mark.processes
def test_an_error_in_progress_ends_the_workers():
    def progress(done, total):
        raise LookupError("in progress")

    with pytest.raises(LookupError):
        measure_here(odd_workers.double, range(100), "processes", progress=progress)
    next_run_works("processes")


# --- the far side of it ---------------------------------------------------------------------------


def test_a_chunk_says_where_and_when_it_was_done():
    process, thread, stamps, results = timing.timed_chunk(odd_workers.double, [1, 2])
    assert (process, thread, results) == (os.getpid(), threading.get_ident(), [2, 4])
    assert len(stamps) == 2 * timing.STAMPS * 8


def test_python_is_named_with_its_gil(monkeypatch):
    version = ".".join(map(str, sys.version_info[:3]))
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: True, raising=False)
    assert pools.this_python() == version
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: False, raising=False)
    assert pools.this_python() == f"{version} without GIL"


def test_processes_is_one_of_the_start_methods():
    assert DEFAULT in ("fork", "spawn", "forkserver")
