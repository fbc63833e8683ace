"""Numbers are written in so many digits, and never with an exponent."""

from __future__ import annotations

import math

import pytest

from helpers.number_text import in_digits

pytestmark = pytest.mark.standard_library


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (296.11, 2, "300"),
        (12_345, 3, "12,300"),
        (999.6, 3, "1,000"),
        (0.0951, 2, "0.095"),
        (0.0000401, 2, "0.00004"),
        (1.5, 3, "1.5"),
        (7, 3, "7"),
        (0, 3, "0"),
        (-1234, 2, "-1,200"),
        (math.inf, 3, "inf"),
    ],
)
def test_in_digits(value, digits, text):
    assert in_digits(value, digits) == text
