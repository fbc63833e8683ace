"""The channel explorer: send messages over a channel, and see what they cost among the others."""

from __future__ import annotations

import ipywidgets as w
from matplotlib.figure import Figure

from helpers.measure.channels import (
    CHANNELS,
    Exchange,
    Exchanges,
    in_bytes,
    in_seconds,
    measure_one,
    room,
)
from helpers.measure.interpreter import OtherInterpreter
from helpers.plots.channels import add_points, plot_channels
from helpers.validation import bad_type
from helpers.widgets.base import RunWidget, sized

_INCHES, _DOTS, _WIDTH = (9.0, 4.4), 130, 880
_MARGINS = {"left": 0.1, "right": 0.7, "bottom": 0.12, "top": 0.92}
_WIDE = sized(6, 26)


class ChannelExplorer(RunWidget):
    """Controls to send messages over one channel, and a picture that each run adds a point to.

    The picture starts with `measured`. Each run uses another interpreter; Stop ends that
    interpreter and everything it started.
    """

    def __init__(self, measured: Exchanges) -> None:
        if not isinstance(measured, Exchanges):
            advice = "Pass what measure_channels() returned."
            raise bad_type("measured", measured, "Exchanges", advice)
        self.measured = measured
        self.points: list[Exchange] = []
        super().__init__()
        self._make_controls()
        title = w.HTML("<b>Channel explorer: what does a message cost?</b>")
        buttons = w.HBox([self.run_button, self.stop_button, self.status])
        controls = w.VBox([self.channel, self.size, self.count])
        self.picture.width = _WIDTH
        self.children = [title, controls, buttons, self.picture, self.words]
        self.redraw()

    def __repr__(self) -> str:
        return "Channel explorer: open this notebook in JupyterLab to use it"

    def _make_controls(self) -> None:
        powers = [2**power for power in range(4, 29, 2)]
        largest = max(room(), self.measured.sizes[-1])  # what this machine has memory for
        sizes = [(in_bytes(size), size) for size in powers if size <= largest]
        self.channel = w.Dropdown(options=CHANNELS, value="pipe", description="channel", **_WIDE)
        self.size = w.SelectionSlider(options=sizes, value=2**10, description="size", **_WIDE)
        counts = (1, 3, 10, 30, 100, 300, 1_000, 3_000)
        self.count = w.SelectionSlider(options=counts, value=30, description="messages", **_WIDE)

    def measure(self) -> None:
        """Send what the controls say, and add a point for it."""
        task = (self.channel.value, self.size.value, self.count.value)
        with OtherInterpreter() as other:
            other.load(measure_one, [task])
            other.go()
            (point,) = other.result(stop=self.stopping).results
        self.points.append(point)
        self.redraw()
        self.status.value = f"{point.channel}: {in_seconds(point.seconds)}"

    def redraw(self) -> None:
        """Draw what was measured at first and the points since then, without measuring."""
        self.show_picture(self._plot, _INCHES, _DOTS)
        sentences = [_in_words(point) for point in self.points] or ["No point yet: press Run."]
        self.show_words(sentences[-5:])

    def _plot(self, figure: Figure) -> None:
        ax = figure.subplots(gridspec_kw=_MARGINS)
        plot_channels(self.measured, ax)
        add_points(ax, self.points)


def _in_words(point: Exchange) -> str:
    """Return the result of one run as a sentence."""
    return (
        f"{point.channel}, {in_bytes(point.size)}, {len(point.rounds)} messages: "
        f"median {in_seconds(point.seconds)} ({in_seconds(min(point.rounds))} to "
        f"{in_seconds(max(point.rounds))}); {point.moved:,} bytes moved each"
    )
