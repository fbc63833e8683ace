"""The channel explorer: send messages over a channel, and see what they cost among the others."""

from __future__ import annotations

import html
import io
import threading

import ipywidgets as w
from matplotlib.figure import Figure

from helpers.channel_plots import add_points, plot_channels
from helpers.channels import CHANNELS, Exchange, Exchanges, in_bytes, in_seconds, measure_one, room
from helpers.elsewhere import OtherInterpreter
from helpers.pools import Stopped, WorkFailed
from helpers.refusals import bad_type
from helpers.widgets.explorer import Picture

_INCHES, _DOTS, _WIDTH = (9.0, 4.4), 130, 880
_MARGINS = {"left": 0.1, "right": 0.7, "bottom": 0.12, "top": 0.92}
_WIDE = {"style": {"description_width": "6em"}, "layout": {"width": "26em"}}


class ChannelExplorer(w.VBox):
    """Controls to send messages over one channel, and a picture that each run adds a point to.

    `measured` is what the picture begins with. A run happens on an interpreter of its own, in a
    thread, so that the notebook stays free; Stop ends that interpreter and all it started.
    """

    def __init__(self, measured: Exchanges) -> None:
        if not isinstance(measured, Exchanges):
            advice = "Pass what measure_channels() returned."
            raise bad_type("measured", measured, "Exchanges", advice)
        self.measured = measured
        self.points: list[Exchange] = []
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._make_controls()
        title = w.HTML("<b>Channel explorer: what does a message cost?</b>")
        buttons = w.HBox([self.run_button, self.stop_button, self.status])
        controls = w.VBox([self.channel, self.size, self.count])
        super().__init__([title, controls, buttons, self.picture, self.words])
        self.draw()

    def __repr__(self) -> str:
        return "Channel explorer: open this notebook in JupyterLab to use it"

    def wait(self, limit: float | None = None) -> bool:
        """Return when the run under way has ended, or after `limit` seconds; whether it has."""
        if self._thread is not None:
            self._thread.join(limit)
        return self._thread is None or not self._thread.is_alive()

    def start(self) -> None:
        """What the Run button does."""
        if self.wait(0):
            self._stop.clear()
            self._set_running(True)
            self.status.value = "measuring …"
            self._thread = threading.Thread(target=self._measure, daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """What the Stop button does."""
        self._stop.set()

    def _make_controls(self) -> None:
        powers = [2**power for power in range(4, 29, 2)]
        have = max(room(), self.measured.sizes[-1])  # no larger than this machine can bear
        sizes = [(in_bytes(size), size) for size in powers if size <= have]
        self.channel = w.Dropdown(options=CHANNELS, value="pipe", description="channel", **_WIDE)
        self.size = w.SelectionSlider(options=sizes, value=2**10, description="size", **_WIDE)
        counts = (1, 3, 10, 30, 100, 300, 1_000, 3_000)
        self.count = w.SelectionSlider(options=counts, value=30, description="messages", **_WIDE)
        self.run_button = w.Button(description="Run", icon="play", button_style="primary")
        self.stop_button = w.Button(description="Stop", icon="stop", disabled=True)
        self.status = w.HTML()
        self.picture = Picture(format="png", width=_WIDTH, layout=w.Layout(max_width="100%"))
        self.words = w.HTML()
        self.run_button.on_click(lambda _: self.start())
        self.stop_button.on_click(lambda _: self.stop())

    def _measure(self) -> None:
        task = (self.channel.value, self.size.value, self.count.value)
        try:
            with OtherInterpreter() as other:
                other.load(measure_one, [task])
                other.go()
                (point,) = other.result(stop=self._stop).results
        except Stopped:
            self.status.value = "stopped; nothing is left running"
        except WorkFailed as error:
            self.status.value = html.escape(str(error))
        except Exception as error:  # a thread has nobody else to tell
            self.status.value = html.escape(f"{type(error).__name__}: {error}")
        else:
            self.points.append(point)
            self.draw()
            self.status.value = f"{point.channel}: {in_seconds(point.seconds)}"
        finally:
            self._set_running(False)

    def _set_running(self, running: bool) -> None:
        self.run_button.disabled, self.stop_button.disabled = running, not running

    def draw(self) -> None:
        """Draw what was measured at first, and the points since; nothing is measured."""
        figure = Figure(figsize=_INCHES, dpi=_DOTS)
        ax = figure.subplots(gridspec_kw=_MARGINS)
        plot_channels(self.measured, ax)
        add_points(ax, self.points)
        png = io.BytesIO()
        figure.savefig(png, format="png")
        self.picture.value = png.getvalue()
        sentences = [_in_words(point) for point in self.points] or ["No point yet: press Run."]
        self.words.value = "<br>".join(map(html.escape, sentences[-5:]))
        self.picture.tooltip = ". ".join(sentences)  # what a screen reader says of the picture


def _in_words(point: Exchange) -> str:
    """What came of one run, as a sentence."""
    middle = sorted(point.rounds)[len(point.rounds) // 2]
    return (
        f"{point.channel}, {in_bytes(point.size)}, {len(point.rounds)} messages: "
        f"best {in_seconds(point.seconds)}, middle {in_seconds(middle)}, "
        f"worst {in_seconds(max(point.rounds))}; {point.moved:,} bytes moved each"
    )
