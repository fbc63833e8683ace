"""The source code of what runs in other processes, shown in a notebook before it runs.

    show(append_often)             a function or a class
    show("join_then_get.py")       a program of the course, or a file

Jupyter draws the code as it draws a notebook's cells, so it follows the theme.
"""

from __future__ import annotations

import inspect
import os
import textwrap
from pathlib import Path
from types import ModuleType
from typing import Any

from helpers.validation import bad_type, bad_value

PROGRAMS = Path(__file__).parent / "programs"
_ROOT = Path(__file__).parents[1]


class Listing:
    """Source code with the name of its file; Jupyter shows it with colors."""

    def __init__(self, code: str, file: str) -> None:
        self.code, self.file = code, file

    def __repr__(self) -> str:
        return f"# {self.file}\n{self.code}"

    def _repr_markdown_(self) -> str:
        return f"```python\n{self!r}\n```"


def show(what: object) -> Listing:
    """Return the source of a function, a class, a module, or a file, as Jupyter displays it.

    A bare file name is looked up as `run_safely` does. Raise TypeError for anything else, and
    ValueError for a file that does not exist or an object without a source file.
    """
    if isinstance(what, (str, os.PathLike)):
        path = find_program(what)
        return Listing(path.read_text(encoding="utf-8").rstrip(), _shown(path))
    advice = "Pass a function, a class, a module, or a file's name, e.g. show('stays_at_zero.py')."
    if not (inspect.isfunction(what) or inspect.isclass(what) or isinstance(what, ModuleType)):
        raise bad_type("what", what, "something with Python source", advice)
    wanted: Any = what
    try:
        code, file = inspect.getsource(wanted), inspect.getsourcefile(wanted)
    except (OSError, TypeError):
        file = None
    # 3.13 keeps the lines of `python -c`, under this name, for every function without a file.
    if file in (None, "<string>"):
        raise bad_value("what", what, "something that is defined in a Python file", advice)
    return Listing(textwrap.dedent(code).rstrip(), _shown(Path(file)))


def find_program(program: object) -> Path:
    """Return the path of a program: one of the course's own by its bare name, or any file.

    Raise TypeError for what is not a name, and ValueError if there is no such file.
    """
    if not isinstance(program, (str, os.PathLike)):
        raise bad_type("program", program, "a file's name", "Pass e.g. 'work_01.py'.")
    for path in (PROGRAMS / program, Path(program)):
        if path.is_file():
            return path.resolve()
    have = ", ".join(sorted(path.name for path in PROGRAMS.glob("*.py") if path.name[0] != "_"))
    raise bad_value("program", str(program), f"a Python file, or one of {have}", "Check the name.")


def _shown(path: Path) -> str:
    """Return the path as a learner finds it: below the course's folder, or the name alone."""
    path = path.resolve()
    return path.relative_to(_ROOT).as_posix() if path.is_relative_to(_ROOT) else path.name
