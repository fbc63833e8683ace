"""What lesson 06's workers do, and how the lesson counts messages and waits for a standstill."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
import threading
from concurrent.futures import ProcessPoolExecutor

import pytest

from helpers.engines.executors import context
from helpers.workers import pools
from tests.running_processes import METHODS
from tools.outline import ROOT

pytestmark = pytest.mark.usefixtures("quiet")


@pytest.mark.processes
@pytest.mark.parametrize("method", METHODS)
def test_a_message_is_counted_for_each_chunk_that_a_pool_sends(method):
    counted = pools.Counted(pools.square)
    with context(method).Pool(2) as pool:
        assert pool.map(counted, range(20), chunksize=6) == [n * n for n in range(20)]
    assert counted.messages == 4


@pytest.mark.processes
def test_a_message_is_counted_for_each_task_that_an_executor_sends():
    counted = pools.Counted(pools.square)
    with ProcessPoolExecutor(1) as executor:
        assert list(executor.map(counted, range(5))) == [0, 1, 4, 9, 16]
    assert counted.messages == 5


def test_a_counted_function_still_computes_where_it_arrives():
    arrived = pickle.loads(pickle.dumps(pools.Counted(pools.square)))
    assert arrived.worker is pools.square
    assert arrived(3) == 9


@pytest.mark.processes
@pytest.mark.parametrize("method", METHODS)
def test_workers_made_by_hand_answer_until_none_comes(method):
    ctx = context(method)
    tasks, results = ctx.Queue(), ctx.Queue()
    worker = ctx.Process(target=pools.square_until_none, args=(tasks, results))
    worker.start()
    for task in (2, 3, None):
        tasks.put(task)
    assert [results.get()[:2] for _ in range(2)] == [(2, 4), (3, 9)]
    worker.join()
    assert worker.exitcode == 0


def test_only_the_first_task_waits_at_the_gate():
    gate, started = threading.Event(), threading.Event()
    pools.keep(gate, started)
    assert [pools.hold_first(task) for task in (1, 2)] == [1, 2]
    assert not started.is_set()
    gate.set()
    assert pools.hold_first(0) == 0
    assert started.is_set()


def test_a_count_is_settled_when_it_changes_no_more():
    numbers = iter(range(4))
    assert pools.settled(lambda: next(numbers, 3), looks=3) == 3


def test_an_exception_travels_if_its_arguments_do():
    with pytest.raises(pools.BadInput) as caught:
        pools.raise_well_made(0)
    assert pickle.loads(pickle.dumps(caught.value)).args == (7, "not a number")


@pytest.mark.processes
def test_an_exception_that_keeps_less_than_it_wants_does_not_travel():
    # In an interpreter of its own: tblib, which Dask brings, changes how exceptions are pickled.
    code = (
        "import pickle\n"
        "from helpers.workers import pools\n"
        "try:\n    pools.raise_badly_made(0)\n"
        "except pools.BadInputLost as error:\n    pickle.loads(pickle.dumps(error))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 1
    assert re.search(r"TypeError: .*text", run.stderr)


@pytest.mark.parametrize("task", [0, 2, 4])
def test_the_other_tasks_neither_fail_nor_die(task):
    assert pools.fail_on_three(task) == pools.die_on_three(task) == task


def test_number_three_fails():
    with pytest.raises(ValueError, match="no result for 3"):
        pools.fail_on_three(3)
