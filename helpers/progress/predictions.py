"""The learner's predictions and what was measured, in the order of the course.

the lessons' sources  ->  which predictions there are, by lesson and in order
the learner's notes   ->  what was predicted and measured
                      ->  a Guess each, with the factor between the two
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from statistics import median
from typing import TypeGuard

from helpers.number_text import as_counted, in_digits
from helpers.progress import outline, store

_ASKED = re.compile(r"\bpredict\(\s*\"([^\"]+)\"")
_OTHER = "other"  # the lesson of predictions that a learner's own notebook asked for


@dataclass(frozen=True)
class Guess:
    """One prediction that was kept and measured.

    `predicted` is the first value that was kept: a learner may change it after the measurement.
    """

    lesson: str
    name: str
    question: str
    predicted: float
    measured: float

    @property
    def factor(self) -> float | None:
        """Return the predicted value divided by the measured one: 2 is twice too high.

        If both values round to 0, the prediction counts as right. The factor is None if one of them
        is 0 and the other is not, or if they have different signs.
        """
        both_round_to_zero = abs(self.predicted) < 0.5 and abs(self.measured) < 0.5
        if self.predicted == self.measured or both_round_to_zero:
            return 1.0
        if self.predicted * self.measured <= 0:
            return None
        return self.predicted / self.measured

    @property
    def off(self) -> float:
        """Return the factor by which it was too high or too low: 1 is right, infinite if none."""
        return math.inf if self.factor is None else max(self.factor, 1 / self.factor)


def guesses() -> list[Guess]:
    """Return every prediction that was kept and measured, in the order of the course."""
    kept = store.read("predictions")
    places = _places()
    unknown = [name for name in kept if name not in places]
    order = {**places, **dict.fromkeys(unknown, _OTHER)}
    found = (_guess(lesson, name, kept.get(name)) for name, lesson in order.items())
    return [guess for guess in found if guess is not None]


def by_lesson(found: list[Guess]) -> dict[str, list[Guess]]:
    """Return the guesses of each lesson that has any, in the order of the course."""
    lessons: dict[str, list[Guess]] = {}
    for guess in found:
        lessons.setdefault(guess.lesson, []).append(guess)
    return lessons


def median_off(found: list[Guess]) -> float:
    """Return the median of the factors by which the guesses are off; infinite if half have none."""
    return median(guess.off for guess in found)


def in_words(found: list[Guess]) -> list[str]:
    """Return one sentence for each lesson that says what the picture of the guesses shows."""
    lines = []
    for lesson, theirs in by_lesson(found).items():
        how_many = f"{len(theirs)} prediction{'s' if len(theirs) > 1 else ''}"
        worst = max(theirs, key=lambda guess: guess.off)
        lines.append(
            f"{_where(lesson)}: {how_many}, median {_words(median_off(theirs))}; the furthest off "
            f"was {worst.name}: predicted {in_digits(worst.predicted, 6)}, "
            f"measured {as_counted(worst.measured)}"
        )
    return lines


def _where(lesson: str) -> str:
    return "other notebooks" if lesson == _OTHER else f"lesson {lesson}"


def _words(factor: float) -> str:
    if math.isinf(factor):
        return "too far off for a factor"
    return f"off by a factor of {in_digits(factor)}"


def _places() -> dict[str, str]:
    """Return the lesson in which each prediction is asked for, by name, in the course's order."""
    places: dict[str, str] = {}
    for lesson in outline.lessons():
        try:
            text = (outline.ROOT / lesson.source).read_text(encoding="utf-8")
        except OSError:  # not written yet
            continue
        for name in _ASKED.findall(text):
            places.setdefault(name, lesson.number)
    return places


def _guess(lesson: str, name: str, kept: object) -> Guess | None:
    """Return the guess in the notes; None if it is not valid, as the notes may have been edited."""
    if not isinstance(kept, dict):
        return None
    predicted, measured = kept.get("first", kept.get("predicted")), kept.get("measured")
    question = kept.get("question")
    if not (_is_number(predicted) and _is_number(measured)):
        return None
    return Guess(lesson, name, question if isinstance(question, str) else name, predicted, measured)


def _is_number(value: object) -> TypeGuard[float]:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return math.isfinite(value)
