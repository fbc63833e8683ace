"""What a notebook leaves behind is named, as an error of that notebook; a clean one passes."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest

from tests.mini_course import write
from tools.build.kernel_environment import scratch_folder
from tools.outline import ROOT
from tools.pytest_leftovers.shared_memory import SHARED, unused_by_others
from tools.pytest_leftovers.watch import Watch

pytestmark = [pytest.mark.once, pytest.mark.alone]

CLEAN = """
import multiprocessing, pathlib, sys, tempfile, time
from multiprocessing.shared_memory import SharedMemory
for method in multiprocessing.get_all_start_methods():
    context = multiprocessing.get_context(method)
    lock, queue = context.Lock(), context.Queue()
    process = context.Process(target=queue.put, args=(1,))
    process.start()
    queue.get()
    process.join()
    with context.Pool(2) as pool:
        pool.map(abs, range(4))
memory = SharedMemory(create=True, size=16)
memory.close()
memory.unlink()
with tempfile.TemporaryDirectory() as folder:
    pathlib.Path(folder, "x").touch()
pathlib.Path("work_08.py").touch()
with open("work_08.py", "w") as file, open("work_09.py", "w") as other:
    print("overwritten = True", file=file)
"""

SUBPROCESS = """
import subprocess, sys
sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
"""

# An empty environment has no token; it is found as a descendant, and ends with no help of its own.
WITHOUT_TOKEN = """
import os, subprocess, sys
kept = {name: os.environ[name] for name in ("SYSTEMROOT", "PATH") if name in os.environ}
sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(601)"], env=kept)
"""

DAEMON = """
import multiprocessing, time
context = multiprocessing.get_context(multiprocessing.get_all_start_methods()[-1])
process = context.Process(target=time.sleep, args=(600,), daemon=True)
process.start()
"""

SHARED_MEMORY = """
from multiprocessing.shared_memory import SharedMemory
memory = SharedMemory(create=True, size=16)
"""

TEMPORARY_FILE = """
import os, tempfile
handle, name = tempfile.mkstemp(suffix=".forgotten")
os.close(handle)
"""

COURSE_FILE = """
import pathlib
pathlib.Path("notes.txt").touch()
"""

NOTEBOOKS = {
    "clean": CLEAN,
    "subprocess": SUBPROCESS,
    "without_token": WITHOUT_TOKEN,
    "daemon": DAEMON,
    "temporary_file": TEMPORARY_FILE,
    "course_file": COURSE_FILE,
    "shared_memory": SHARED_MEMORY,
    "clean_again": "1 + 1",
}


def notebook(path: Path, source: str) -> None:
    cell = nbformat.v4.new_code_cell(source.strip(), execution_count=1)
    if source == "1 + 1":
        result = nbformat.v4.new_output("execute_result", {"text/plain": "2"}, execution_count=1)
        cell.outputs = [result]
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)


def pytest_command(root: Path) -> list[str]:
    """The command that runs notebooks with the plugin, and nothing else of this project."""
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", str(root), "-rA"]
    command += ["-p", "tools.pytest_leftovers.plugin", "-p", "no:cacheprovider", "--color=no"]
    command += ["-W", "error", "--nbval", "--nbval-current-env", "--nbval-cell-timeout", "60"]
    return command


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return the course's folder and what one pytest run over all the small notebooks printed."""
    root = tmp_path_factory.mktemp("left")
    write(root, "notebooks/work_08.py", "mine = True\n")
    for name, source in NOTEBOOKS.items():
        notebook(root / "notebooks" / f"{name}.ipynb", source)
    command = [*pytest_command(root), *(f"notebooks/{name}.ipynb" for name in NOTEBOOKS)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    return root, run.stdout + run.stderr


def complaint(outcome: tuple[Path, str], name: str) -> str:
    """Return what the run said about one notebook; "" if it passed."""
    text = outcome[1]
    found = re.search(rf"{name}\.ipynb left something behind:\n(.*?)\n(?:_+ |=+ )", text, re.S)
    errors = re.findall(r"^ERROR notebooks/(\w+)\.ipynb", text, re.M)
    assert (found is not None) == (name in errors), text
    return found[1] if found else ""


@pytest.mark.processes
@pytest.mark.parametrize("name", ["clean", "clean_again"])
def test_a_clean_notebook_passes(outcome, name):
    assert complaint(outcome, name) == ""
    assert re.search(rf"PASSED notebooks/{name}\.ipynb", outcome[1]), outcome[1]


@pytest.mark.processes
@pytest.mark.parametrize("name", ["subprocess", "without_token", "daemon"])
def test_a_process_that_still_runs_is_named(outcome, name):
    assert re.search(
        r"still running after the last cell: process \d+ \(.*\). End it", complaint(outcome, name)
    )


@pytest.mark.processes
@pytest.mark.parametrize("seconds", ["600", "601"])
def test_what_still_ran_has_been_ended(outcome, seconds):
    sleeping = [
        process.pid
        for process in psutil.process_iter(["cmdline"])
        if f"import time; time.sleep({seconds})" in (process.info["cmdline"] or [])
    ]
    assert sleeping == []


@pytest.mark.processes
@pytest.mark.skipif(not SHARED.is_dir(), reason="this system does not show its shared memory")
def test_shared_memory_that_is_left_is_named(outcome):
    assert re.search(r"shared memory psm_\w+ was not unlinked", complaint(outcome, "shared_memory"))


@pytest.mark.processes
def test_a_temporary_file_that_is_left_is_named(outcome):
    assert re.search(r"temporary file \w+\.forgotten is left", complaint(outcome, "temporary_file"))


@pytest.mark.processes
def test_a_new_file_in_the_course_is_named(outcome):
    assert "new file notebooks/notes.txt is left" in complaint(outcome, "course_file")


@pytest.mark.processes
def test_a_cell_writes_no_module_beside_a_learners_own(outcome):
    folder = outcome[0] / "notebooks"
    assert not (folder / "work_09.py").exists()
    assert (folder / "work_08.py").read_text(encoding="utf-8") == "mine = True\n"


STAYS = """
import pathlib, time
pathlib.Path("work_08.py").write_text("overwritten = True")
pathlib.Path({reached!r}).touch()
time.sleep(60)
"""


@pytest.mark.processes
def test_a_run_that_is_killed_has_overwritten_nothing_of_the_learners(tmp_path):
    write(tmp_path, "labs/work_08.py", "mine = True\n")
    reached = tmp_path / "reached"
    notebook(tmp_path / "labs" / "stays.ipynb", STAYS.format(reached=str(reached)))
    command = [*pytest_command(tmp_path), "labs/stays.ipynb"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL) as run:
        while not reached.exists():
            assert run.poll() is None
            time.sleep(0.05)
        below = psutil.Process(run.pid).children(recursive=True)
        run.kill()
    for process in below:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(below, timeout=10)
    assert (tmp_path / "labs" / "work_08.py").read_text(encoding="utf-8") == "mine = True\n"


HOLDS_MEMORY = """
import sys
from multiprocessing.shared_memory import SharedMemory
memory = SharedMemory(create=True, size=16)
print(memory.name, flush=True)
sys.stdin.readline()
memory.close(), memory.unlink()
"""


@pytest.mark.processes
@pytest.mark.skipif(not SHARED.is_dir(), reason="this system does not show its shared memory")
def test_another_programs_shared_memory_is_not_ours(tmp_path):
    with scratch_folder() as scratch:
        watch = Watch.begin(tmp_path, tmp_path, scratch)
        command = [sys.executable, "-c", HOLDS_MEMORY]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as program:
            name = program.stdout.readline().strip()
            assert (SHARED / name).exists()
            found = watch.left_behind()
            program.communicate("\n")
    assert not [fault for fault in found if name in fault]


HOLDS_SEMAPHORE = """
import multiprocessing, sys
lock = multiprocessing.get_context("spawn").Lock()
print("sem." + lock._semlock.name.lstrip("/"), flush=True)
sys.stdin.readline()
"""


@pytest.mark.processes
@pytest.mark.skipif(not SHARED.is_dir(), reason="this system does not show its shared memory")
def test_another_programs_semaphore_is_not_ours():
    command = [sys.executable, "-c", HOLDS_SEMAPHORE]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as program:
        name = program.stdout.readline().strip()
        assert (SHARED / name).exists()
        assert unused_by_others([name], set()) == []
        assert unused_by_others([name], {program.pid}) == [name]
        program.communicate("\n")
    assert unused_by_others([name], set()) == []
