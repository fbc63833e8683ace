"""Run the cell that shows a claim, with given names in place of what the lesson measured.

A lesson's names are in `lesson_NN.py` beside this file:

    HOLDS        claim -> the names that the cells before leave behind if the claim holds
    CONTRADICTS  claim, what contradicts it in words, the names that change
    LEFT_OPEN    claim, what decides nothing, the names that change, a part of the reason printed
    HELD_ANYWAY  claim, what disturbed the machine, the names that change

The last two may be absent.
"""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import io
from dataclasses import replace
from functools import lru_cache
from types import ModuleType
from unittest.mock import patch

from helpers.measure import machine
from tools.build.percent import Cell, read_source
from tools.outline import LESSON, ROOT, Course, Page

LESSONS = Course(ROOT).outline.lessons
DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def line_of(number: str, claim: str, names: dict) -> str:
    """Return the line that lesson `number` prints for `claim`, given these names.

    The names are what the lesson's cells would have left behind. All imports and definitions up to
    the cell that shows the claim are executed first, and a given name replaces one of these. An
    earlier claim's cell runs first if it computes a name that is needed and not given. All of this
    runs as on a machine with two cores and a GIL.
    """
    cells = code_cells(number)
    (place,) = (i for i, cell in enumerate(cells) if claim in claims_of(cell))
    namespace: dict = {}
    for cell in cells[: place + 1]:
        exec(_definitions(cell), namespace)
    namespace.update(names)
    two_cores = patch.multiple(machine, usable_cores=lambda: 2, has_gil=lambda: True)
    with two_cores, contextlib.redirect_stdout(io.StringIO()) as printed:
        for cell in _with_those_needed(cells[: place + 1], set(namespace)):
            place_in_source = f"lesson {number}, the cell at line {cell.line}"
            exec(compile(_tree(cell), place_in_source, "exec"), namespace)
    lines = printed.getvalue().splitlines()
    (line,) = (line for line in lines if line[1:].startswith(f" {claim}  "))
    return line


def data_of(number: str) -> ModuleType | None:
    """Return the data module of a lesson, or None if it has none."""
    name = f"tests.claims.lesson_{number}"
    return importlib.import_module(name) if importlib.util.find_spec(name) else None


@lru_cache
def code_cells(number: str) -> tuple[Cell, ...]:
    """Return the code cells of a lesson that run in the notebook itself, without line magics."""
    (lesson,) = (one for one in LESSONS if one.number == number)
    file = Page(LESSON, lesson).source
    code = (one for one in read_source(ROOT / file, file) if one.kind == "code")
    return tuple(_without_magics(one) for one in code if not one.text.startswith("%%"))


def claims_of(cell: Cell) -> list[str]:
    """Return the ids in a cell's calls `claim("P1", …)`; raise ValueError if one is not text."""
    return [ast.literal_eval(call.args[0]) for call in _claim_calls(cell)]


def claims_with_excuse(cell: Cell) -> list[str]:
    """Return the ids in those calls that also give a reason, so that they may print a dash."""
    return [ast.literal_eval(call.args[0]) for call in _claim_calls(cell) if call.keywords]


def names_read(number: str) -> set[str]:
    """Return all names that the code of a lesson reads."""
    return set().union(*(_names(cell, ast.Load) for cell in code_cells(number)))


def _claim_calls(cell: Cell) -> list[ast.Call]:
    calls = (node for node in ast.walk(_tree(cell)) if isinstance(node, ast.Call))
    return [call for call in calls if getattr(call.func, "id", "") == "claim"]


def _without_magics(cell: Cell) -> Cell:
    kept = [line for line in cell.text.splitlines() if not line.startswith("%")]
    return replace(cell, text="\n".join(kept))


@lru_cache
def _tree(cell: Cell) -> ast.Module:
    return ast.parse(cell.text)


@lru_cache
def _definitions(cell: Cell) -> object:
    wanted = [node for node in _tree(cell).body if isinstance(node, DEFINITIONS)]
    return compile(ast.Module(wanted, type_ignores=[]), "definitions", "exec")


def _with_those_needed(cells: tuple[Cell, ...], known: set[str]) -> list[Cell]:
    """Return the last cell, after those that show a claim and compute what it or they need."""
    *earlier, last = cells
    running, missing = [last], _names(last, ast.Load) - _names(last, ast.Store) - known
    for cell in reversed(earlier):
        if claims_of(cell) and missing & _names(cell, ast.Store):
            running.insert(0, cell)
            missing |= _names(cell, ast.Load) - known
            missing -= _names(cell, ast.Store)
    return running


@lru_cache
def _names(cell: Cell, context: type[ast.expr_context]) -> frozenset[str]:
    """Return the names that a cell loads, or those that it stores."""
    names = (node for node in ast.walk(_tree(cell)) if isinstance(node, ast.Name))
    return frozenset(node.id for node in names if isinstance(node.ctx, context))
