"""One shape for every refusal: what was given, what is allowed, what to do next."""

from __future__ import annotations

import reprlib

_SHORT = reprlib.Repr()  # looks at the beginning of a long list or text only
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 60


def shown(value: object) -> str:
    """The value as its repr, cut to 60 characters, with its type where the repr does not tell."""
    try:
        text = " ".join(_SHORT.repr(value).split("\n"))
    except Exception:  # a repr of somebody else's can raise anything, and that of a huge int does
        return f"something of type {type(value).__name__}"
    if len(text) > 60:
        text = text[:57] + "..."
    plain = isinstance(value, (str, int, float, type(None)))
    return text if plain else f"{text} ({type(value).__name__})"


def message(name: str, given: object, allowed: str, do_next: str) -> str:
    """The text of a refusal, e.g. `workers must be 1 to 61, got 0. Pass workers=2.`"""
    return f"{name} must be {allowed}, got {shown(given)}. {do_next}"


def bad_value(name: str, given: object, allowed: str, do_next: str) -> ValueError:
    """A ValueError for a value of the right type that can't be used."""
    return ValueError(message(name, given, allowed, do_next))


def bad_type(name: str, given: object, allowed: str, do_next: str) -> TypeError:
    """A TypeError for a value of a type that can't be used."""
    return TypeError(message(name, given, allowed, do_next))


def whole_number(name: str, value: object, low: int, high: int, do_next: str) -> int:
    """`value` as it is, if it is an int from `low` to `high`; else TypeError or ValueError."""
    allowed = f"a whole number from {low:,} to {high:,}"
    if isinstance(value, bool) or not isinstance(value, int):
        raise bad_type(name, value, allowed, do_next)
    if not low <= value <= high:
        raise bad_value(name, value, allowed, do_next)
    return value


def number(name: str, value: object, low: float, high: float, do_next: str) -> float:
    """`value` as a float, if it is a number from `low` to `high`; else TypeError or ValueError."""
    allowed = f"a number from {low:g} to {high:g}"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise bad_type(name, value, allowed, do_next)
    if not low <= value <= high:  # NaN fails here too
        raise bad_value(name, value, allowed, do_next)
    return float(value)


def one_of(name: str, value: object, allowed: tuple[str, ...], do_next: str) -> str:
    """`value` as it is, if it is one of the allowed words; else TypeError or ValueError."""
    words = "one of " + ", ".join(allowed)
    if not isinstance(value, str):
        raise bad_type(name, value, words, do_next)
    if value not in allowed:
        raise bad_value(name, value, words, do_next)
    return value


def texts(**named: object) -> None:
    """Refuse, with TypeError, each of these arguments that is no text."""
    for name, value in named.items():
        if not isinstance(value, str):
            raise bad_type(name, value, "a str", "Pass text.")


def of_kind(name: str, value: object, kind: type, do_next: str) -> None:
    """Refuse, with TypeError, a value that is not of that kind."""
    if not isinstance(value, kind):
        raise bad_type(name, value, f"a {kind.__name__}", do_next)


def all_of_kind(name: str, values: object, kind: type, do_next: str) -> None:
    """Refuse, with TypeError, what is not a list, tuple or dict of at least one of that kind."""
    inner = (
        list(values.values() if isinstance(values, dict) else values)
        if isinstance(values, (list, tuple, dict))
        else []
    )
    if not inner or not all(isinstance(one, kind) for one in inner):
        allowed = f"a list or dict with at least one {kind.__name__} and nothing else"
        raise bad_type(name, values, allowed, do_next)
