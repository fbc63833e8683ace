"""The distribution explorer: a real run, told and drawn; another one beside it; stopped at once."""

from __future__ import annotations

import io
import time
from dataclasses import replace

import pytest
from matplotlib.image import imread

from helpers.measure.interpreter import OtherInterpreter
from helpers.widgets import DistributionExplorer
from tests import odd_workers
from tests.running_processes import SOON, Trap

pytestmark = [pytest.mark.usefixtures("quiet", "own_notes"), pytest.mark.once]


@pytest.fixture(scope="module")
def explorer() -> DistributionExplorer:
    """Return one for several tests, because its first run takes most of their time."""
    return DistributionExplorer()


@pytest.mark.processes
def test_it_shows_a_first_result_before_anyone_touches_it(explorer):
    assert "2 workers, 24 tasks, short ones first, 12 in a chunk" in explorer.status.value
    assert "did 12 tasks and was idle for" in explorer.words.value
    assert imread(io.BytesIO(explorer.picture.value)).shape[:2] == (510, 1440)
    assert not explorer.run_button.disabled


@pytest.mark.processes
def test_the_picture_has_its_text_for_screen_readers(explorer):
    assert "did 12 tasks and was idle for" in explorer.picture.tooltip
    assert "of all workers' time" in explorer.picture.tooltip


@pytest.mark.processes
def test_its_text_in_a_notebook_is_fixed(explorer):
    assert repr(explorer) == "Distribution explorer: open this notebook in JupyterLab to use it"


@pytest.mark.processes
def test_a_run_in_other_chunks_and_order_is_added_beside_the_first(explorer):
    before = explorer.picture.value
    explorer.chunksize.value, explorer.order.value = 1, "long ones first"
    explorer.start()
    assert explorer.wait(SOON)
    assert "long ones first, 1 in a chunk" in explorer.status.value
    assert explorer.picture.value != before
    assert [(one.chunksize, one.order) for one in explorer.dealt] == [
        (12, "short ones first"),
        (1, "long ones first"),
    ]


@pytest.mark.processes
def test_only_runs_of_the_same_tasks_share_a_plot(explorer):
    first, second = explorer.dealt[:2]
    assert first.like(second)
    assert not first.like(replace(second, unevenness=1))


@pytest.mark.processes
def test_one_chunk_for_all_leaves_a_worker_without_a_task(explorer):
    explorer.chunksize.value = 24
    explorer.start()
    assert explorer.wait(SOON)
    assert "1 of 2 processes got no task" in explorer.words.value


@pytest.mark.processes
def test_stop_ends_it_within_a_second(explorer, monkeypatch):
    with Trap() as trap:

        def hang(other: OtherInterpreter) -> None:
            other.load(odd_workers.report_and_hang, [trap.address], engine="processes", workers=1)

        monkeypatch.setattr(explorer, "load", hang)
        explorer.start()
        trap.catch(1)
        began = time.monotonic()
        explorer.stop()
        assert explorer.wait(SOON)
        assert time.monotonic() - began < 1
        assert trap.all_gone(limit=1 - (time.monotonic() - began))
    assert explorer.status.value == "stopped; nothing is left running"
