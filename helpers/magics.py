"""The cell magic `%%module work_01`: write a cell to a file and import it, so children can find it.

It does what `%%writefile work_01.py` and `import work_01` would do, and warns about two mistakes: a
name that belongs to another lab, and a line that would start processes in every child. Load it with
`%load_ext helpers.magics`.
"""

from __future__ import annotations

import ast
import hashlib
import importlib
import importlib.util
import os
import re
import sys
import textwrap
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, cell_magic, magics_class

from helpers import files
from helpers.validation import bad_type, bad_value

# One line, in place of the line that holds the magic, so line 5 of the file is line 5 of the cell.
# A digest of the cell follows it: a file with another one was edited by hand.
_FIRST_WORDS = "# Written by %%module from a notebook's cell: edit the cell, not this file."


@magics_class
class ModuleMagics(Magics):
    """The cell magic `%%module NAME`."""

    @cell_magic
    def module(self, line: str, cell: str) -> None:
        """Write the cell to NAME.py in the current folder and import that file again as NAME.

        If importing the module would start processes, write it but do not import it.
        """
        __tracebackhide__ = True  # IPython then shows the learner's frames only
        name = line.strip()
        try:
            path = write_module(name, cell)
        except FileExistsError:
            raise
        except OSError as error:  # IPython prints a UsageError in one line
            raise UsageError(
                f"{name}.py can't be written: {files.reason(error)}. What it held is unchanged."
                f" Make room on the disk, or make {Path.cwd()} writable, and run this cell again."
            ) from None
        importlib.invalidate_caches()
        sys.modules.pop(name, None)
        if str(path.parent) not in sys.path:
            sys.path.insert(0, str(path.parent))
        _warn_of_another_labs_name(name, notebook_name(self.shell.user_ns))
        starts = process_starts(_parse_file(path))
        if starts:
            self.shell.user_ns.pop(name, None)  # else the notebook would go on with the old module
            _warn_of_process_starts(name, starts)
        else:
            self.shell.user_ns[name] = _import_module(name, path)


def write_module(name: str, text: str) -> Path:
    """Write `text` to NAME.py in the current folder and return the path.

    Raise ValueError if the name does not begin with `work_`, and FileExistsError if the file exists
    and this function did not write it. A file that was edited since, or made read-only, is renamed
    to `work_01.mine-1.py` and a line is printed.
    """
    if not isinstance(name, str) or not isinstance(text, str):
        raise bad_type("name and text", (name, text), "two strings", "Say %%module work_01.")
    if not re.fullmatch(r"work_\w+", name):
        allowed = "work_ and more letters or digits"
        raise bad_value("name", name, allowed, "Say %%module work_01.")
    if re.fullmatch(r"work_\d", name):
        advice = f"Say %%module work_0{name[-1]}."
        raise bad_value("name", name, "work_ and two digits, or letters", advice)
    path = Path.cwd() / f"{name}.py"
    if path.exists() and not _is_ours(path):
        raise FileExistsError(
            f"{path.name} is there already and was not written by %%module. Rename one of the two."
        )
    if _is_edited(path):
        aside = files.put_aside(path)
        _print_wrapped(
            f"{path.name} was changed since %%module wrote it, so it is kept as {aside.name}."
        )
    files.write(path, f"{_FIRST_WORDS} {_digest(text)}\n{text}")
    # Python reuses the compiled file when the source's size and its second did not change.
    Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)
    return path


def _is_ours(path: Path) -> bool:
    """Return whether %%module wrote the file; an empty one is what a full disk leaves."""
    text = files.read(path) if path.is_file() else b"?"
    return not text or text.startswith(_FIRST_WORDS.encode())


def _is_edited(path: Path) -> bool:
    """Return whether the file is no longer what %%module wrote, or may not be written.

    A file of an older version of the course has no digest, and counts as not edited.
    """
    if not path.exists() or not path.stat().st_size:
        return False
    first, _, rest = path.read_bytes().decode("utf-8", "replace").partition("\n")
    noted = first.strip().removeprefix(_FIRST_WORDS).strip()
    read_only = not path.stat().st_mode & 0o200  # root could write it
    return read_only or noted not in ("", _digest(rest))


def _digest(text: str) -> str:
    """Return a short hash of a text; line ends make no difference."""
    lines = "\n".join(text.splitlines())
    return hashlib.sha256(lines.encode("utf-8", "replace")).hexdigest()[:8]


def notebook_name(names: dict[str, object]) -> str:
    """Return the file name of the notebook that this kernel serves, or "" if nothing tells it.

    `names` is the notebook's namespace: VS Code puts the name there, JupyterLab puts it into the
    environment.
    """
    path = names.get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME") or ""
    return re.split(r"[\\/]", path)[-1] if isinstance(path, str) else ""


def _import_module(name: str, path: Path) -> ModuleType:
    """Import the module. If it raises, cut the traceback so that it begins in the module's file."""
    __tracebackhide__ = True
    try:
        return importlib.import_module(name)
    except Exception as error:
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename != str(path):
            trace = trace.tb_next
        error.__traceback__ = trace
        raise


def _parse_file(path: Path) -> ast.Module:
    """Return the module's syntax tree. Raise SyntaxError with the line number of the cell."""
    with warnings.catch_warnings(action="ignore"):  # the import shows them
        return ast.parse(path.read_text(encoding="utf-8"), path.name)


# --- Which lines start processes at import --------------------------------------------------------
#
# A spawned child imports the module to find its function, so the module's top level runs again in
# the child. The rule follows what each name stands for, in the order in which the lines run:
#
#     import multiprocessing as mp                mp    multiprocessing
#     ctx = mp.get_context("spawn")               ctx   multiprocessing.get_context
#     p = ctx.Process(target=f)                   p     multiprocessing.get_context.Process
#     p.start()                                         multiprocessing....Process.start
#
# A list, a comprehension or a loop stands for what it holds. The rule can miss a start, for example
# of a process that a function was given; it must not warn about a correct program.

_PACKAGES = ("multiprocessing", "concurrent", "multiprocess", "billiard")
_POOLS = ("Pool", "ProcessPoolExecutor", "Manager")
_GUARDS = ("__name__", "parent_process", "MainProcess")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_SAME_ITEMS = ("enumerate", "list", "tuple", "sorted", "reversed")


@dataclass(frozen=True)
class Start:
    """A line of a module, and the call on it that starts processes, such as `Pool(...)`."""

    line: int
    call: str


def process_starts(tree: ast.Module) -> list[Start]:
    """Return one Start for each line that starts processes when the module is imported."""
    functions = {node.name: node for node in tree.body if isinstance(node, _FUNCTIONS[:2])}
    starts: dict[int, Start] = {}
    for start in _starts(tree.body, {}, functions):
        starts.setdefault(start.line, start)
    return [starts[line] for line in sorted(starts)]


def _starts(
    statements: Iterable[ast.AST], names: dict[str, str], functions: dict[str, ast.FunctionDef]
) -> Iterator[Start]:
    for node in _nodes_that_run(statements):
        names.update(_names_bound(node, names))
        if not isinstance(node, ast.Call):
            continue
        called, full = node.func, _full_name(node.func, names)
        own, parts = functions.get(full), full.split(".")
        if parts[0] in _PACKAGES and "dummy" not in parts:  # multiprocessing.dummy makes threads
            if parts[-1] in _POOLS:
                yield Start(node.lineno, f"{ast.unparse(called).split('.')[-1]}(...)")
            elif parts[-1] == "start" and "Process" in parts:
                yield Start(node.lineno, f"{ast.unparse(called.value)[:30]}.start()")
        elif own is not None:
            others = {name: node for name, node in functions.items() if node is not own}
            if any(_starts(own.body, dict(names), others)):  # without itself: it may be recursive
                yield Start(node.lineno, f"{full}(...)")


def _nodes_that_run(statements: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield what runs with these statements: no function's body, nothing behind a guard."""
    for node in statements:
        if isinstance(node, ast.If) and any(word in ast.unparse(node.test) for word in _GUARDS):
            yield from _nodes_that_run(node.orelse)
        elif isinstance(node, _FUNCTIONS):
            yield from _nodes_that_run([*getattr(node, "decorator_list", ()), node.args])
        else:
            yield node
            yield from _nodes_that_run(ast.iter_child_nodes(node))


def _names_bound(node: ast.AST, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield (name, full name of what it stands for) for each name that this node binds."""
    pairs: list[tuple[ast.AST, ast.AST]] = []
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        package = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
        for alias in node.names:
            for name in (*_POOLS, "Process") if alias.name == "*" else (alias.name,):
                short = name if package or alias.asname else name.split(".")[0]
                yield alias.asname or short, package + short
    elif isinstance(node, ast.ClassDef):
        yield node.name, _full_name(node.bases[0], names) if node.bases else node.name
    elif isinstance(node, ast.Assign):
        pairs = [(target, node.value) for target in node.targets]
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
        pairs = [(node.target, node.value)]
    elif isinstance(node, ast.For):
        pairs = [(node.target, node.iter)]
    elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("append", "add"):
        pairs = [(node.func.value, value) for value in node.args]
    for part in getattr(node, "generators", ()):  # of a comprehension
        pairs.append((part.target, part.iter))
    for target, value in pairs:
        if full := _full_name(value, names):
            yield from ((n.id, full) for n in ast.walk(target) if isinstance(n, ast.Name))


def _full_name(node: ast.AST | None, names: dict[str, str]) -> str:
    """Return what the expression stands for, as `multiprocessing.Pool`, or "" if unknown."""
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        return f"{_full_name(node.value, names)}.{node.attr}"
    if isinstance(node, ast.Call):
        same = getattr(node.func, "id", "") in _SAME_ITEMS and node.args
        return _full_name(node.args[0] if same else node.func, names)
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return _full_name(node.elts[0], names) if node.elts else ""
    inner = getattr(node, "elt", None) or getattr(node, "value", None)
    return _full_name(inner, names) if isinstance(inner, ast.AST) else ""


def _warn_of_another_labs_name(name: str, notebook: str) -> None:
    mine, theirs = re.match(r"(\d\d)_", notebook), re.fullmatch(r"work_(\d\d)", name)
    if mine and theirs and mine[1] != theirs[1]:
        _print_wrapped(
            f"{name} belongs to lab {theirs[1]}, and this notebook is {notebook}."
            f' check("{mine[1]}") looks for work_{mine[1]}.'
        )


def _warn_of_process_starts(name: str, starts: list[Start]) -> None:
    for start in starts:
        _print_wrapped(
            f"line {start.line}: {start.call} starts processes when {name} is imported, and so does"
            " every child that imports it."
        )
    _print_wrapped(
        'Put that into a function, or below if __name__ == "__main__":. For now'
        f" {name}.py is written, but not imported here."
    )


def _print_wrapped(text: str) -> None:
    print(textwrap.fill(text, 92, break_long_words=False))


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Register the magic; `%load_ext helpers.magics` calls this."""
    shell.register_magics(ModuleMagics)
