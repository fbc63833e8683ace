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
from tests.quiet import METHODS
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


def test_a_counted_function_arrives_as_the_function_itself():
    counted = pools.Counted(pools.square)
    assert pickle.loads(pickle.dumps(counted)) is pools.square
    assert counted(3) == 9


def test_nothing_but_a_function_can_be_counted():
    with pytest.raises(TypeError, match="worker must be a function of one task, got 5"):
        pools.Counted(5)


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


def test_a_standstill_needs_a_number_of_looks():
    with pytest.raises(TypeError, match="looks must be a whole number"):
        pools.settled(lambda: 1, looks="long")


def test_an_exception_travels_if_its_arguments_do():
    with pytest.raises(pools.BadInput) as caught:
        pools.read_badly(well_made=True)
    assert pickle.loads(pickle.dumps(caught.value)).args == (7, "not a number")


@pytest.mark.processes
def test_an_exception_that_keeps_less_than_it_wants_does_not_travel():
    # In an interpreter of its own: tblib, which Dask brings, changes how exceptions are pickled.
    code = (
        "import pickle\n"
        "from helpers.workers import pools\n"
        "try:\n    pools.read_badly(well_made=False)\n"
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
