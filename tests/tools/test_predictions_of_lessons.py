"""Each prediction of a lesson is compared by its name, once, in a cell that can be run again."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

import pytest

from tools.build.lesson_sources import readable_lessons
from tools.build.percent import Cell
from tools.outline import Course

pytestmark = pytest.mark.once
LESSONS = {page.source: cells for page, cells in readable_lessons(Course())}


def code_of(cells: tuple[Cell, ...]) -> list[ast.Module]:
    """Return the parsed code cells; what starts with a magic is left out."""
    return [
        ast.parse(cell.text)
        for cell in cells
        if cell.kind == "code" and not cell.text.startswith(("%", "!"))
    ]


def calls(function: str, tree: ast.AST) -> Iterator[ast.Call]:
    """Yield each call of the function by its name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == function:
            yield node


def names_in(trees: list[ast.Module], function: str) -> Counter[str]:
    """Return how often the function is called with each name as its first argument."""
    return Counter(
        call.args[0].value
        for tree in trees
        for call in calls(function, tree)
        if isinstance(call.args[0], ast.Constant)
    )


def bound(tree: ast.Module) -> set[str]:
    """Return the names that a cell binds outside of functions and classes."""
    inner = {
        id(node)
        for scope in ast.walk(tree)
        if isinstance(scope, ast.FunctionDef | ast.ClassDef | ast.Lambda)
        for node in ast.walk(scope)
    }
    return {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in inner
    }


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_prediction_is_compared_once(lesson):
    trees = code_of(LESSONS[lesson])
    predicted = names_in(trees, "predict")
    assert predicted == names_in(trees, "compare")
    assert set(predicted.values()) <= {1}


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_comparison_can_be_run_again_at_the_end(lesson):
    """A learner who has read on goes back, predicts again, and runs the comparison again."""
    trees = code_of(LESSONS[lesson])
    for place, tree in enumerate(trees):
        compared = {
            node.id
            for call in calls("compare", tree)
            for node in ast.walk(call)
            if isinstance(node, ast.Name)
        }
        for later in trees[place + 1 :]:
            assert not (compared - bound(tree)) & bound(later)
