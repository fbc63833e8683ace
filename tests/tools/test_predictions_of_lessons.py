"""Each prediction of a lesson is compared with what was measured, once, and by its name."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tools.outline import ROOT, read_outline

pytestmark = pytest.mark.once
LESSONS = [lesson.name for lesson in read_outline().lessons if lesson.written]


def named(function: str, source: str) -> Counter[str]:
    """Return how often the source calls the function with each literal name."""
    return Counter(re.findall(rf"^ *{function}\(\s*\"([^\"]+)\"", source, re.MULTILINE))


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_prediction_is_compared_once(lesson):
    source = (ROOT / f"source/lessons/{lesson}.py").read_text(encoding="utf-8")
    predicted = named("predict", source)
    assert predicted == named("compare", source)
    assert set(predicted.values()) <= {1}
