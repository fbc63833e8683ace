"""A process and its descendants: their states, and how a tree of them is killed."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys

import psutil
import pytest

from helpers import process_control
from helpers.runner import process_states
from tests import odd_workers
from tests.running_processes import METHODS, SOON, Trap, alive_after
from tools.outline import ROOT

pytestmark = pytest.mark.usefixtures("quiet")

# A program that starts two processes that hang, and hangs itself. A start method is its argument.
TREE = """
import multiprocessing, sys
from tests.odd_workers import report_and_hang

if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[2])
    address = ("127.0.0.1", int(sys.argv[1]))
    for _ in range(2):
        context.Process(target=report_and_hang, args=(address,)).start()
    report_and_hang(address)
"""


@pytest.fixture
def tree(tmp_path):
    """Return a function that starts such a program and returns it, with all three in the trap."""
    file = tmp_path / "tree.py"
    file.write_text(TREE, encoding="utf-8")
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    started = []

    def start(trap: Trap, method: str = "spawn") -> subprocess.Popen:
        command = [sys.executable, str(file), str(trap.address[1]), method]
        environment = {**os.environ, "PYTHONPATH": path}
        started.append(subprocess.Popen(command, env=environment, **process_control.in_own_group()))
        trap.catch(3)
        return started[-1]

    yield start
    for parent in started:
        parent.kill()
        parent.wait(SOON)


@pytest.mark.processes
@pytest.mark.parametrize("method", METHODS)
def test_a_tree_is_killed_with_all_that_is_below(tree, method):
    with Trap() as trap:
        parent = tree(trap, method)
        below = process_states.descendants(parent.pid)
        assert len(below) >= 2
        killed = process_control.kill_tree(roots=[parent.pid])
        assert parent.pid in killed
        assert trap.all_gone(limit=1)
        assert alive_after(1, below) == []
    assert parent.wait(SOON) not in (0, None)  # its exit code is still there for its owner


@pytest.mark.processes
def test_the_tracker_is_left_to_end_by_itself(tree):
    with Trap() as trap:
        parent = tree(trap)
        trackers = [
            process
            for process in process_states.descendants(parent.pid)
            if process_control.is_tracker(process.pid)
        ]
        killed = process_control.kill_tree(roots=[parent.pid])
        if sys.platform != "win32":
            assert len(trackers) == 1
        assert not {tracker.pid for tracker in trackers} & set(killed)


@pytest.mark.processes
def test_killing_what_has_ended_kills_nothing(tree):
    with Trap() as trap:
        parent = tree(trap)
        process_control.kill_tree(roots=[parent.pid])
        parent.wait(SOON)
        assert process_control.kill_tree(roots=[parent.pid]) == []
        assert process_states.descendants(parent.pid) == []


@pytest.mark.processes
def test_what_runs_in_its_own_group_is_not_in_ours(tree):
    if not hasattr(os, "getpgid"):
        pytest.skip("this system has no process groups of this kind")
    with Trap() as trap:
        assert os.getpgid(tree(trap).pid) != os.getpgid(0)


@pytest.mark.processes
def test_the_state_of_a_process_is_the_systems_word_or_gone():
    context = multiprocessing.get_context("spawn")
    event = context.Event()
    child = context.Process(target=event.wait)
    child.start()
    assert process_states.state(child.pid) not in ("gone", "zombie")
    assert process_states.is_alive(psutil.Process(child.pid))
    seen = psutil.Process(child.pid)
    event.set()
    assert process_states.state_after_end(child.pid, limit=SOON) in ("zombie", "gone")
    assert not process_states.is_alive(seen)
    child.join()
    assert process_states.state(child.pid) == "gone"


def test_waiting_for_the_end_of_what_does_not_end_is_bounded():
    assert process_states.state_after_end(os.getpid(), limit=0.01) not in ("gone", "zombie")


def test_we_are_no_tracker():
    assert not process_control.is_tracker(os.getpid())


@pytest.mark.parametrize("pid", [0, -1, "7", None, 2.0])
@pytest.mark.parametrize(
    "function", [process_states.descendants, process_states.state, process_states.state_after_end]
)
def test_a_process_that_is_none_is_refused(function, pid):
    with pytest.raises((TypeError, ValueError), match="pid must be a whole number from 1 to"):
        function(pid)


@pytest.mark.parametrize("process", [7, "7", None, odd_workers.double])
def test_what_is_no_process_is_refused(process):
    with pytest.raises(TypeError, match=r"process must be a psutil\.Process, got .*\. Pass"):
        process_states.is_alive(process)


@pytest.mark.parametrize("limit", [-1, "1", None, float("nan"), 10**9])
def test_a_limit_that_is_none_is_refused(limit):
    with pytest.raises((TypeError, ValueError), match="limit must be a number from 0 to 600"):
        process_states.state_after_end(2**30, limit=limit)
