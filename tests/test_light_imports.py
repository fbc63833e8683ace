"""Importing loads little, starts nothing, and needs few packages where there are none."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import pytest

import helpers
from tools.outline import ROOT

pytestmark = pytest.mark.processes

# They run where nothing is installed: before the environment is made, or on another Python.
WITHOUT_PACKAGES = (
    "helpers.progress.course_map",
    "helpers.engines.server",
    "helpers.engines.pool",
    "helpers.workers.compute",
    "helpers.workers.children",
)
APART = ("helpers.programs", "helpers.runner.injected")  # run, not imported


def run(code: str, *flags: str) -> str:
    """Run the code in a new interpreter; return what it prints."""
    command = [sys.executable, *flags, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("module", WITHOUT_PACKAGES)
def test_what_runs_without_an_environment_needs_the_standard_library_only(module):
    # -S and -I: nothing that was installed can be found.
    run(f"import sys; sys.path.insert(0, {str(ROOT)!r}); import {module}", "-S", "-I")


def test_importing_starts_nothing_and_sets_no_start_method():
    names = [info.name for info in pkgutil.walk_packages(helpers.__path__, "helpers.")]
    ours = [name for name in names if not name.startswith(APART)]
    assert len(ours) > 50
    run(
        "import multiprocessing, sys, threading\n"
        "before = multiprocessing.get_start_method(allow_none=True)\n"
        f"import {', '.join(ours)}\n"
        "import psutil\n"
        "assert multiprocessing.get_start_method(allow_none=True) == before\n"
        "assert psutil.Process().children() == []\n"
        "assert threading.active_count() == 1, threading.enumerate()\n"
    )


def test_a_child_process_loads_little():
    # What every worker process imports to be timed: nothing of ours but `timing`.
    code = (
        "import sys, helpers.timing\n"
        "print(sorted(name for name in sys.modules if name.startswith('helpers')))"
    )
    assert run(code) == "['helpers', 'helpers.timing']\n"
