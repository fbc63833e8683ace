"""Right results, for inputs that the learner has not seen, and errors that reach the caller."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from helpers.checks.verdict import OK, Judgement, not_yet, one_line


class Case(NamedTuple):
    """One call of the answer: how it is called in the verdict, its arguments, what is right."""

    name: str  # such as "an empty list"
    args: tuple
    right: object


def right_results(call: Callable, cases: Iterable[Case]) -> Judgement:
    """Whether each call returns what is right; the first that does not is told."""
    for name, args, right in cases:
        try:
            got = call(*args)
        except NotImplementedError:
            raise
        except Exception as error:  # the learner's own, whatever it is
            return not_yet(f"with {name} it raised {one_line(f'{type(error).__name__}: {error}')}")
        if not _same(got, right):
            return not_yet(f"with {name}: expected {one_line(right)}, got {one_line(got)}")
    return OK


def error_arrives(call: Callable, kind: type[BaseException], words: str = "") -> Judgement:
    """Whether the call raises that kind of error, with these words in it.

    An error whose cause or context is of that kind will do: an answer may wrap it.
    """
    try:
        got = call()
    except NotImplementedError:
        raise
    except BaseException as error:  # whatever arrives is judged
        chain, link = [], error
        while link is not None and link not in chain:
            chain.append(link)
            link = link.__cause__ or link.__context__
        if any(isinstance(link, kind) and words in str(link) for link in chain):
            return OK
        return not_yet(
            f"expected {kind.__name__}, "
            f"{one_line(f'{type(error).__name__}: {error}')} reached the caller"
        )
    return not_yet(
        f"expected {kind.__name__} to reach the caller, but the call returned {one_line(got)}"
    )


def _same(got: object, right: object) -> bool:
    try:
        return bool(got == right)
    except Exception:  # an array compares to an array, another object to an error
        return False
