"""What a module of tests leaves behind is named, as an error of its last test."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.running_processes import alive_after
from tools.outline import ROOT
from tools.pytest_leftovers.shared_memory import SHARED

pytestmark = [pytest.mark.once, pytest.mark.alone, pytest.mark.processes]

CLEAN = """
import multiprocessing, subprocess, sys, pytest
from multiprocessing.shared_memory import SharedMemory

@pytest.fixture(scope="module")
def held():
    with subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"],
                          stdin=subprocess.PIPE) as process:
        yield process

def test_it_is_held_to_the_end_of_the_module(held):
    assert held.poll() is None

@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_all_is_given_back(held, method):
    context = multiprocessing.get_context(method)
    with context.Pool(2) as pool:
        assert pool.map(abs, [-1]) == [1]
    memory = SharedMemory(create=True, size=16)
    memory.close(), memory.unlink()
"""

SLEEPER = """
import subprocess, sys

def test_before():
    pass

def test_it_leaves_a_sleeper():
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(602)"]).returncode = 0
"""

# Its parent ends, and it leaves the session: then it is an orphan.
ADOPTED = """
import subprocess, sys

def test_it_leaves_a_sleeper_that_is_adopted():
    code = '''
import subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(603)"], start_new_session=True)
'''
    subprocess.run([sys.executable, "-c", code], check=True)
"""

# A fork of pytest itself has no mark; made by another fork that has ended, it is adopted.
FORKED = """
import os, time

def test_it_leaves_a_fork_that_is_adopted():
    middle = os.fork()
    if middle == 0:
        if os.fork() == 0:
            time.sleep(604)
        os._exit(0)
    os.waitpid(middle, 0)
"""

SHARES = """
import subprocess, sys

def test_it_leaves_shared_memory():
    code = '''
from multiprocessing import resource_tracker
resource_tracker.register = lambda *_: None
from multiprocessing.shared_memory import SharedMemory
SharedMemory(create=True, size=16).close()
'''
    subprocess.run([sys.executable, "-c", code], check=True)
"""

MODULES = {"clean": CLEAN, "sleeper": SLEEPER, "adopted": ADOPTED, "clean_again": CLEAN}
MODULES |= {"forked": FORKED} if hasattr(os, "fork") else {}
MODULES |= {"shares": SHARES} if SHARED.is_dir() else {}


def run(root: Path, modules: dict[str, str], *more: str) -> str:
    """Return what one pytest run over small modules prints; remove what they left for real."""
    for name, text in modules.items():
        (root / f"test_{name}.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", str(root), "-rA"]
    command += ["-p", "tools.pytest_leftovers.plugin", "-p", "no:cacheprovider", "--color=no"]
    command += [*more, *(f"test_{name}.py" for name in modules)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COURSE_LEFT_GRACE": "1"}
    program = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    text = program.stdout + program.stderr
    for name in re.findall(r"semaphore (psm_\w+)", text):
        (SHARED / name).unlink(missing_ok=True)
    return text


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What one pytest run over all the small modules printed."""
    return run(tmp_path_factory.mktemp("modules"), MODULES)


def complaint(printed: str, name: str) -> str:
    """Return what the run said about one module; "" if all of its tests passed."""
    found = re.search(rf"test_{name}\.py left something behind:\n(.*?)\n(?:_+ |=+ )", printed, re.S)
    errors = re.findall(r"^ERROR test_(\w+)\.py", printed, re.M)
    assert (found is not None) == (name in errors), printed
    return found[1] if found else ""


@pytest.mark.parametrize("name", ["clean", "clean_again"])
def test_a_module_that_gives_all_back_passes(printed, name):
    assert complaint(printed, name) == ""
    assert re.search(rf"PASSED test_{name}\.py", printed), printed


@pytest.mark.parametrize(("name", "seconds"), [("sleeper", 602), ("adopted", 603)])
def test_a_process_that_still_runs_is_named_with_its_age(printed, name, seconds):
    assert re.search(
        rf"still running: process \d+, \d+ s old \(.*import time; time\.sleep\({seconds}\)\)",
        complaint(printed, name),
    ), printed


def test_it_is_the_last_test_that_fails(printed):
    assert re.search(r"^ERROR test_sleeper\.py::test_it_leaves_a_sleeper", printed, re.M)
    assert not re.search(r"^ERROR test_sleeper\.py::test_before", printed, re.M)


@pytest.mark.skipif(sys.platform != "linux", reason="the system shows no addresses")
def test_a_fork_of_pytest_itself_is_found_though_it_is_adopted(printed):
    assert re.search(r"still running: process \d+, \d+ s old", complaint(printed, "forked"))


@pytest.mark.skipif(not SHARED.is_dir(), reason="this system does not show its shared memory")
def test_shared_memory_that_is_left_is_named(printed):
    assert re.search(
        r"not given back: shared memory or semaphore psm_\w+", complaint(printed, "shares")
    )


def test_what_still_ran_has_been_ended(printed):
    sleeping = [
        process
        for process in psutil.process_iter(["cmdline"])
        if re.search(r"time\.sleep\(60[23]\)$", " ".join(process.info["cmdline"] or []))
    ]
    assert alive_after(1, sleeping) == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="this system does not show its shared memory")
def test_side_by_side_shared_memory_is_named_at_the_end_and_processes_by_module(tmp_path):
    modules = {"shares": SHARES, "clean": CLEAN, "sleeper": SLEEPER}
    printed = run(tmp_path, modules, "--numprocesses=2", "--dist=loadfile")
    assert re.findall(r"^ERROR (\S+)", printed, re.M) == [
        "test_sleeper.py::test_it_leaves_a_sleeper",
        "tests",
    ]
    assert re.search(r"the tests that ran side by side left .*:\nnot given back: .* psm_", printed)
    assert "left something behind:\nstill running: process" in printed


def test_side_by_side_clean_modules_pass(tmp_path):
    modules = {"clean": CLEAN, "clean_again": CLEAN}
    printed = run(tmp_path, modules, "--numprocesses=2", "--dist=loadfile")
    assert re.search(r"^=+ \d+ passed in", printed, re.M), printed
