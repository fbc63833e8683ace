"""Each engine is a standard Executor; one that this machine lacks says why and what to use."""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import os
import threading
from types import SimpleNamespace

import psutil
import pytest

from helpers.engines import executors
from helpers.engines.executors import (
    SerialExecutor,
    available,
    executor,
    starts_processes,
    why_missing,
)
from tests import odd_workers
from tests.running_processes import DEFAULT, KINDS, METHODS, PROCESS_KINDS, Trap

pytestmark = [pytest.mark.usefixtures("quiet"), pytest.mark.standard_library]


@pytest.mark.processes
@pytest.mark.parametrize("engine", KINDS)
def test_an_engine_is_a_standard_executor(engine):
    with executor(engine, 2) as pool:
        assert isinstance(pool, concurrent.futures.Executor)
        assert list(pool.map(odd_workers.double, range(5))) == [0, 2, 4, 6, 8]
        assert pool.submit(odd_workers.double, 21).result(20) == 42
        with pytest.raises(ValueError, match="on purpose, with 7"):
            pool.submit(odd_workers.fail, 7).result(20)
    with pytest.raises(RuntimeError, match="cannot schedule new futures after"):
        pool.submit(odd_workers.double, 1)


def note_at_home(notes: list) -> None:
    notes.append(threading.get_ident())


def test_serial_and_threads_run_their_initializer_in_each_worker():
    for engine, workers in (("serial", 1), ("threads", 1)):
        notes: list = []
        with executor(engine, workers, initializer=note_at_home, initargs=(notes,)) as pool:
            here = pool.submit(threading.get_ident).result(20)
        assert notes == [here]


def test_serial_works_in_the_calling_thread_and_at_once():
    pool = SerialExecutor()
    future = pool.submit(threading.get_ident)
    assert future.done()
    assert future.result() == threading.get_ident()


def test_serial_lets_an_interrupt_through():
    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        SerialExecutor().submit(interrupt)


@pytest.mark.processes
@pytest.mark.parametrize("engine", PROCESS_KINDS)
def test_process_engines_work_in_other_processes(engine):
    with executor(engine, 1) as pool:
        assert pool.submit(os.getpid).result(20) != os.getpid()


def test_processes_use_this_platforms_default_start_method():
    assert executors.context("processes").get_start_method() == DEFAULT
    assert multiprocessing.get_context().get_start_method() == DEFAULT


@pytest.mark.parametrize("method", METHODS)
def test_an_engine_of_a_start_method_uses_it(method):
    assert executors.context(method).get_start_method() == method


def test_which_engines_start_processes():
    found = {engine for engine in executors.ENGINES if starts_processes(engine)}
    assert found == {"processes", "spawn", "forkserver", "fork"}


def test_every_machine_has_these():
    assert {"serial", "threads", "processes", "spawn"} <= set(available())


def test_interpreters_are_there_just_where_python_has_them():
    has = hasattr(concurrent.futures, "InterpreterPoolExecutor")
    assert ("interpreters" in available()) == has


def test_an_engine_that_python_lacks_says_since_when_and_what_to_use(monkeypatch):
    without = SimpleNamespace(futures=SimpleNamespace())
    monkeypatch.setattr(executors, "concurrent", without)
    with pytest.raises(ValueError, match=r"no InterpreterPoolExecutor \(3\.14 has\): use 'proc"):
        executor("interpreters", 2)


def test_an_engine_that_the_system_lacks_says_what_to_use(monkeypatch):
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    assert set(available()) & {"fork", "forkserver"} == set()
    with pytest.raises(ValueError, match="can't start processes by fork: use 'spawn'"):
        executor("fork", 2)


@pytest.mark.parametrize("engine", ["process", "", 5, None, [], "Threads"])
@pytest.mark.parametrize("function", [executor, why_missing])
def test_an_unknown_engine_is_refused_with_those_there_are(function, engine):
    with pytest.raises((TypeError, ValueError), match=r"engine must be one of .*processes, "):
        function(engine)


@pytest.mark.parametrize("workers", [0, -1, 62, 10**9, 2.0, "2", None, True])
@pytest.mark.parametrize("engine", available())
def test_a_worker_count_that_is_none_is_refused_by_every_engine(engine, workers):
    with pytest.raises(
        (TypeError, ValueError), match="workers must be a whole number from 1 to 61"
    ):
        executor(engine, workers)


@pytest.mark.processes
@pytest.mark.parametrize("engine", PROCESS_KINDS)
def test_kill_ends_workers_in_the_middle_of_a_task_and_what_waits_fails(engine):
    with Trap() as trap:
        pool = executor(engine, 2)
        futures = [pool.submit(odd_workers.report_and_hang, trap.address) for _ in range(8)]
        trap.catch(2)
        assert not pool.has_lost_a_worker()
        pool.kill()
        assert trap.all_gone(limit=0.5)
    assert all(future.cancelled() or future.exception(20) for future in futures)
    pool.kill()  # once more is no harm


@pytest.mark.processes
@pytest.mark.parametrize("engine", PROCESS_KINDS)
def test_kill_leaves_a_task_and_no_result_half_read(engine):
    # The executor's own thread used to read forever, and Python could not exit.
    for _ in range(50):  # a fast pipe may have brought all of it before we look
        pool = executor(engine, 1)
        future = pool.submit(odd_workers.return_much, 100_000_000)
        while not (caught := _is_being_read(pool)) and not future.done():
            pass
        pool.kill()
        if caught and not future.done():
            break
    assert caught
    assert future.exception(20) is not None


def _is_being_read(pool: executors.ProcessExecutor) -> bool:
    """Return whether a part of a result has left its worker, so that the pipe has bytes in it."""
    return any(queue._reader.poll(0.0) for queue in pool._recorder.queues)


@pytest.mark.processes
def test_a_worker_that_died_is_noticed():
    with executor("spawn", 1) as pool:
        pid = pool.submit(os.getpid).result(20)
        worker = psutil.Process(pid)
        worker.kill()
        with pytest.raises(concurrent.futures.BrokenExecutor):
            while True:
                pool.submit(os.getpid).result(20)
        assert pool.has_lost_a_worker()
