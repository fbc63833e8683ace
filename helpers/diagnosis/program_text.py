"""Facts that the learner's program itself tells, read from its text.

What a run records shows what happened; the text shows where a name comes from. All functions
return False for a file that can't be read or parsed.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Iterator
from pathlib import Path

_CHANGING_METHODS = {"append", "extend", "add", "update", "insert", "setdefault", "remove", "pop"}


def is_set_late(path: str, name: str) -> bool:
    """Return whether a global gets a value below the guard or in a function, not only at the top.

    A spawned child imports the file without its guarded part, so it does not have that value.
    """
    return any(name in _names_bound(node) for node in _late_statements(path))


def is_class(path: str, name: str) -> bool:
    """Return whether the file defines a class of that name, anywhere."""
    return any(isinstance(node, ast.ClassDef) and node.name == name for node in _nodes(path))


def is_read_outside_class(path: str, kind: str, attribute: str) -> bool:
    """Return whether code reads `….attribute` of a variable that stands for objects of a class."""
    known = _variables_of(path, kind)
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == attribute
        and isinstance(node.ctx, ast.Load)
        and bool(_base_names(node.value) & known)
        for node in _nodes(path)
    )


def _variables_of(path: str, kind: str) -> set[str]:
    """Return the names that stand for objects of the class `kind`, or for lists of them."""
    known = {kind}
    for _ in range(4):  # workers = [Worker()]; for worker in workers; first = workers[0]
        for node in _nodes(path):
            value = getattr(node, "iter", None) or getattr(node, "value", None)
            targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
            if isinstance(value, ast.expr) and _names_used(value) & known:
                known |= {name for one in targets if one for name in _base_names(one)}
    return known - {kind}


def _names_used(expression: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(expression) if isinstance(node, ast.Name)}


def calls_method(path: str, name: str) -> bool:
    """Return whether the file calls a method of that name, such as "seek"."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == name
        for node in _nodes(path)
    )


def held_by_with(path: str, line: int) -> set[str]:
    """Return the text of what each `with` around that line has entered, such as {"lock"}."""
    return {
        ast.unparse(item.context_expr)
        for node in _nodes(path)
        if isinstance(node, ast.With) and node.body[0].lineno <= line <= (node.end_lineno or 0)
        for item in node.items
    }


def _tree(path: str) -> ast.Module | None:
    try:
        return _parsed(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError, RecursionError):
        return None


@functools.lru_cache(maxsize=8)
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def _nodes(path: str) -> Iterator[ast.AST]:
    tree = _tree(path)
    return ast.walk(tree) if tree else iter(())


def _late_statements(path: str) -> Iterator[ast.AST]:
    """Yield what a child does not run at its import: guarded parts, and functions with globals."""
    tree = _tree(path)
    for statement in tree.body if tree else ():
        if isinstance(statement, ast.If) and "__name__" in ast.unparse(statement.test):
            yield from _outside_functions(statement.body)
    for node in _nodes(path):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            globals_ = (one for one in ast.walk(node) if isinstance(one, ast.Global))
            declared = {name for one in globals_ for name in one.names}
            yield from (one for one in ast.walk(node) if _names_bound(one) & declared)
            yield from (one for one in ast.walk(node) if isinstance(one, ast.Call))
            yield from (one for one in ast.walk(node) if _changes_part(one))


def _outside_functions(statements: Iterable[ast.AST]) -> Iterator[ast.AST]:
    for node in statements:
        yield node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        for child in ast.iter_child_nodes(node):
            yield from _outside_functions([child])


def _names_bound(node: ast.AST) -> set[str]:
    """Return the names that a statement binds or whose object it changes."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return {node.name}
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        base = node.func.value
        changes = node.func.attr in _CHANGING_METHODS
        return {base.id} if changes and isinstance(base, ast.Name) else set()
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {(name.asname or name.name).split(".")[0] for name in node.names}
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, (ast.AugAssign, ast.AnnAssign, ast.For, ast.NamedExpr)):
        targets = [node.target]
    elif isinstance(node, ast.With):
        targets = [item.optional_vars for item in node.items if item.optional_vars]
    return {name for target in targets for name in _base_names(target)}


def _changes_part(node: ast.AST) -> bool:
    """Return whether it assigns to a part of an object, such as `settings["limit"] = 5`."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    return any(isinstance(target, (ast.Subscript, ast.Attribute)) for target in targets)


def _base_names(target: ast.expr) -> set[str]:
    if isinstance(target, ast.Name):
        return {target.id}
    if isinstance(target, (ast.Subscript, ast.Attribute, ast.Starred)):
        return _base_names(target.value)
    if isinstance(target, (ast.Tuple, ast.List)):
        return set().union(*map(_base_names, target.elts))
    return set()
