"""A last look at all predictions: how far off each was, lesson by lesson."""

from __future__ import annotations

import html
import io

import ipywidgets as w
from matplotlib.figure import Figure

from helpers.plots.predictions import plot_guesses
from helpers.progress import predictions
from helpers.widgets.base import Picture

_NOTHING = (
    "Nothing to show yet: no prediction was kept and then measured. Type a number into a field "
    "that says <i>Predict</i>, press <b>Keep</b>, and run the cells below it; then run this again."
)
_HOW = (
    "Each point is a prediction. On the line in the middle it was right; above, too high; below, "
    "too low. The grey band is the lesson's median factor."
)


class LastLook(w.VBox):
    """The predictions that were kept and measured: a picture, and the same in words."""

    def __init__(self) -> None:
        self.found = predictions.guesses()
        self.words = w.HTML()
        rows: list[w.Widget] = [w.HTML("<b>Your predictions, in the order of the course</b>")]
        if self.found:
            sentences = [_HOW, *predictions.in_words(self.found)]
            self.picture = Picture(
                value=_drawn(self.found), format="png", width=840,
                layout=w.Layout(max_width="calc(100% - 4px)"),
            )  # fmt: skip
            self.picture.tooltip = ". ".join(sentences)
            self.words.value = "<br>".join(map(html.escape, sentences))
            rows.append(self.picture)
        else:
            self.words.value = _NOTHING
        super().__init__([*rows, self.words])

    def __repr__(self) -> str:
        return "Your predictions: open this notebook in JupyterLab to see how far off they were"


def show_predictions() -> LastLook:
    """Every prediction that was kept and measured, beside what was measured, lesson by lesson."""
    return LastLook()


def _drawn(found: list[predictions.Guess]) -> bytes:
    figure = Figure(figsize=(8.4, 3.8), dpi=150, layout="constrained")
    plot_guesses(found, figure.subplots())
    png = io.BytesIO()
    figure.savefig(png, format="png")
    return png.getvalue()
