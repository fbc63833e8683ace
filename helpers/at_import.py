"""Which lines of a module start processes when it is imported: seen in its text, nothing is run.

    text -> syntax tree -> what runs at import -> Pool(...), process.start(), calls that lead there

A spawned child imports the module to find its function. What stands at the top runs again there.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from helpers.validation import texts

_POOLS = ("Pool", "ProcessPoolExecutor", "Manager")
_PROCESS = "Process"
_PACKAGES = ("multiprocessing", "concurrent", "multiprocess", "billiard")
_THREADS = ("ThreadPool", "dummy")  # multiprocessing.dummy is threads by the same names
_PASSING_ON = ("enumerate", "zip", "list", "tuple", "set", "sorted", "reversed", "values", "items")
_GUARDS = ("__name__", "parent_process", "MainProcess")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True)
class Start:
    """A line of the module, and what starts processes there, such as `Pool(...)`."""

    line: int
    what: str


def process_starts(module: str) -> list[Start]:
    """Each place in this text of a module that would start processes when it is imported.

    What stands in a function counts where the function is called from the top, and nothing counts
    below `if __name__ == "__main__":`. SyntaxError if the text is no Python.
    """
    texts(module=module)
    with warnings.catch_warnings(action="ignore"):  # they come when it is imported
        tree = ast.parse(module)
    names = _Names(tree)
    found: dict[int, Start] = {}
    for node in _runs(tree.body):
        if what := names.starts(node):
            found.setdefault(node.lineno, Start(node.lineno, what))
    return [found[line] for line in sorted(found)]


def _runs(statements: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """What runs when the statements do: no bodies of functions, nothing behind a guard."""
    for node in statements:
        if isinstance(node, ast.If) and any(word in ast.unparse(node.test) for word in _GUARDS):
            yield from _runs(node.orelse)
        elif isinstance(node, _FUNCTIONS):
            yield from _runs([*getattr(node, "decorator_list", ()), node.args])
        else:
            yield node
            yield from _runs(ast.iter_child_nodes(node))


class _Names:
    """What the names of a module mean, as far as its text tells."""

    def __init__(self, tree: ast.Module) -> None:
        self.origin = dict(_imports(tree))
        self.own = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
        self.functions = {node.name: node for node in tree.body if isinstance(node, _FUNCTIONS[:2])}
        self.processes = self._bound_to_processes(tree)
        self.starting = self._that_start()

    def starts(self, node: ast.AST) -> str:
        """What starts processes here, if this node itself is a call that does; else ""."""
        if not isinstance(node, ast.Call):
            return ""
        function = node.func
        if self._is_one_of(function, _POOLS):
            return f"{_last(function)}(...)"
        if isinstance(function, ast.Attribute) and function.attr == "start":
            return (
                f"{ast.unparse(function.value)[:30]}.start()" if self._is_process(function) else ""
            )
        if isinstance(function, ast.Name) and function.id in self.starting:
            return f"{function.id}(...)"
        return ""

    def _is_process(self, start: ast.Attribute) -> bool:
        of = start.value
        if isinstance(of, ast.Call):
            return self._makes_process(of)
        return any(isinstance(n, ast.Name) and n.id in self.processes for n in ast.walk(of))

    def _makes_process(self, node: ast.AST) -> bool:
        if not isinstance(node, ast.Call):
            return False
        own = self.own.get(_last(node.func))
        if own is not None:
            return any(self._is_one_of(base, (_PROCESS,)) for base in own.bases)
        return self._is_one_of(node.func, (_PROCESS,))

    def _is_one_of(self, function: ast.AST, wanted: tuple[str, ...]) -> bool:
        """Whether the name is one of the wanted, and may come from multiprocessing."""
        full = self._full(function)
        if not full or full.split(".")[-1] not in wanted or any(t in full for t in _THREADS):
            return False
        first = full.split(".")[0]
        return first in _PACKAGES or (isinstance(function, ast.Attribute) and self._is_local(first))

    def _is_local(self, name: str) -> bool:
        """Whether it is a variable, of a context say, and not another module."""
        return name not in {full.split(".")[0] for full in self.origin.values()}

    def _full(self, function: ast.AST) -> str:
        """The name with where it was imported from: `mp.Pool` -> `multiprocessing.Pool`."""
        if isinstance(function, ast.Call):  # get_context("spawn").Pool(2)
            return self._full(function.func)
        if not isinstance(function, (ast.Name, ast.Attribute)):
            return ""
        if isinstance(function, ast.Name):
            return self.origin.get(function.id, function.id)
        return f"{self._full(function.value)}.{function.attr}"

    def _bound_to_processes(self, tree: ast.Module) -> set[str]:
        """The variables that hold a process, or several."""
        bound: set[str] = set()
        while True:
            before = len(bound)
            for target, value in _bindings(tree):
                if self._holds_process(value, bound):
                    bound |= set(_target_names(target))
            if len(bound) == before:
                return bound

    def _holds_process(self, value: ast.AST, bound: set[str]) -> bool:
        if self._makes_process(value):
            return True
        if isinstance(value, ast.Name):
            return value.id in bound
        if isinstance(value, ast.Call):
            parts = [value.func, *value.args] if _last(value.func) in _PASSING_ON else []
        elif isinstance(value, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
            parts = [value.elt]
        else:
            parts = ast.iter_child_nodes(value)
        return any(self._holds_process(part, bound) for part in parts)

    def _that_start(self) -> set[str]:
        """The module's functions that start processes, through one another too."""
        self.starting: set[str] = set()
        while True:
            more = {
                name
                for name, function in self.functions.items()
                if name not in self.starting
                and any(self.starts(node) for node in _runs(function.body))
            }
            if not more:
                return self.starting
            self.starting |= more


def _bindings(tree: ast.Module) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Each target with the value that it is bound to, or that is put into it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            yield from ((target, node.value) for target in node.targets)
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
            yield node.target, node.value
        elif isinstance(node, (ast.For, ast.comprehension)):
            yield node.target, node.iter
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("append", "add"):
            yield from ((node.func.value, value) for value in node.args)


def _target_names(target: ast.AST) -> Iterator[str]:
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, (ast.Tuple, ast.List)):
        for part in target.elts:
            yield from _target_names(part)
    elif isinstance(target, (ast.Subscript, ast.Starred)):
        yield from _target_names(target.value)


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Each imported name with its full one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                whole = alias.name if alias.asname else alias.name.split(".")[0]
                yield alias.asname or whole, whole
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                names = (*_POOLS, _PROCESS) if alias.name == "*" else (alias.name,)
                yield from ((alias.asname or name, f"{node.module}.{name}") for name in names)


def _last(function: ast.AST) -> str:
    return getattr(function, "attr", None) or getattr(function, "id", "")
