"""A progress bar for work that takes more than two seconds."""

from __future__ import annotations

import ipywidgets as w
from IPython.display import display

from helpers.validation import texts


class ProgressBar(w.HBox):
    """A bar to pass as `progress=` to work that takes more than two seconds. It shows itself."""

    def __init__(self, doing: str = "measuring") -> None:
        texts(doing=doing)
        self._bar = w.IntProgress(value=0, max=1, description="")
        self._text = w.Label(doing)
        self._doing = doing
        super().__init__([self._bar, self._text])
        display(self)

    def __call__(self, done: int, total: int) -> None:
        """Show that `done` of `total` are done."""
        self._bar.max, self._bar.value = total, done
        self._text.value = f"{self._doing}: {done} of {total}"

    def __repr__(self) -> str:
        return f"progress: {self._doing}"
