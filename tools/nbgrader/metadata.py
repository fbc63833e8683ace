"""What a lab carries so that nbgrader can grade it: metadata, and a cell that counts points.

    a lab's cells + helpers/checks/lab_NN.py -> graded -> cells marked, the points cell at the end

Teachers need nbgrader; the course itself does not: see classroom/README.md.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from tools.build.percent import Cell, SourceError, has_solution

SCHEMA = 3  # the version of nbgrader's cell metadata, since nbgrader 0.6
POINTS = "points"  # the graded cell's id; it and `answer_1` must stay once a gradebook has them

POINTS_TEXT = (
    "The next cell is for a course that is graded: it counts the requirements that are `ok`. If you"
    " learn for yourself, you can leave it."
)
# It imports `points` itself: a student may have given that name another meaning above.
POINTS_CODE = 'from helpers.checks.grade import points\n\npoints("{number}")'


def graded(cells: Iterable[Cell], number: str, root: Path) -> tuple[Cell, ...]:
    """Return the cells of lab `number` with nbgrader's marks, or unchanged without a check.

    Learners may change each cell that has a marked solution. A cell that counts the points follows
    the last one. Raise SourceError if the number of requirements can't be determined.
    """
    points = requirement_count(number, root)
    if not points:
        return tuple(cells)
    number_of_answer = count(1)
    marked = [
        replace(cell, nbgrader=_answer(next(number_of_answer))) if has_solution([cell]) else cell
        for cell in cells
    ]
    counted = Cell(
        "code",
        POINTS_CODE.format(number=number),
        nbgrader=_mark(POINTS, grade=True, locked=True, points=points),
    )
    return (*marked, Cell("markdown", POINTS_TEXT), counted)


def _answer(number: int) -> dict[str, Any]:
    return _mark(f"answer_{number}", solution=True)


def _mark(grade_id: str, **more: bool | int) -> dict[str, Any]:
    """Return nbgrader's metadata for one cell; its schema requires every one of these keys."""
    plain = {"grade": False, "locked": False, "solution": False, "task": False}
    return dict(sorted({**plain, "grade_id": grade_id, "schema_version": SCHEMA, **more}.items()))


def requirement_count(number: str, root: Path) -> int:
    """Return the number of requirements in helpers/checks/lab_NN.py; 0 without that file.

    The file is read, not run. Raise SourceError if REQUIREMENTS is not written out in it.
    """
    file = f"helpers/checks/lab_{number}.py"
    if not (root / file).exists():
        return 0
    try:
        tree = ast.parse((root / file).read_text(encoding="utf-8"))
    except SyntaxError as error:
        fault = f"not Python: {error.msg}"
        raise SourceError(file, error.lineno or 1, fault, "Correct it") from None
    for line, value in _assigned(tree, "REQUIREMENTS"):
        if isinstance(value, ast.Tuple | ast.List) and _written_out(value):
            return len(value.elts)
        raise SourceError(file, line, "REQUIREMENTS can't be counted", _FIX)
    raise SourceError(file, 1, "no REQUIREMENTS", _FIX)


_FIX = "Write them out: REQUIREMENTS = (one, for, each, verdict)"


def _written_out(value: ast.Tuple | ast.List) -> bool:
    return bool(value.elts) and not any(isinstance(one, ast.Starred) for one in value.elts)


def _assigned(tree: ast.Module, name: str) -> Iterator[tuple[int, ast.expr | None]]:
    """Yield line and value of each assignment to `name` at the top of the module."""
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            yield node.lineno, node.value
