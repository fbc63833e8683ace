"""The rule that a lesson shows all code before another process runs it.

    show(append_often) … Process(target=append_often)       append_often was shown
    %%module work_01 … Process(target=work_01.greet)        the learner wrote work_01
    %%writefile work_01.py … run_safely("work_01.py")       the lesson wrote work_01.py
    run_safely("stays_at_zero.py")                          needs show("stays_at_zero.py") before

The catalog of workloads is exempt: lesson 00 introduces it. So are builtins and what lessons import
from the standard library. Names that are not imported from `helpers` can't be followed, and pass.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tools.build.lesson_sources import readable_lessons
from tools.build.percent import Cell
from tools.check.problem import Problem, Rule
from tools.outline import Course

# method or function -> the place of the function that another process runs
RUNS = {
    "submit": 0, "map": 0, "imap": 0, "imap_unordered": 0, "starmap": 0, "starmap_async": 0,
    "map_async": 0, "apply": 0, "apply_async": 0, "measure": 0, "sweep": 0, "scale": 0,
    "measure_cuts": 0, "run_in_executor": 1,
}  # fmt: skip
_WRITTEN = re.compile(r"^%%writefile (\S+)")
CATALOG = ("helpers.workers.compute", "helpers.workers.workloads", "helpers.workers")


def lessons_show_what_children_run(course: Course) -> Iterator[Problem]:
    """Yield a problem for each function or program that a lesson runs before it shows it."""
    for page, cells in readable_lessons(course):
        for line, name in _not_shown(cells):
            yield Problem(
                f"{page.source}:{line}",
                f"another process runs {name}, which the lesson has not shown",
                f"Show it before: show({name})",
            )


def _not_shown(cells: tuple[Cell, ...]) -> Iterator[tuple[int, str]]:
    """Yield the line and the name of what is run in another process before it is shown."""
    imported: dict[str, str] = {}  # name in the lesson -> full name, of what comes from helpers
    shown: set[str] = set()  # full names, and file names of programs
    for cell in cells:
        if cell.kind != "code":
            continue
        shown.update(_WRITTEN.findall(cell.text))
        for node in _in_order(cell.text):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("helpers"):
                names = {one.asname or one.name: one.name for one in node.names}
                imported |= {mine: f"{node.module}.{full}" for mine, full in names.items()}
            elif isinstance(node, ast.Call):
                if _called(node) == "show" and node.args:
                    shown.add(_full(node.args[0], imported))
                    continue
                for wanted in _run_by(node):
                    full = _full(wanted, imported)
                    if full and not _is_known(full, shown):
                        yield cell.line + wanted.lineno, ast.unparse(wanted)


def _in_order(text: str) -> Iterator[ast.AST]:
    """Yield what a cell's code consists of, from top to bottom."""
    python = "\n".join("#" if line.startswith("%") else line for line in text.splitlines())
    found = [node for node in ast.walk(ast.parse(python)) if hasattr(node, "lineno")]
    yield from sorted(found, key=lambda node: (node.lineno, node.col_offset))


def _run_by(call: ast.Call) -> Iterator[ast.expr]:
    """Yield what this call lets another process run: a function, or the name of a program."""
    called = _called(call)
    if called in ("run_safely", "under_every_method") and call.args:
        yield call.args[0]
    if called == "Process":
        yield from (word.value for word in call.keywords if word.arg == "target")
    place = RUNS.get(called)
    if place is not None and len(call.args) > place:
        given = call.args[place]
        if isinstance(given, ast.Call) and _called(given) == "partial" and given.args:
            given = given.args[0]
        yield given


def _called(call: ast.Call) -> str:
    """Return the name that is called: the last one, for an attribute."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _full(node: ast.expr, imported: dict[str, str]) -> str:
    """Return the full name of something from helpers, or a program's file name, or nothing."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    first, dot, rest = ast.unparse(node).partition(".")
    return imported[first] + dot + rest if first in imported else ""


def _is_known(full: str, shown: set[str]) -> bool:
    """Return whether it was shown, alone or with its module, or belongs to the catalog."""
    module = full.rpartition(".")[0]
    return full in shown or module in shown or module in CATALOG


RULES: tuple[Rule, ...] = (lessons_show_what_children_run,)
