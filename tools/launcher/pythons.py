"""The search for the Pythons of this machine.

a version or a path -> the commands that may start it -> the one that does
"""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tools.launcher.paths import NEWEST, OLDEST, ROOT, WINDOWS, Problem, variables

# Prints, in any Python, its executable outside environments and its version, "t" if free-threaded.
PROBE = """
import sys, sysconfig
free_threaded = sysconfig.get_config_var("Py_GIL_DISABLED")
print(getattr(sys, "_base_executable", None) or sys.executable)
print("%d.%d" % sys.version_info[:2] + ("t" if free_threaded else ""))
"""


class Python(NamedTuple):
    """An interpreter outside any environment."""

    exe: str
    version: str  # "3.13", or "3.13t" for a free-threaded build

    @property
    def minor(self) -> int:
        """Return the minor version, such as 13 for Python 3.13."""
        return int(self.version.rstrip("t").split(".")[1])


def this_python() -> Python:
    """Return the interpreter that runs this; inside an environment, the one it was made from."""
    free_threaded = "t" if sysconfig.get_config_var("Py_GIL_DISABLED") else ""
    version = f"{sys.version_info.major}.{sys.version_info.minor}{free_threaded}"
    return Python(getattr(sys, "_base_executable", None) or sys.executable, version)


def find_python(wanted: str) -> Python:
    """Return the interpreter named by its version ("3.13", "3.14t") or by its path."""
    if not wanted:
        raise Problem(f"--python needs a word more. {ALLOWED}")
    is_version = re.fullmatch(r"\d+\.\d+t?", wanted)
    python = of_version(wanted) if is_version else probe([wanted])
    if not python:
        raise Problem(nowhere(wanted) if is_version else f"{wanted} starts no Python.\n{ALLOWED}")
    if not python.version.startswith("3.") or python.minor < OLDEST:
        raise Problem(f"{wanted} is Python {python.version}; the course needs 3.{OLDEST} or newer.")
    return python


ALLOWED = "Give a version, such as 3.13, or the path of an interpreter."


def nowhere(version: str) -> str:
    """Return what to tell a user who asked for a Python that is not here."""
    launcher = "not by the py launcher, " if WINDOWS else ""
    return (
        f"There is no Python {version} here: not as python{version} on PATH, {launcher}"
        "not among pyenv's versions, not known to uv.\n"
        f"Install it, or give its path: --python {Path('path', 'to', f'python{version}')}"
    )


def of_version(version: str) -> Python | None:
    """Return an interpreter of this version; None if there is none."""
    if this_python().version == version:
        return this_python()
    found = (python for python in map(probe, places(version)) if python)
    return next((python for python in found if python.version == version), None)


def places(version: str) -> Iterator[list[str]]:
    """Yield the commands that may start this version of Python."""
    for folder in os.get_exec_path():
        found = shutil.which(f"python{version}", path=folder)
        if found:
            yield [found]
    if WINDOWS and shutil.which("py"):
        yield ["py", f"-{version}"]
    for folder in pyenv_folders(version):
        yield [str(folder / "python.exe" if WINDOWS else folder / "bin" / "python")]
    uv = shutil.which("uv")
    with contextlib.suppress(OSError):  # a uv that does not start
        words = [uv, "python", "find", version]
        done = subprocess.run(words, capture_output=True, text=True) if uv else None
        if done and done.returncode == 0:
            yield [done.stdout.strip()]


def pyenv_folders(version: str) -> list[Path]:
    """Return the folders of pyenv's Pythons of this version that can be read, newest first."""
    found: list[Path] = []
    with contextlib.suppress(RuntimeError):  # there is no home
        pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
        for versions in (pyenv / "versions", pyenv / "pyenv-win" / "versions"):
            with contextlib.suppress(OSError):
                found += sorted(versions.glob(version.rstrip("t") + ".*"), reverse=True)
    return found


def probe(command: Sequence[str]) -> Python | None:
    """Return the interpreter a command starts, or None: a pyenv shim may lead nowhere."""
    with contextlib.suppress(OSError, subprocess.TimeoutExpired, ValueError):
        done = subprocess.run(
            [*command, "-I", "-c", PROBE],  # not with the modules of the caller's folder
            capture_output=True,
            text=True,
            timeout=30,
            env=variables(),
        )
        if done.returncode == 0:
            exe, version = done.stdout.split("\n")[:2]
            return Python(exe.strip(), version.strip())
    return None


def all_pythons() -> list[Python]:
    """Return one Python of each version that the course is tested on, newest first."""
    found = (of_version(f"3.{minor}") for minor in range(NEWEST, OLDEST - 1, -1))
    return [python for python in found if python]


def has_pip(exe: str) -> bool:
    """Return whether that interpreter has pip."""
    return works(exe, "import pip; pip.main")


def has_ensurepip(exe: str) -> bool:
    """Return whether that interpreter can put pip into an environment; its wheel may be missing."""
    return works(exe, "import ensurepip; ensurepip.version()")


def works(exe: str, code: str) -> bool:
    """Return whether that interpreter runs this code without an error."""
    with contextlib.suppress(OSError):  # it does not start, or must not be
        # Python would import a pip.py, say, from the folder in which the caller is.
        done = subprocess.run([exe, "-c", code], cwd=ROOT, capture_output=True, env=variables())
        return done.returncode == 0
    return False


def same(one: str, other: str) -> bool:
    """Return whether two paths lead to one interpreter."""
    with contextlib.suppress(OSError):
        return Path(one).samefile(other)
    return False
