"""`course.py check-lab`: what is refused, and that a file is judged as in a notebook."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from helpers.checks import check
from helpers.progress.labs import lab_progress
from tools.launcher.check_lab_arguments import read_check_lab_arguments
from tools.launcher.paths import ROOT, Problem

pytestmark = pytest.mark.once
POSIX = os.name == "posix"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Return the current folder, with answers to lab 01 and files that are none."""
    monkeypatch.chdir(tmp_path)
    answers = ROOT / "tests" / "labs" / "01_processes"
    for name, file in (("right", "right_queue"), ("wrong", "wrong_serial"), ("todo", "todo")):
        (tmp_path / f"{name}.py").write_text((answers / f"{file}.py").read_text(encoding="utf-8"))
    (tmp_path / "typo.py").write_text("def who_did_what(jobs:\n")
    (tmp_path / "odd").mkdir()
    for name in ("queue.py", "psutil.py", "class.py", "answer.v2.py", "answer"):
        (tmp_path / "odd" / name).write_text("x = 1\n")
    (tmp_path / "work_01.ipynb").write_text("{}")
    return tmp_path


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "Say which lab, and which file has the answer"),
        ("01", "The labs are 01 (Who did what), 02 ("),
        ("01 right.py more", "Say which lab"),
        ("--all right.py", "check-lab has no option --all"),
        ("99 right.py", "There is no lab 99. The labs are 01 (Who did what), 02 ("),
        ("x right.py", "There is no lab x. "),
        ("01 nothing.py", "There is no file nothing.py in "),
        ("01 .", ". is a folder"),
        ("01 work_01.ipynb", "is a notebook"),
        ("01 typo.py", "typo.py can't be compiled as Python: line 1: '(' was never closed"),
        (
            "01 odd/queue.py",
            "Python has a module of that name. Rename it, for example to work_01.py",
        ),
        ("01 odd/psutil.py", "Python has a module of that name"),
        ("01 odd/class.py", "can't be judged under this name"),
        ("01 odd/answer.v2.py", "a child could not import it. Rename it"),
        ("01 odd/answer", "a child could not import it"),
    ],
)
def test_what_can_not_be_judged_is_refused_in_words(line, words):
    with pytest.raises(Problem) as refusal:
        read_check_lab_arguments(line.split())
    assert words in str(refusal.value)


@pytest.mark.parametrize("name", ["helpers.py", "helpers"])
def test_a_module_that_hides_the_courses_is_refused(folder, name):
    (folder / name).mkdir()
    with pytest.raises(Problem, match=f"Beside right.py is {name}, which your children would"):
        read_check_lab_arguments(["01", "right.py"])


def test_a_labs_number_may_be_written_shortly(folder):
    assert read_check_lab_arguments(["1", "right.py"]) == ("01", folder / "right.py")


def start(*arguments: str, **options) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "tools.check_lab", *arguments],
        cwd=ROOT,  # as course.py does
        env=os.environ | {"LC_ALL": "C"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        **options,
    )


@pytest.mark.processes
@pytest.mark.parametrize(("name", "code"), [("right", 0), ("wrong", 1), ("todo", 1)])
def test_a_file_gets_the_words_of_the_notebooks_check(folder, capsys, own_notes, name, code):
    tool = start("01", str(folder / f"{name}.py"))
    printed = tool.communicate(timeout=60)[0]
    assert tool.returncode == code, printed
    assert not own_notes.exists()
    (folder / "work_01.py").write_text((folder / f"{name}.py").read_text())
    check("01")
    assert printed == capsys.readouterr().out
    assert lab_progress("01").tries == (name != "todo")


@pytest.mark.processes
@pytest.mark.skipif(not POSIX, reason="Windows has no such signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_ends_the_check(folder, name):
    number = getattr(signal, name)
    touch = f"open({str(folder / 'started')!r}, 'w').close()"
    (folder / "slow.py").write_text(f"import time\n{touch}\ntime.sleep(300)\n")
    tool = start(
        "01",
        str(folder / "slow.py"),
        preexec_fn=lambda: signal.signal(number, signal.default_int_handler),
    )
    until = time.monotonic() + 60
    while not (folder / "started").exists():
        assert time.monotonic() < until
        time.sleep(0.02)
    tool.send_signal(number)
    printed = tool.communicate(timeout=30)[0]
    assert (tool.returncode, printed) == (
        128 + number,
        "\nStopped. Nothing of your code is still running.\n",
    )
