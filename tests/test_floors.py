"""A module of helpers imports only from below; the lowest need nothing but Python."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import helpers
from tools.outline import ROOT

HELPERS = ROOT / "helpers"
APART = {"programs", "inside"}  # run, not imported
NEEDING_MORE = {
    "trees",
    "machine",
    "elsewhere",
    "measure",
    "watch",
    "survivors",
    "sightings",
    "stillness",
    "guard",
    "runner",
    "lens",
    "museum",
    "tour",
    "plots",
    "weights",
    "costs",
    "scaling",
    "compared",
    "talkers",
    "channels",
}  # psutil, say


def order() -> dict[str, tuple[int, int]]:
    """(floor, place on it) of each module, as the docstring of helpers has it."""
    floors: list[list[str]] = []
    for line in re.findall(r"^ {4}(.*)$", helpers.__doc__, re.MULTILINE):
        label, names = line[:9].strip(), line[9:].split()
        if label:
            floors.append([])
        floors[-1] += names  # a line without a label goes on with the floor before it
    return {
        name: (floor, place)
        for floor, names in enumerate(floors)
        for place, name in enumerate(names)
    }


def room(file: Path) -> str:
    """The module or package of helpers that the file belongs to."""
    return file.relative_to(HELPERS).with_suffix("").parts[0]


def imports(file: Path) -> set[str]:
    """The modules of helpers that the file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "helpers":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("helpers."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {a.name.split(".")[1] for a in node.names if a.name.startswith("helpers.")}
    return found


FILES = [file for file in sorted(HELPERS.rglob("*.py")) if room(file) not in {"__init__", *APART}]


def test_every_module_has_its_floor_and_every_name_its_module():
    assert set(order()) == {room(file) for file in FILES}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(HELPERS).as_posix())
def test_a_module_imports_only_from_below_or_from_its_left(file):
    places, mine = order(), room(file)
    above = {name for name in imports(file) - {mine} if places[name] >= places[mine]}
    assert not above, f"{file.name} imports {', '.join(sorted(above))} from its own floor or above"


def test_the_lowest_need_the_standard_library_only():
    # -S: nothing that was installed can be found.
    lines = [f"import sys; sys.path.insert(0, {str(ROOT)!r})"]
    plain = [name for name, (floor, _) in order().items() if floor < 3 and name not in NEEDING_MORE]
    assert {"workers", "records", "refusals", "stopwatch", "engines", "pools", "serve"} <= set(
        plain
    )
    lines += [f"import helpers.{name}" for name in plain]
    command = [sys.executable, "-S", "-I", "-c", "\n".join(lines)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr


def test_importing_starts_nothing_and_sets_no_start_method():
    code = (
        "import multiprocessing, sys, threading\n"
        "before = multiprocessing.get_start_method(allow_none=True)\n"
        f"import {', '.join(f'helpers.{name}' for name in order())}\n"
        "import psutil\n"
        "assert multiprocessing.get_start_method(allow_none=True) == before\n"
        "assert psutil.Process().children() == []\n"
        "assert threading.active_count() == 1, threading.enumerate()\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 0, run.stderr


def test_a_child_process_loads_little():
    # What every worker process imports to be timed: nothing of ours but the stopwatch.
    code = (
        "import sys, helpers.stopwatch\n"
        "print(sorted(name for name in sys.modules if name.startswith('helpers')))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert run.stdout == "['helpers', 'helpers.stopwatch']\n"
