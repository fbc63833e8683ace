"""Rules about code that other tools check: which package may import which, and types."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator

from tools.check.problem import Problem
from tools.outline import Course

PROJECT = "pyproject.toml"
_LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"


def imports_run_downward(course: Course) -> Iterator[Problem]:
    """Yield a problem for each import that breaks the contract of layers in pyproject.toml."""
    if not _has_settings(course, "importlinter"):
        return
    said = _output(course, "-c", _LINT_IMPORTS)
    if said is None:
        return
    fix = "Import it the other way round, or move what both need into a package below them"
    found = re.findall(r"^- (?:\s*)?(helpers\S+) -> (helpers\S+) \(", said, re.MULTILINE)
    for importer, imported in found:
        yield Problem(_file_of(importer), f"imports {imported}, which is not below it", fix)
    for name in re.findall(r"^- (helpers\.\w+)$", said, re.MULTILINE):
        what = f"{name} has no place in the layers of [tool.importlinter]"
        yield Problem(PROJECT, what, "Give it one, or move it into a package")
    if not found and "Broken contracts" not in said:
        yield Problem(PROJECT, f"import-linter could not run: {said.strip()[-200:]}", "Fix it")


def types_are_right(course: Course) -> Iterator[Problem]:
    """Yield a problem for each error that mypy finds in the packages of [tool.mypy]."""
    if not _has_settings(course, "mypy"):
        return
    said = _output(course, "-m", "mypy", "--no-error-summary", "--no-color-output")
    if said is None:
        return
    found = re.findall(r"^(\S+?\.py):(\d+): error: (.+)$", said, re.MULTILINE)
    for file, line, what in found:
        yield Problem(
            file.replace("\\", "/"), what, "Correct the annotation or the code", int(line)
        )
    if not found:
        yield Problem(PROJECT, f"mypy could not run: {said.strip()[-200:]}", "Fix it")


def _has_settings(course: Course, tool: str) -> bool:
    file = course.root / PROJECT
    return file.exists() and tool in tomllib.loads(file.read_text(encoding="utf-8"))["tool"]


def _output(course: Course, *arguments: str) -> str | None:
    """Return what this Python printed in the course's folder, or None if it found no fault."""
    command = [sys.executable, *arguments]
    run = subprocess.run(command, cwd=course.root, capture_output=True, encoding="utf-8")
    return None if run.returncode == 0 else run.stdout + run.stderr


def _file_of(module: str) -> str:
    return module.replace(".", "/") + ".py"


RULES = (imports_run_downward, types_are_right)
