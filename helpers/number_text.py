"""Numbers as text, rounded and without an exponent: 300 and 0.00004, not 3e+02 and 4e-05."""

from __future__ import annotations

from decimal import Decimal


def in_digits(value: float, digits: int = 3) -> str:
    """Return the number, rounded to that many digits, without an exponent: 0.0123, 1.5, 12,300.

    Format `g` writes an exponent where a number has more digits than it shows.
    """
    text = f"{value:.{digits}g}"
    return f"{Decimal(text):,f}" if "e" in text else text


def as_counted(value: float) -> str:
    """Return the number in three digits, and as a whole number from 1,000 on: 1.5, 12,345.

    A count such as 2,868 must not be rounded: the learner sees it beside the exact one.
    """
    return f"{value:,.0f}" if abs(value) >= 1_000 else in_digits(value)
