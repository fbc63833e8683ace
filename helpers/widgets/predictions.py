"""Predictions before an experiment: a number, or a choice for each of several workloads."""

from __future__ import annotations

import html

import ipywidgets as w

from helpers.claims import tell
from helpers.number_text import as_counted, in_digits
from helpers.progress import store
from helpers.validation import bad_type, number, texts

NOT_KEPT = "not kept, as your notes can't be written"


class Prediction(w.VBox):
    """A question to answer with a number before the experiment; the notes keep the answer."""

    def __init__(
        self, name: str, question: str, unit: str = "", *, low: float = 0, high: float = 1e9
    ) -> None:
        texts(name=name, question=question, unit=unit)
        self.name, self.question, self.unit = name, question, unit
        self.low = number("low", low, -1e300, 1e300, "Pass the least that makes sense.")
        self.high = number("high", high, self.low, 1e300, "Pass the most that makes sense.")
        kept = _predicted(name)
        self.answer = w.Text(
            value="" if kept is None else f"{kept:g}",
            placeholder="a number",
            description="Predict:",
            layout=w.Layout(width="16em"),
        )
        self.button = w.Button(description="Keep", layout=w.Layout(width="6em"))
        self.status = w.HTML("" if kept is None else "kept")
        self.button.on_click(lambda _: self.keep())
        super().__init__(
            [
                w.HTML(f"<b>{html.escape(question)}</b>"),
                w.HBox([self.answer, w.Label(unit), self.button, self.status]),
            ]
        )

    def keep(self) -> None:
        """Keep the number in the field, or show what is wrong with it."""
        try:
            value = float(self.answer.value.replace(",", "."))
            number(self.name, value, self.low, self.high, "")
        except ValueError:
            low, high = in_digits(self.low, 6), in_digits(self.high, 6)
            self.status.value = f"a number from {low} to {high}, please"
            return
        kept = store.change("predictions", self.name, lambda kept: self._note(kept, value))
        self.status.value = f"{'kept' if kept else NOT_KEPT}; now run the experiment"

    def _note(self, kept: object, value: float) -> dict:
        """Return the note of a number.

        A number that is changed after the experiment is not a prediction anymore. So the note keeps
        the one before it as `first`, which the review of the predictions uses.
        """
        note = {"question": self.question, "predicted": value}
        if isinstance(kept, dict) and "measured" in kept and "predicted" in kept:
            note["first"] = kept.get("first", kept["predicted"])
        return note

    def __repr__(self) -> str:
        return f"Predict: {self.question}" + (f" ({self.unit})" if self.unit else "")


def predict(
    name: str, question: str, unit: str = "", *, low: float = 0, high: float = 1e9
) -> Prediction:
    """Return a widget that asks the question, and keeps the answer under `name` for `compare`.

    Raise TypeError or ValueError for arguments that can't be used.
    """
    return Prediction(name, question, unit, low=low, high=high)


def compare(name: str, measured: float, unit: str = "") -> None:
    """Print what was measured beside what was predicted, and keep both in the learner's notes.

    Raise TypeError or ValueError for arguments that can't be used.
    """
    texts(name=name, unit=unit)
    number("measured", measured, -1e300, 1e300, "Pass what the experiment gave.")
    predicted = _predicted(name)
    store.change("predictions", name, lambda kept: {**_table(kept), "measured": measured})
    theirs = "nothing yet" if predicted is None else in_digits(predicted, 6)
    tell(f"{as_counted(measured)} {unit}".rstrip() + f"; you predicted {theirs}")


def _kept(section: str, name: str) -> dict:
    """Return what the learner's notes have under that name; empty if it is not a dict."""
    return _table(store.read(section).get(name))


def _table(kept: object) -> dict:
    return kept if isinstance(kept, dict) else {}


def _predicted(name: str) -> float | None:
    """Return the number that was predicted, or None if there is none."""
    kept = _kept("predictions", name).get("predicted")
    return kept if isinstance(kept, (int, float)) else None


class Placement(w.VBox):
    """A choice for each of several workloads before they are measured; the notes keep it."""

    def __init__(self, name: str, works: dict[str, str], choices: tuple[str, ...]) -> None:
        texts(name=name)
        if not isinstance(works, dict) or not works:
            raise bad_type("works", works, "a dict of name: description", "Pass at least one.")
        if not isinstance(choices, (list, tuple)) or not choices:
            raise bad_type("choices", choices, "a list of strings", "Pass at least one.")
        self.name = name
        kept = _kept("placements", name)
        self.choosers = {
            work: w.Dropdown(
                options=["?", *choices],
                value=kept.get(work) if kept.get(work) in choices else "?",
                description=says,
                style={"description_width": "26em"},
                layout=w.Layout(width="40em"),
            )
            for work, says in works.items()
        }
        for chooser in self.choosers.values():
            chooser.observe(lambda _: self.keep(), "value")
        super().__init__([w.HTML("<b>Place each of them:</b>"), *self.choosers.values()])

    def __repr__(self) -> str:
        return f"Place: {', '.join(self.choosers)}"

    @property
    def chosen(self) -> dict[str, str]:
        """Return the choice for each workload, or "?" if there is none."""
        return {work: chooser.value for work, chooser in self.choosers.items()}

    def keep(self) -> None:
        """Keep the choices in the learner's notes."""
        store.keep("placements", self.name, self.chosen)

    def compare(self, best: dict[str, str]) -> None:
        """Print each choice beside the engine that was measured to be fastest."""
        for work, fastest in best.items():
            tell(f"{work}: fastest was {fastest}; you said {self.chosen.get(work, '?')}")
