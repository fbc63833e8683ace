"""Refusals of files that can't be run or judged as Python programs, before anything is started."""

import difflib
import os
import stat
import warnings
from pathlib import Path

from helpers.files import reason
from tools.launcher.paths import Problem

SHELL_START = b"#!"


def checked_program(name: str, what: str) -> Path:
    """Return the path of a Python file; raise Problem if it is not one that can be compiled.

    `what` is what the file is for, such as "a program". The file must be valid for this Python.
    """
    path = Path(name)
    source = _read(path, name, what)
    if path.suffix == ".ipynb":
        raise Problem(
            f"{name} is a notebook, and what is needed is {what} in a Python file (.py).\n"
            "Put the notebook's code into such a file, and pass its name."
        )
    if b"\0" in source or _is_another_language(source):
        raise Problem(f"{name} is not Python source. Pass the name of a Python file (.py).")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, name, "exec", dont_inherit=True)
    except SyntaxError as error:
        line = f"line {error.lineno}" if error.lineno else "the file"
        shown = f"\n    {error.text.strip()}" if error.text and error.text.strip() else ""
        raise Problem(
            f"{name} can't be compiled as Python: {line}: {error.msg.rstrip('?.')}.{shown}\n"
            "Fix that, then start again. If it is not Python, pass the name of a Python file."
        ) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise Problem(f"{name} can't be compiled as Python: {error}.") from None
    return path


def _read(path: Path, name: str, what: str) -> bytes:
    """Return what the file holds; raise Problem if it can't be read."""
    try:
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            raise Problem(
                f"{name} is a folder. Pass {what} in a Python file, such as"
                f" {os.path.join(name, 'FILE.py')}."  # noqa: PTH118 (as it was typed)
            )
        if not stat.S_ISREG(kind):
            raise Problem(f"{name} is not a regular file. Save it as a .py file, and pass that.")
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise Problem(
            f"There is no file {name}{_in_folder(path)}.{_alike(path)} Check the name."
        ) from None
    except OSError as error:
        raise Problem(
            f"{name} can't be read: {reason(error)}. Make it readable, then start again."
        ) from None
    except ValueError as error:  # a NUL in the name
        raise Problem(f"{name!r} can't be a file's name: {error}.") from None


def _in_folder(path: Path) -> str:
    return "" if path.is_absolute() else f" in {Path.cwd()}"


def _alike(path: Path) -> str:
    """Return which files there have a similar name, in words; "" if there is none."""
    try:
        there = [one.name for one in path.parent.iterdir() if one.suffix == ".py"]
    except OSError:
        return ""
    found = difflib.get_close_matches(path.name, there, n=3, cutoff=0.6)
    return f" Did you mean {' or '.join(found)}?" if found else ""


def _is_another_language(source: bytes) -> bool:
    """Return whether the first line names an interpreter other than Python."""
    first = source.split(b"\n", 1)[0]
    return first.startswith(SHELL_START) and b"python" not in first.lower()
