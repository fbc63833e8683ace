"""The picture of the channels names each line, has units on both axes, and is told in words."""

from __future__ import annotations

import itertools

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt

from helpers.measure.channels import CHANNELS, Exchange, Exchanges
from helpers.plots.channels import CHANNEL_STYLES, add_points, channels_in_words, plot_channels

pytestmark = pytest.mark.once

mpl.use("agg")
MOVED = {"thread queue": 0, "shared memory": 0, "manager": 2}


@pytest.fixture(autouse=True)
def closed():
    """Close every figure after a test."""
    yield
    plt.close("all")


def exchanges(note: str = "") -> Exchanges:
    """Return each channel at two sizes; the n-th takes n + 1 times as long as the first."""
    return Exchanges(
        tuple(
            Exchange(channel, size, (size * (place + 1) * 1e-6,), MOVED.get(channel, 1) * size)
            for size in (16, 4096)
            for place, channel in enumerate(CHANNELS)
        ),
        note,
    )


def test_every_channel_has_a_line_and_its_name_at_the_end_with_the_bytes_moved():
    ax = plot_channels(exchanges())
    assert len(ax.lines) == len(CHANNELS)
    names = [text.get_text() for text in ax.texts]
    assert "manager: moved twice" in names
    assert "pipe: moved once" in names
    assert "shared memory: nothing moved" in names
    heights = sorted(text.xyann[1] for text in ax.texts)
    assert min(b - a for a, b in itertools.pairwise(heights)) > 0.06


def test_both_axes_are_logarithmic_with_units():
    ax = plot_channels(exchanges())
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert {"16 B", "4 KiB"} <= {label.get_text() for label in ax.get_xticklabels()}
    assert any("µs" in label.get_text() for label in ax.get_yticklabels())


def test_lines_differ_by_more_than_their_color():
    assert (
        len({style[1] for style in CHANNEL_STYLES.values()}) == len(CHANNEL_STYLES) == len(CHANNELS)
    )


def test_points_are_added_and_the_newest_is_the_largest():
    ax = plot_channels(exchanges())
    before = len(ax.lines)
    add_points(ax, [Exchange("pipe", 16, (1e-5, 3e-5), 31), Exchange("pipe", 64, (2e-5,), 80)])
    assert len(ax.lines) == before + 4
    assert ax.lines[-1].get_markersize() > ax.lines[-3].get_markersize()


def test_the_words_have_every_number_and_why_sizes_are_missing():
    words = channels_in_words(exchanges("only up to 4 KiB: no room"))
    assert words[0] == "thread queue: 16 B 16 µs, 4 KiB 4.1 ms; nothing moved"
    assert words[-1] == "only up to 4 KiB: no room"
    assert len(words) == len(CHANNELS) + 1
