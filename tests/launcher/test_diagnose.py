"""`course.py diagnose` on programs as a user writes them, started as the front door starts it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest

from tests.running_processes import METHODS
from tools.launcher.paths import ROOT

pytestmark = [pytest.mark.once, pytest.mark.processes]
POSIX = os.name == "posix"
UMASK = 0o027

CALLED = """
import json, os, sys
umask = os.umask(0)
print(json.dumps([sys.argv, os.getcwd(), umask, os.environ.get("MINE"), sys.stdin.read()]))
import beside
print(beside.WORD)
"""
QUIET = "import multiprocessing\nif __name__ == '__main__':\n    print('done')\n"
DEADLOCK = """
import multiprocessing
def work(queue):
    queue.put(b"x" * 1_000_000)
if __name__ == "__main__":
    queue = multiprocessing.Queue()
    child = multiprocessing.Process(target=work, args=(queue,))
    child.start()
    child.join()
    queue.get()
"""
SLEEPERS = """
import multiprocessing, time
if __name__ == "__main__":
    children = [multiprocessing.Process(target=time.sleep, args=(300,)) for _ in range(2)]
    for child in children:
        child.start()
    open("started", "w").close()
    for child in children:
        child.join()
"""
STATE = """
import logging, multiprocessing, os, signal, threading
cache, settings, unused = {}, None, 0
def wait():
    threading.Event().wait()
def tidy(*_):
    print("tidy")
def work():
    print("settings:", settings, cache, flush=True)
if __name__ == "__main__":
    settings, unused = {"factor": 2}, 5
    cache["a"] = 1
    logging.basicConfig(level=logging.INFO)
    signal.signal(signal.SIGTERM, tidy)
    threading.Thread(target=wait, daemon=True).start()
    multiprocessing.Process(target=int).start()
    os.environ["MODE"] = "fast"
    child = multiprocessing.Process(target=work)
    child.start()
    child.join()
"""


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "tools.diagnose.cli", str(UMASK if POSIX else -1), *arguments]


def variables(**more: str) -> dict[str, str]:
    path = os.pathsep.join([str(ROOT), str(Path("beside").absolute())])
    return os.environ | {"PYTHONPATH": path, "COURSE_RUN_STILL": "0"} | more


def diagnose(*arguments: str, **more: str) -> tuple[int, str]:
    """Diagnose a program in the current folder; return the exit code and what was printed."""
    done = subprocess.run(
        command(*arguments),
        env=variables(**more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
    )
    return done.returncode, done.stdout


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Return the current folder, which holds the programs."""
    monkeypatch.chdir(tmp_path)
    texts = {
        "called": CALLED, "quiet": QUIET, "deadlock": DEADLOCK, "sleepers": SLEEPERS,
        "state": STATE, "gives_up": "raise SystemExit(3)", "raises": "1 / 0",
        "needs": "import no_such_package",
    }  # fmt: skip
    for name, text in texts.items():
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    (tmp_path / "beside").mkdir()
    (tmp_path / "beside" / "beside.py").write_text("WORD = 'found'\n")
    return tmp_path


def test_the_program_is_called_as_by_python_itself(folder):
    code, printed = diagnose("called.py", "--limit", "a b", MINE="kept", PYTHONWARNINGS="error")
    assert code == 0, printed
    line = next(line for line in printed.splitlines() if line.startswith("  [["))
    umask = UMASK if POSIX else json.loads(line)[2]
    assert json.loads(line) == [["called.py", "--limit", "a b"], str(folder), umask, "kept", ""]
    assert "  found\n" in printed


def test_what_it_does_is_said_first_and_that_nothing_was_found():
    code, printed = diagnose("--limit", "20", "quiet.py", "one")
    assert code == 0
    head, _, rest = printed.partition("\n\n")
    assert head.startswith("Running quiet.py one\n  It runs for real: ")
    for words in (sys.executable, "stopped after 20 s", str(Path.cwd()), "input() finds the end"):
        assert words in head
    assert "It ended by itself after " in rest
    assert "The failure: none was recognized" in rest
    assert "\r" not in printed


def test_a_known_failure_is_named_with_tree_and_waits_and_a_picture():
    code, printed = diagnose("--limit", "20", "--picture", "waits.svg", "deadlock.py")
    assert code == 1
    assert (
        "main program: was still alive, in line 9: the top level of the file\n  └─ Process-1"
        in (printed)
    )
    assert "main program waits for Process-1 (to exit)." in printed
    assert "The arrows" not in printed
    assert "The failure: join before the queue is read\n  why   A child" in printed
    assert "at    main program: line 9 of deadlock.py: child.join()" in printed
    assert "more  lesson 04 (Queues), and docs/failures.md" in printed
    assert Path("waits.svg").read_text(encoding="utf-8").startswith("<?xml")


def test_a_picture_of_no_waits_is_not_drawn():
    code, printed = diagnose("--picture", "waits.png", "quiet.py")
    assert (code, Path("waits.png").exists()) == (0, False)
    assert "waits.png was not drawn: no process of this run waits for another one" in printed


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("gives_up.py", "The program chose its exit code itself"),
        ("raises.py", "The failure: none that is known (an error)"),
        ("needs.py", "put their folder on PYTHONPATH"),
    ],
)
def test_a_program_that_fails_in_another_way_is_a_failure_too(program, words):
    code, printed = diagnose(program)
    assert code == 1
    assert words in " ".join(printed.split())


def test_the_limit_ends_it():
    code, printed = diagnose("--limit", "1.5", "sleepers.py")
    assert code == 1
    assert "It had not ended after 1.5 s, its limit, and was stopped." in printed
    assert "(still at work)" in printed


def test_a_program_that_can_not_be_run_has_another_exit_code():
    code, printed = diagnose("nothing.py")
    assert code == 2
    assert printed.startswith("There is no file nothing.py in ")


@pytest.mark.skipif(not POSIX, reason="Windows has no such signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_it_and_all_that_it_started(folder, name):
    number = getattr(signal, name)
    tool = subprocess.Popen(
        command("sleepers.py"),
        env=variables(),
        stdout=subprocess.PIPE,
        encoding="utf-8",
        preexec_fn=lambda: signal.signal(number, signal.default_int_handler),
    )
    wait_for(lambda: (folder / "started").exists())
    family = psutil.Process(tool.pid).children(recursive=True)
    assert len(family) >= 4  # the supervisor, the program and its children
    tool.send_signal(number)
    printed = tool.communicate(timeout=30)[0]
    assert tool.returncode == 128 + number
    assert printed.endswith("\nStopped. Nothing of the program is still running.\n")
    assert psutil.wait_procs(family, timeout=0)[1] == []


def wait_for(condition) -> None:
    """Return when the condition holds; fail if it does not in a minute."""
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.skipif(not POSIX, reason="Windows has no pseudo-terminals")
def test_on_a_terminal_it_says_how_long_it_takes():
    import pty

    ours, theirs = pty.openpty()
    tool = subprocess.Popen(
        command("--limit", "3", "sleepers.py"), env=variables(), stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    printed = b""
    try:
        while more := os.read(ours, 1000):
            printed += more
    except OSError:  # Linux raises at the end
        pass
    os.close(ours)
    assert tool.wait(30) == 1
    assert b"\rrunning for 2 s, of at most 3 s" in printed


@pytest.mark.skipif(not POSIX, reason="Windows has spawn only")
def test_a_comparison_shows_what_a_start_method_does_not_carry():
    code, printed = diagnose("--limit", "20", "--compare", "state.py", LC_ALL="C")
    text = " ".join(printed.split())
    assert code == 0, printed
    assert "They did not print the same" in printed
    for method in METHODS:
        assert f"\n  {method:<10}  It ended by itself after " in printed
    lost = "under spawn and forkserver"
    assert f"global settings, {lost}: {{'factor': 2}} in the parent, None in the child" in text
    assert f"global cache, {lost}: {{'a': 1}} in the parent, {{}} in the child" in text
    assert f"signal handler SIGTERM, {lost}: tidy in the parent" in text
    assert f"logging level, {lost}: INFO in the parent, WARNING in the child" in text
    assert "environment variable MODE, under forkserver: 'fast' in the parent, nothing" in text
    assert "(wait), under fork, spawn and forkserver: running in the parent, nothing in" in text
    assert "unused" not in text  # no function uses it


def test_a_comparison_of_a_program_without_processes_says_so():
    code, printed = diagnose("--compare", "quiet.py")
    assert code == 0
    assert "All of them printed the same lines." in printed
    assert "(It started no process with multiprocessing.)" in " ".join(printed.split())
    assert "The failure" not in printed


@pytest.mark.skipif(not POSIX, reason="Windows has spawn only")
def test_a_method_that_is_asked_for_is_used():
    code, printed = diagnose("--method", "spawn", "--limit", "20", "deadlock.py")
    assert code == 1
    assert "└─ Process-1 (spawn): was still alive" in printed


@pytest.mark.skipif(not POSIX, reason="it needs a Unix socket's folder")
def test_the_folder_of_a_manager_that_was_killed_is_removed(tmp_path):
    (tmp_path / "manager.py").write_text(
        "import multiprocessing, time\n"
        "if __name__ == '__main__':\n"
        "    manager = multiprocessing.Manager()\n"
        "    print(multiprocessing.util.get_temp_dir(), flush=True)\n"
        "    time.sleep(300)\n"
    )
    with tempfile.TemporaryDirectory() as place:  # tmp_path is too long for a socket's folder
        code, printed = diagnose("--limit", "8", "manager.py", TMPDIR=place)
        assert (code, f"  {place}/pymp-" in printed) == (1, True)
        assert not list(Path(place).glob("pymp-*"))
