"""The known answers to labs and puzzles, right and wrong, and what a check should say about each.

Each file in tests/labs/NN_slug/ (for a puzzle, tests/labs/puzzles/S_N/) says in its first line what
it is:

    Right: ...                       every requirement is met
    Wrong: requirement: reason       that requirement is the first that is not, for that reason
    Wrong: one or later: reason      that or a later one is the first: it depends on the timing
    Todo.                            nothing is written yet

An answer in a file named `wrong_fork_only_...` works only where children are forked.
"""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

from helpers.checks.verdict import Verdict
from helpers.engines.executors import START_METHODS, why_missing
from helpers.progress.outline import check_name, is_puzzle
from tools.outline import ROOT

_OR_LATER = " or later"


def answers(lab: str) -> list[Path]:
    """Return every known answer to a lab or puzzle that this machine can try; hangs first."""
    folder = f"puzzles/{lab.replace('.', '_')}" if is_puzzle(lab) else f"{lab}_*"
    found = sorted(ROOT.glob(f"tests/labs/{folder}/*.py"))
    found.sort(key=lambda file: "did not come back" not in says(file))
    return [file for file in found if all(_is_here(method) for method in asks_for(file))]


def says(file: Path) -> str:
    """Return the first line of the answer's docstring, which says what it is."""
    return ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))).splitlines()[0]


def fork_only(file: Path) -> bool:
    """Return whether the answer works where children are forked, and is wrong for that reason."""
    return file.name.startswith("wrong_fork_only_")


def asks_for(file: Path) -> list[str]:
    """Return the start methods that the answer names."""
    named = r"""(?:get_context|set_start_method)\(["'](\w+)"""
    return re.findall(named, file.read_text(encoding="utf-8"))


def _is_here(method: str) -> bool:
    return method in START_METHODS and not why_missing(method)


def lab_of(file: Path) -> str:
    """Return the number of the lab or puzzle that it answers."""
    if file.parent.parent.name == "puzzles":
        return file.parent.name.replace("_", ".")
    return file.parent.name[:2]


def requirements(lab: str) -> tuple[str, ...]:
    """Return the names of the requirements of a lab or puzzle."""
    return importlib.import_module(f"helpers.checks.{check_name(lab)}").REQUIREMENTS


def misjudged(file: Path, verdicts: list[Verdict]) -> list[str]:
    """Return a line for each verdict that differs from what the answer says of itself."""
    wanted, told = says(file), f"{file.parent.name}/{file.name}"
    not_met = [verdict for verdict in verdicts if verdict.state != "ok"]
    if tuple(verdict.name for verdict in verdicts) != requirements(lab_of(file)):
        return [f"{told}: other requirements than the lab has"]
    if wanted.startswith("Right"):
        return [f"{told}: {verdict.line()}" for verdict in not_met]
    if wanted.startswith("Todo"):
        return [f"{told}: {v.line()}" for v in verdicts if v.state != "todo"]
    _, requirement, reason = wanted.split(": ", 2)
    first = not_met[0] if not_met else Verdict("nothing", "ok")
    named = [requirement]
    if requirement.endswith(_OR_LATER):
        names = requirements(lab_of(file))
        named = names[names.index(requirement.removesuffix(_OR_LATER)) :]
    as_said = first.state == "not yet" and first.name in named and reason in first.reason
    return [] if as_said else [f"{told}: {first.line()}"]
