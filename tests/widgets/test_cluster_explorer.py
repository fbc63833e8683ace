"""The cluster explorer runs a real cluster, kills a worker of it on request, and leaves nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import pytest

from helpers.runner.process_states import descendants
from helpers.widgets import ClusterExplorer

pytestmark = pytest.mark.once

SOON = 180  # seconds; a loaded machine starts slowly


@pytest.fixture
def explorer():
    made = ClusterExplorer(workers=2, tasks=6)
    yield made
    made.stop()
    assert made.wait(SOON)
    assert [
        p for p in descendants(os.getpid()) if "helpers.engines.dask_cluster" in p.cmdline()
    ] == []


def until(condition: Callable[[], bool]) -> None:
    """Return when it is so; the widgets tell of nothing but their own values."""
    end = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.processes
def test_it_shows_a_run_before_anyone_touches_it(explorer):
    assert explorer.status.value.startswith(
        "6 tasks; workers killed: 0; results missing: 0, double: 0"
    )
    assert bytes(explorer.picture.value[:4]) == b"\x89PNG"
    assert "worker 1 finished" in explorer.picture.tooltip
    assert explorer.kill_button.disabled
    assert not explorer.run_button.disabled
    assert repr(explorer) == "Explorer of a cluster: open this notebook in JupyterLab to use it"


@pytest.mark.processes
def test_a_worker_is_killed_and_no_result_is_lost(explorer):
    explorer.tasks.value = 40
    explorer.run_button.click()
    until(lambda: not explorer.kill_button.disabled and explorer.bar.value > 0)
    explorer.kill_button.click()
    assert explorer.wait(SOON)
    assert explorer.status.value.startswith(
        "40 tasks; workers killed: 1; results missing: 0, double: 0"
    )


@pytest.mark.processes
def test_without_workers_the_work_stands_still_until_stop(explorer):
    explorer.workers.value = 1
    explorer.tasks.value = 60
    explorer.run_button.click()
    until(lambda: not explorer.kill_button.disabled)
    explorer.kill_button.click()
    assert explorer.status.value == "killed one; 0 left: no worker can go on"
    assert not explorer.wait(0.5)
    explorer.stop_button.click()
    assert explorer.wait(10)
    assert explorer.status.value == "stopped; nothing is left running"


@pytest.mark.slow
def test_stop_works_while_the_cluster_starts(explorer):
    explorer.run_button.click()
    explorer.stop_button.click()
    assert explorer.wait(10)
    assert explorer.status.value == "stopped; nothing is left running"
    explorer.run_button.click()
    assert explorer.wait(SOON)
    assert "results missing: 0" in explorer.status.value


@pytest.mark.parametrize("given", [{"workers": 0}, {"workers": 5}, {"tasks": 61}, {"tasks": "6"}])
def test_a_cluster_of_nothing_is_refused(given):
    with pytest.raises((TypeError, ValueError), match="must be a whole number"):
        ClusterExplorer(**given)
