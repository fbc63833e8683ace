"""A judgment on whether an answer returns the right results, for inputs that are new to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from helpers.checks.lifecycle import Lifecycle
from helpers.checks.verdict import OK, Judgment, not_yet, one_line


class Case(NamedTuple):
    """One call of the answer: its name in the verdict, its arguments and the right result."""

    name: str  # such as "an empty list"
    args: tuple[Any, ...]
    right: object


def right_results(call: Callable[..., object], cases: Iterable[Case]) -> Judgment:
    """Judge whether each call returns the right result; the reason names the first that doesn't.

    Raise NotImplementedError if the call does: then the answer is not written yet.
    """
    for name, args, right in cases:
        try:
            got = call(*args)
        except NotImplementedError:
            raise
        except Exception as error:  # the learner's code can raise anything
            return not_yet(f"with {name} it raised {one_line(f'{type(error).__name__}: {error}')}")
        if not _is_same(got, right):
            return not_yet(f"with {name}: expected {one_line(right)}, got {one_line(got)}")
    return OK


def right_results_by_processes(call: Callable[..., object], cases: Iterable[Case]) -> Judgment:
    """Judge whether each call returns the right result, and whether a process was started for it.

    Raise NotImplementedError if the call does: then the answer is not written yet.
    """
    with Lifecycle() as lifecycle:
        judgment = right_results(call, cases)
    if judgment == OK and not lifecycle.started:
        return not_yet("no process was started")
    return judgment


def _is_same(got: object, right: object) -> bool:
    try:
        return bool(got == right)
    except Exception:  # arrays compare to an array, and an object's own __eq__ can raise
        return False
