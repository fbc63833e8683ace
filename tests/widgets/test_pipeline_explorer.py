"""The pipeline explorer: shows something at once, runs what the sliders say, stops at once."""

from __future__ import annotations

import io
import time

import pytest
from matplotlib.image import imread

from helpers.widgets import PipelineExplorer
from tests.running_processes import SOON, still_running

pytestmark = [pytest.mark.usefixtures("quiet"), pytest.mark.once]


@pytest.fixture(scope="module")
def explorer() -> PipelineExplorer:
    """Return one for several tests, because its first run takes most of their time."""
    return PipelineExplorer(items=4, bound=2)


def run(explorer: PipelineExplorer) -> None:
    explorer.start()
    assert explorer.wait(SOON)


@pytest.mark.processes
def test_it_shows_a_first_run_before_anyone_touches_it(explorer):
    rows, columns, _ = imread(io.BytesIO(explorer.picture.value)).shape
    assert (columns, rows) == (1440, 510)
    assert explorer.status.value.startswith("1 producer, 1 consumer, a queue of at most 2")
    assert not explorer.run_button.disabled
    assert explorer.stop_button.disabled


@pytest.mark.processes
def test_the_picture_has_its_text_beside_it_and_for_screen_readers(explorer):
    for text in (explorer.status.value, explorer.picture.tooltip):
        assert "4 items of 100 bytes" in text
    for text in (explorer.words.value, explorer.picture.tooltip):
        assert "every item came back exactly once" in text


@pytest.mark.processes
def test_its_text_in_a_notebook_is_fixed(explorer):
    assert repr(explorer) == "Pipeline explorer: open this notebook in JupyterLab to use it"


@pytest.mark.processes
def test_every_slider_is_heeded(explorer):
    explorer.producers.value, explorer.consumers.value = 2, 3
    explorer.items.value, explorer.size.value, explorer.bound.value = 6, 10_000, 0
    run(explorer)
    assert "2 producers, 3 consumers, a queue without a bound" in explorer.status.value
    assert "6 items of 10,000 bytes" in explorer.status.value


@pytest.mark.processes
def test_buttons_tell_that_it_runs_and_stop_ends_all_of_it_within_a_second(explorer):
    explorer.items.value, explorer.consumers.value, explorer.bound.value = 400, 1, 1
    explorer.start()
    until = time.monotonic() + SOON
    while not explorer.bar.value and time.monotonic() < until:
        time.sleep(0.01)
    assert explorer.bar.value
    assert explorer.run_button.disabled
    assert not explorer.stop_button.disabled
    thread = explorer._thread
    explorer.start()  # while it runs: nothing happens
    assert explorer._thread is thread
    began = time.monotonic()
    explorer.stop()
    assert explorer.wait(SOON)
    assert time.monotonic() - began < 1
    assert explorer.status.value == "stopped; nothing is left running"
    assert still_running() == []
    explorer.items.value = 2
    run(explorer)
    assert "2 items" in explorer.status.value


@pytest.mark.processes
def test_a_bound_that_no_slider_has_is_put_among_them():
    assert PipelineExplorer(items=1, bound=7).bound.value == 7


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"producers": 0}, "producers must be a whole number from 1 to 6"),
        ({"consumers": "2"}, "consumers must be a whole number"),
        ({"items": 1_001}, "items must be a whole number from 1 to 1,000"),
        ({"bound": -1}, "bound must be a whole number from 0 to 50"),
    ],
)
def test_a_line_of_nobody_is_refused(changes, match):
    with pytest.raises((TypeError, ValueError), match=match):
        PipelineExplorer(**changes)
