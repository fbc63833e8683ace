"""What the learner predicted and what was measured, in the order of the course.

the lessons' sources  ->  which predictions there are, by lesson and in order
the learner's notes   ->  what was predicted and measured
                      ->  a Guess each, with the factor between the two
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from statistics import median

from helpers.progress import outline, store
from helpers.validation import all_of_kind

_ASKED = re.compile(r"\bpredict\(\s*\"([^\"]+)\"")
_OTHER = "other"  # of names that no lesson has: asked in a notebook of the learner's own


@dataclass(frozen=True)
class Guess:
    """One prediction that was kept and measured. The first one that was kept counts."""

    lesson: str
    name: str
    question: str
    predicted: float
    measured: float

    @property
    def factor(self) -> float | None:
        """How many times too high (above 1) or too low (below 1) it was; 1 is right.

        None where there is no such number: one of the two is 0 and the other is not, or they lie on
        different sides of 0. What rounds to 0 counts as 0.
        """
        said, was = (0.0 if abs(x) < 0.5 else x for x in (self.predicted, self.measured))
        if self.predicted == self.measured or said == was == 0:
            return 1.0
        if self.predicted * self.measured <= 0:
            return None
        return self.predicted / self.measured

    @property
    def off(self) -> float:
        """By which factor it was off, whichever way: 1 is right, infinite where there is none."""
        return math.inf if self.factor is None else max(self.factor, 1 / self.factor)


def guesses() -> list[Guess]:
    """Every prediction that was kept and measured, in the order of the course."""
    kept = store.read("predictions")
    places = _places()
    unknown = [name for name in kept if name not in places]
    order = {**places, **dict.fromkeys(unknown, _OTHER)}
    found = (_guess(lesson, name, kept.get(name)) for name, lesson in order.items())
    return [guess for guess in found if guess is not None]


def by_lesson(found: list[Guess]) -> dict[str, list[Guess]]:
    """The guesses of each lesson that has any, in order."""
    all_of_kind("found", found, Guess, "Pass what guesses() returned.")
    lessons: dict[str, list[Guess]] = {}
    for guess in found:
        lessons.setdefault(guess.lesson, []).append(guess)
    return lessons


def median_off(found: list[Guess]) -> float:
    """The median of the factors by which they were off; infinite if half of them have none."""
    all_of_kind("found", found, Guess, "Pass what guesses() returned.")
    return median(guess.off for guess in found)


def in_words(found: list[Guess]) -> list[str]:
    """What the picture of them shows, as sentences: a line for each lesson."""
    all_of_kind("found", found, Guess, "Pass what guesses() returned.")
    lines = []
    for lesson, theirs in by_lesson(found).items():
        how_many = f"{len(theirs)} prediction{'s' if len(theirs) > 1 else ''}"
        worst = max(theirs, key=lambda guess: guess.off)
        lines.append(
            f"{_where(lesson)}: {how_many}, median {_words(median_off(theirs))}; the furthest off "
            f"was {worst.name}: predicted {worst.predicted:g}, measured {worst.measured:.3g}"
        )
    return lines


def _where(lesson: str) -> str:
    return "other notebooks" if lesson == _OTHER else f"lesson {lesson}"


def _words(factor: float) -> str:
    return "too far off for a factor" if math.isinf(factor) else f"off by a factor of {factor:.3g}"


def _places() -> dict[str, str]:
    """The lesson in which each prediction is asked for, in the order of the course."""
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
    """The guess, if that is what the notes hold: somebody may have spoiled them."""
    if not isinstance(kept, dict):
        return None
    predicted, measured = kept.get("first", kept.get("predicted")), kept.get("measured")
    question = kept.get("question")
    if not all(_is_number(value) for value in (predicted, measured)):
        return None
    return Guess(lesson, name, question if isinstance(question, str) else name, predicted, measured)


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return math.isfinite(value)
