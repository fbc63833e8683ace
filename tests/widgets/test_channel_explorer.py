"""The channel explorer shows a picture at once, adds a point a run, and stops within a second."""

from __future__ import annotations

import time

import pytest

from helpers.measure.channels import measure_channels
from helpers.widgets import ChannelExplorer
from tests.running_processes import SOON

pytestmark = [pytest.mark.usefixtures("quiet", "own_notes"), pytest.mark.once]


@pytest.fixture(scope="module")
def explorer() -> ChannelExplorer:
    """Return one for several tests."""
    return ChannelExplorer(measure_channels(sizes=(16, 4096)))


@pytest.mark.processes
def test_it_shows_what_was_measured_before_anyone_touches_it(explorer):
    assert bytes(explorer.picture.value).startswith(b"\x89PNG")
    assert explorer.words.value == "No point yet: press Run."
    assert not explorer.run_button.disabled
    assert explorer.stop_button.disabled


@pytest.mark.processes
def test_its_text_in_a_notebook_is_fixed(explorer):
    assert repr(explorer) == "Channel explorer: open this notebook in JupyterLab to use it"


@pytest.mark.processes
def test_each_run_adds_a_point_with_its_words(explorer):
    for channel, size, count in (("pipe", 2**10, 3), ("manager", 2**14, 10)):
        before = explorer.picture.value
        explorer.channel.value, explorer.size.value, explorer.count.value = channel, size, count
        explorer.start()
        assert explorer.wait(SOON)
        point = explorer.points[-1]
        assert (point.channel, point.size, len(point.rounds)) == (channel, size, count)
        assert f"{channel}, {size // 1024} KiB, {count} messages: median" in explorer.words.value
        assert "median" in explorer.picture.tooltip
        assert explorer.picture.value != before


@pytest.mark.processes
def test_stop_ends_a_long_run_within_a_second(explorer):
    explorer.channel.value, explorer.size.value, explorer.count.value = "pipe", 2**22, 3_000
    points = len(explorer.points)
    explorer.start()
    thread = explorer._thread
    explorer.start()  # while it runs: nothing happens
    assert explorer._thread is thread
    assert not explorer.wait(0.5)
    assert explorer.run_button.disabled
    began = time.monotonic()
    explorer.stop()
    assert explorer.wait(SOON)
    assert time.monotonic() - began < 2
    assert explorer.status.value == "stopped; nothing is left running"
    assert len(explorer.points) == points


def test_an_explorer_of_nothing_is_refused():
    with pytest.raises(TypeError, match="measured must be Exchanges"):
        ChannelExplorer(None)
