"""The review of all predictions: how far off each one was, lesson by lesson."""

from __future__ import annotations

import html

import ipywidgets as w
from matplotlib.figure import Figure

from helpers.plots.predictions import SIZE, plot_guesses
from helpers.plots.style import as_png
from helpers.progress import predictions
from helpers.widgets.base import DOTS, new_picture

_WIDTH = 840  # pixels
_NOTHING = (
    "Nothing to show yet: no prediction was kept and then measured. Type a number into a field "
    "that says <i>Predict</i>, press <b>Keep</b>, and run the cells below it; then run this again."
)
_HOW = (
    "Each point is a prediction. On the line in the middle it was right; above, too high; below, "
    "too low. The gray band is the lesson's median factor."
)


class LastLook(w.VBox):
    """A picture of the predictions that were kept and measured, and the same in words."""

    def __init__(self) -> None:
        self.found = predictions.guesses()
        self.words = w.HTML()
        rows: list[w.Widget] = [w.HTML("<b>Your predictions, in the order of the course</b>")]
        if self.found:
            sentences = [_HOW, *predictions.in_words(self.found)]
            self.picture = new_picture(_WIDTH)
            self.picture.value = _drawn(self.found)
            self.picture.tooltip = ". ".join(sentences)
            self.words.value = "<br>".join(map(html.escape, sentences))
            rows.append(self.picture)
        else:
            self.words.value = _NOTHING
        super().__init__([*rows, self.words])

    def __repr__(self) -> str:
        return "Your predictions: open this notebook in JupyterLab to see how far off they were"


def show_predictions() -> LastLook:
    """Return a widget with each kept prediction beside what was measured, lesson by lesson."""
    return LastLook()


def _drawn(found: list[predictions.Guess]) -> bytes:
    figure = Figure(figsize=SIZE, dpi=DOTS, layout="constrained")
    plot_guesses(found, figure.subplots())
    return as_png(figure)
