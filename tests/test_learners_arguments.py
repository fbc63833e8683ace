"""What a lesson or lab calls refuses what it can't use, in one shape.

What is called is read from the sources of the lessons and labs: what they import from helpers. The
tests of the single modules have the finer points.
"""

from __future__ import annotations

import ast
import asyncio
import dataclasses
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers import validation
from tools.outline import ROOT

pytestmark = pytest.mark.usefixtures("quiet", "own_notes")
SHAPE = r"(?s)^.+ must be .+, got .+\. \w.*\.$"
WORKERS = "helpers.workers"  # run in another process, which is sent what its starter has checked
TAKES_ANYTHING = {"SerialExecutor"}  # made as each executor of the standard library is


def imported(source: Path) -> Iterator[tuple[str, object]]:
    """Yield what a lesson or lab uses of helpers: its full name, and what it is."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    modules = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "helpers":
            for alias in node.names:
                value = attribute(node.module, alias.name)
                if inspect.ismodule(value):
                    modules[alias.asname or alias.name] = value
                else:
                    yield f"{node.module}.{alias.name}", value
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = modules.get(node.value.id)
            if module and hasattr(module, node.attr):
                yield f"{module.__name__}.{node.attr}", getattr(module, node.attr)


def attribute(module: str, name: str) -> object:
    """Return what `from module import name` gives."""
    found = importlib.import_module(module)
    if not hasattr(found, name):
        importlib.import_module(f"{module}.{name}")
    return getattr(found, name)


def takes_arguments(value: object) -> bool:
    """Return whether a learner can pass it a wrong argument; False for data and exceptions."""
    if not (inspect.isfunction(value) or inspect.isclass(value)):
        return False
    if value.__module__.startswith(WORKERS) or dataclasses.is_dataclass(value):
        return False
    raised = inspect.isclass(value) and issubclass(value, Exception)
    return not raised and any(named(parameter) for parameter in parameters(value))


def parameters(value: object) -> list[inspect.Parameter]:
    return list(inspect.signature(value).parameters.values())


def named(parameter: inspect.Parameter) -> bool:
    return parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)


SOURCES = sorted(ROOT.glob("source/l*/*.py"))
CALLED = {
    name.removeprefix("helpers."): value
    for source in SOURCES
    for name, value in imported(source)
    if takes_arguments(value)
}


class Nonsense:
    """What nothing can use."""

    def __repr__(self) -> str:
        return "nonsense"


def call_with_nonsense(function: object) -> None:
    """Call it with nonsense for each argument that it needs; for its first, if it needs none."""
    usable = [parameter for parameter in parameters(function) if named(parameter)]
    required = [p for p in usable if p.default is inspect.Parameter.empty] or usable[:1]
    by_name = {p.name: Nonsense() for p in required if p.kind is inspect.Parameter.KEYWORD_ONLY}
    result = function(*[Nonsense()] * (len(required) - len(by_name)), **by_name)
    if inspect.iscoroutine(result):
        asyncio.run(result)


def test_the_sources_were_read():
    assert len(CALLED) > 80
    names = {value.__name__ for value in CALLED.values()}
    assert {"check", "measure", "run_safely", *TAKES_ANYTHING} <= names


@pytest.mark.parametrize(
    "name", sorted(name for name in CALLED if CALLED[name].__name__ not in TAKES_ANYTHING)
)
def test_nonsense_is_refused_in_one_shape(name):
    with pytest.raises((TypeError, ValueError), match=SHAPE):
        call_with_nonsense(CALLED[name])


# --- the shape itself -----------------------------------------------------------------------------


def test_a_refusal_says_what_was_given_what_is_allowed_and_what_to_do():
    text = validation.message("workers", 0, "1 to 61", "Pass workers=2.")
    assert text == "workers must be 1 to 61, got 0. Pass workers=2."


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1.5, "1.5"),
        ("two", "'two'"),
        (None, "None"),
        (True, "True"),
        ([1, 2], "[1, 2] (list)"),
        (b"x", "b'x' (bytes)"),
    ],
)
def test_a_value_is_shown_with_its_type_where_the_value_does_not_tell(value, text):
    assert validation.shown(value) == text


def test_a_value_that_cannot_be_printed_is_shown_by_its_type():
    class Unprintable:
        def __repr__(self) -> str:
            raise RuntimeError("no")

    assert "Unprintable" in validation.shown(Unprintable())
    assert "int" in validation.shown(10**5_000)  # Python refuses to print that many digits


@pytest.mark.parametrize("value", ["x" * 10**6, list(range(10**6)), b"x" * 10**6, {1: "y" * 999}])
def test_a_large_value_is_cut(value):
    text = validation.shown(value)
    assert len(text) < 80
    assert "..." in text
    assert "\n" not in text


def test_a_value_of_several_lines_is_shown_on_one():
    class Table:
        def __repr__(self) -> str:
            return "a b\n1 2"

    assert validation.shown(Table()) == "a b 1 2 (Table)"


@pytest.mark.parametrize("value", [1, 5, 10])
def test_a_whole_number_in_the_range_is_given_back(value):
    assert validation.whole_number("n", value, 1, 10, "Pass 5.") is value


@pytest.mark.parametrize(
    ("value", "kind"), [(0, ValueError), (11, ValueError), (5.0, TypeError), (True, TypeError)]
)
def test_a_wrong_value_and_a_wrong_type_are_told_apart(value, kind):
    with pytest.raises(kind, match=r"n must be a whole number from 1 to 10, got .+\. Pass 5\."):
        validation.whole_number("n", value, 1, 10, "Pass 5.")


def test_a_number_is_given_back_as_a_float():
    assert validation.number("n", 2, 0, 5, "Pass 1.") == 2.0
    assert isinstance(validation.number("n", 2, 0, 5, "Pass 1."), float)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -0.1, 5.1])
def test_a_number_outside_is_refused(value):
    with pytest.raises(ValueError, match=r"n must be a number from 0 to 5, got .+\. Pass 1\."):
        validation.number("n", value, 0, 5, "Pass 1.")


def test_a_word_is_one_of_those_allowed():
    assert validation.one_of("word", "b", ("a", "b"), "Pick one.") == "b"
    with pytest.raises(ValueError, match=r"word must be one of a, b, got 'c'\. Pick one\."):
        validation.one_of("word", "c", ("a", "b"), "Pick one.")
    with pytest.raises(TypeError, match=r"word must be one of a, b, got 5\. Pick one\."):
        validation.one_of("word", 5, ("a", "b"), "Pick one.")
