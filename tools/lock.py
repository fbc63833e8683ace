"""The command that makes the lock files and environment.yml from pyproject.toml.

    python -m tools.lock             after a change in pyproject.toml; versions stay where they can
    python -m tools.lock --upgrade   the newest versions that the ranges allow

The locks need uv on PATH. They hold versions for every Python and platform, and no addresses.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK, BROWSER_LOCK, CONDA = "requirements.lock", "requirements-browser.lock", "environment.yml"
BARE_LOCK = "requirements-bare.lock"  # for `course.py test --standard-library`
BARE_NEEDS = ("pytest", "psutil")
INSTALLER_LOCK = "requirements-installer.lock"  # of what course.py installs the others with
CONDA_NAMES = {"matplotlib": "matplotlib-base"}  # conda's matplotlib brings a window system along


def project(root: Path = ROOT) -> dict[str, Any]:
    """Return the [project] table of pyproject.toml."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def conda_text(table: dict[str, Any]) -> str:
    """Return what environment.yml must be: the ranges of pyproject.toml in conda's words."""
    needs = [f"python{table['requires-python']}", *map(conda_need, table["dependencies"]), "pip"]
    lines = [
        "# For conda, Binder and JupyterHub images. Made from pyproject.toml: edit that one,",
        "# then run: python -m tools.lock",
        f"name: {table['name']}",
        "channels:",
        "  - conda-forge",
        "  - nodefaults",
        "dependencies:",
        *(f"  - {need}" for need in needs),
        "  - pip:",
        "      - -e .",
    ]
    return "\n".join(lines) + "\n"


def conda_need(need: str) -> str:
    """Return a requirement with the name that it has on conda-forge."""
    name, version = re.fullmatch(r"([A-Za-z0-9-]+)(.*)", need).groups()
    return CONDA_NAMES.get(name, name) + version


def compile_lock(
    target: str, uv: str, *more: str, table: dict[str, Any], needs: str | None = None
) -> None:
    """Write a lock for every Python that pyproject.toml allows, every platform included.

    `needs` is read in place of a file where one of the arguments is "-".
    """
    oldest = table["requires-python"].removeprefix(">=")
    plain = ["--no-annotate", "--no-header", "--no-emit-index-url", "--no-emit-find-links"]
    command = [uv, "pip", "compile", "--universal", "--python-version", oldest, *plain, *more]
    command += ["--quiet", "--output-file", target]
    subprocess.run(command, cwd=ROOT, check=True, input=needs, text=True)


def browser_lines(wide: str, narrow: str) -> str:
    """Return the lines of the lock with the browser's needs that the plain lock does not have."""
    held = set(narrow.splitlines())
    return "".join(f"{line}\n" for line in wide.splitlines() if line not in held)


def compile_locks(upgrade: bool) -> None:
    """Write the locks: the course's, and what the browser, the bare tests and the installer add."""
    uv = shutil.which("uv")
    if not uv:
        sys.exit("uv is not on PATH. Install it (pip install uv), then run this again.")
    more = ["--upgrade"] if upgrade else []
    compile_lock(LOCK, uv, "pyproject.toml", *more, table=project())
    compile_lock(INSTALLER_LOCK, uv, "--group", "installer", *more, table=project())
    given = ["pyproject.toml", "--extra", "browser", "--constraint", LOCK]
    compile_lock(BROWSER_LOCK, uv, *given, *more, table=project())
    path = ROOT / BROWSER_LOCK
    wide, narrow = path.read_text(encoding="utf-8"), (ROOT / LOCK).read_text(encoding="utf-8")
    path.write_text(browser_lines(wide, narrow), encoding="utf-8", newline="\n")
    needs = "".join(f"{need}\n" for need in BARE_NEEDS)
    compile_lock(BARE_LOCK, uv, "-", "--constraint", LOCK, table=project(), needs=needs)


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out the command line; return 0."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.lock", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions")
    options = parser.parse_args(arguments)
    (ROOT / CONDA).write_text(conda_text(project()), encoding="utf-8", newline="\n")
    compile_locks(options.upgrade)
    names = ", ".join((CONDA, LOCK, BROWSER_LOCK, BARE_LOCK, INSTALLER_LOCK))
    print(f"Written: {names}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
