"""Numbers are written with the given number of digits, and never with an exponent."""

from __future__ import annotations

import math

import pytest

from helpers.number_text import as_counted, in_digits

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


@pytest.mark.parametrize(
    ("value", "text"),
    [(2_868, "2,868"), (12_912, "12,912"), (1_234.5, "1,234"), (999.6, "1,000"), (0.1753, "0.175")],
)
def test_a_count_is_not_rounded(value, text):
    assert as_counted(value) == text
