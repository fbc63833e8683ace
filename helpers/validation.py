"""Validate arguments. Every error says what was given, what is allowed, and what to do next."""

from __future__ import annotations

import reprlib

from helpers.number_text import in_digits

_SHORT = reprlib.Repr()  # reads only the beginning of a long list or text
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 60


def shown(value: object) -> str:
    """Return the value's repr, cut to 60 characters, and its type unless the repr shows it."""
    try:
        text = " ".join(_SHORT.repr(value).split("\n"))
    except Exception:  # a class's own __repr__ can raise anything; repr of a huge int raises
        return f"something of type {type(value).__name__}"
    if len(text) > 60:
        text = text[:57] + "..."
    plain = isinstance(value, (str, int, float, type(None)))
    return text if plain else f"{text} ({type(value).__name__})"


def message(name: str, given: object, allowed: str, do_next: str) -> str:
    """Return an error message such as `workers must be 1 to 61, got 0. Pass workers=2.`"""
    return f"{name} must be {allowed}, got {shown(given)}. {do_next}"


def bad_value(name: str, given: object, allowed: str, do_next: str) -> ValueError:
    """Return a ValueError for a value of the right type that is not allowed."""
    return ValueError(message(name, given, allowed, do_next))


def bad_type(name: str, given: object, allowed: str, do_next: str) -> TypeError:
    """Return a TypeError for a value whose type is not allowed."""
    return TypeError(message(name, given, allowed, do_next))


def whole_number(name: str, value: object, low: int, high: int, do_next: str) -> int:
    """Return `value` if it is an int from `low` to `high`; else raise TypeError or ValueError."""
    allowed = f"a whole number from {low:,} to {high:,}"
    if isinstance(value, bool) or not isinstance(value, int):
        raise bad_type(name, value, allowed, do_next)
    if not low <= value <= high:
        raise bad_value(name, value, allowed, do_next)
    return value


def number(name: str, value: object, low: float, high: float, do_next: str) -> float:
    """Return `value` as a float if it is from `low` to `high`; else raise TypeError or ValueError.

    Infinity and NaN are not from `low` to `high`.
    """
    allowed = f"a number from {in_digits(low, 6)} to {in_digits(high, 6)}"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise bad_type(name, value, allowed, do_next)
    if not low <= value <= high:  # NaN fails here too
        raise bad_value(name, value, allowed, do_next)
    return float(value)


def one_of(name: str, value: object, allowed: tuple[str, ...], do_next: str) -> str:
    """Return `value` if it is one of the allowed words; else raise TypeError or ValueError."""
    words = "one of " + ", ".join(allowed)
    if not isinstance(value, str):
        raise bad_type(name, value, words, do_next)
    if value not in allowed:
        raise bad_value(name, value, words, do_next)
    return value


def texts(**named: object) -> None:
    """Raise TypeError if one of these arguments is not a str."""
    for name, value in named.items():
        if not isinstance(value, str):
            raise bad_type(name, value, "a str", "Pass text.")


def all_of_kind(name: str, values: object, kind: type, do_next: str) -> None:
    """Raise TypeError unless `values` is a list, tuple or dict of one `kind` or more."""
    inner = (
        list(values.values() if isinstance(values, dict) else values)
        if isinstance(values, (list, tuple, dict))
        else []
    )
    if not inner or not all(isinstance(one, kind) for one in inner):
        allowed = f"a list or dict with at least one {kind.__name__} and nothing else"
        raise bad_type(name, values, allowed, do_next)


def require(name: str, value: object, kind: type, advice: str) -> None:
    """Raise TypeError for an argument that is not of that class; `advice` says what to pass."""
    if not isinstance(value, kind):
        word = kind.__name__
        article = "" if word.endswith("s") else "an " if word[0] in "AEIOU" else "a "
        raise bad_type(name, value, article + word, advice)
