"""`%%module work_01`: put a cell into a file and import it afresh, so that children can find it.

It is `%%writefile work_01.py` and `import work_01`, with a warning for two mistakes: a name that
belongs to another lab, and a line that would start processes in every child. Load it by
`%load_ext helpers.magics`.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import os
import re
import sys
import textwrap
import warnings
from pathlib import Path
from types import ModuleType

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, cell_magic, magics_class

from helpers.at_import import Start, process_starts
from helpers.validation import bad_type, bad_value

# One line, as the magic's own is, so that line 5 of the file is line 5 of the cell.
_FIRST_LINE = "# Written by %%module from a notebook's cell: edit the cell, not this file.\n"


@magics_class
class ModuleMagics(Magics):
    """The cell magic `%%module NAME`."""

    @cell_magic
    def module(self, line: str, cell: str) -> None:
        """Write the cell to NAME.py beside the notebook and import it, as it is now, as NAME.

        A module that would start processes when it is imported is written, and not imported.
        """
        __tracebackhide__ = True  # IPython shows what is the learner's, and not this
        name = line.strip()
        path = write_module(name, cell)
        importlib.invalidate_caches()
        sys.modules.pop(name, None)
        if str(path.parent) not in sys.path:
            sys.path.insert(0, str(path.parent))
        _say_whose(name, notebook_name(self.shell.user_ns))
        starts = process_starts(_parsed(path))
        if starts:
            self.shell.user_ns.pop(name, None)  # or an older one would be taken for this one
            _say_what_starts(name, starts)
        else:
            self.shell.user_ns[name] = _imported(name, path)


def write_module(name: str, text: str) -> Path:
    """The path of NAME.py in the current folder, into which `text` was written.

    Raises ValueError for a name that is not `work_` and more, and FileExistsError rather than
    overwrite a file that was not written here.
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
    if path.exists() and not path.read_bytes().startswith(_FIRST_LINE.strip().encode()):
        raise FileExistsError(
            f"{path.name} is there already and was not written by %%module. Rename one of the two."
        )
    path.write_text(_FIRST_LINE + text, encoding="utf-8")
    # Python takes a compiled file of the same second and the same size for a fresh one.
    Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)
    return path


def notebook_name(names: dict[str, object]) -> str:
    """The file name of the notebook that this kernel serves, as far as it tells; else "".

    `names` are those of the cells: VS Code puts it there, JupyterLab into the environment.
    """
    if not isinstance(names, dict):
        raise bad_type("names", names, "the dict of a notebook's names", "Pass shell.user_ns.")
    told = names.get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME") or ""
    return re.split(r"[\\/]", told)[-1] if isinstance(told, str) else ""


def _imported(name: str, path: Path) -> ModuleType:
    """The module; of its errors, the trace begins in its own file."""
    __tracebackhide__ = True
    try:
        return importlib.import_module(name)
    except Exception as error:
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename != str(path):
            trace = trace.tb_next
        error.__traceback__ = trace
        raise


def _parsed(path: Path) -> str:
    """The text of the module; if it is no Python, SyntaxError with the line of the cell."""
    text = path.read_text(encoding="utf-8")
    with warnings.catch_warnings(action="ignore"):  # they come when it is imported
        ast.parse(text, path.name)
    return text


def _say_whose(name: str, notebook: str) -> None:
    mine, theirs = re.match(r"(\d\d)_", notebook), re.fullmatch(r"work_(\d\d)", name)
    if mine and theirs and mine[1] != theirs[1]:
        _say(
            f"{name} belongs to lab {theirs[1]}, and this notebook is {notebook}."
            f' check("{mine[1]}") looks for work_{mine[1]}.'
        )


def _say_what_starts(name: str, starts: list[Start]) -> None:
    for start in starts:
        _say(
            f"line {start.line}: {start.what} starts processes when {name} is imported, and so does"
            " every child that imports it."
        )
    _say(
        'Put that into a function, or below if __name__ == "__main__":. For now'
        f" {name}.py is written, but not imported here."
    )


def _say(text: str) -> None:
    print(textwrap.fill(text, 92, break_long_words=False))


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Called by `%load_ext helpers.magics`."""
    shell.register_magics(ModuleMagics)
