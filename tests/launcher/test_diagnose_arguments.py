"""The command line of `course.py diagnose`: what is read, and how the rest is refused."""

from __future__ import annotations

import multiprocessing
import os

import pytest

from tools.launcher.diagnose_arguments import LIMIT, Wanted, asks_for_help, read_arguments
from tools.launcher.paths import Problem
from tools.launcher.program_files import checked_program

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Return the current folder, with a program and files that are none."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.py").write_text("print('open')\n")
    (tmp_path / "script").write_text("#!/usr/bin/env python3\nprint('open')\n")
    (tmp_path / "notes.ipynb").write_text('{"cells": []}')
    (tmp_path / "run.sh").write_text("#!/bin/sh\nexit\n")
    (tmp_path / "binary").write_bytes(b"\x7fELF\0\0")
    (tmp_path / "typo.py").write_text("x = 1\nif x = 2:\n    pass\n")
    (tmp_path / "folder").mkdir()
    return tmp_path


def test_what_stands_after_the_program_is_for_the_program():
    given = ["--method", "spawn", "--limit=2.5", "shop.py", "--limit", "9", "--help", "--"]
    wanted = Wanted("shop.py", ("--limit", "9", "--help", "--"), "spawn", 2.5)
    assert read_arguments(given) == wanted
    assert not asks_for_help(given)
    assert asks_for_help(["--limit", "9", "--help", "shop.py"])
    assert asks_for_help(["-h"])


def test_what_is_not_given_is_as_help_says():
    assert read_arguments(["script"]) == Wanted("script", (), "", LIMIT, False, "")
    assert read_arguments(["--", "shop.py", "-x"]).arguments == ("-x",)
    assert read_arguments(["--picture", "w.SVG", "shop.py"]).picture == "w.SVG"


REFUSED = [
    ("", "Say which program to run"),
    ("--compare", "Say which program to run"),
    ("nothing.py", "There is no file nothing.py in "),
    ("shpo.py", "Did you mean shop.py"),
    ("folder", "folder is a folder. Pass a program"),
    ("notes.ipynb", "is a notebook"),
    ("run.sh", "is not Python source"),
    ("binary", "is not Python source"),
    ("typo.py", "can't be compiled as Python: line 2: invalid syntax"),
    ("typo.py", "    if x = 2:"),
    ("--method thread shop.py", "thread is no start method. Pass --method "),
    ("--method", "--method needs a value after it"),
    (
        "--limit soon shop.py",
        "must be a number of seconds, from 0.1 to 86,400 (a day), and is soon",
    ),
    ("--limit 0 shop.py", "and is 0"),
    ("--limit -3 shop.py", "and is -3"),
    ("--limit nan shop.py", "and is nan"),
    ("--limit inf shop.py", "and is inf"),
    ("--limit= shop.py", "--limit needs a value"),
    ("--speed 3 shop.py", "diagnose has no option --speed"),
    ("--compare=yes shop.py", "diagnose has no option --compare=yes"),
    ("--limit 3 --limit 4 shop.py", "--limit is given twice"),
    ("--compare --method spawn shop.py", "leave --method out"),
    ("--compare --picture w.png shop.py", "leave one out"),
    ("--picture w.jpg shop.py", "must end in .png or .svg, and is w.jpg"),
    ("--picture no/w.png shop.py", "no/w.png can't be written"),
]


@pytest.mark.parametrize(("line", "words"), REFUSED)
def test_what_can_not_be_done_is_refused_in_words(line, words):
    with pytest.raises(Problem) as refusal:
        read_arguments(line.split())
    assert words in str(refusal.value)


def test_a_method_that_this_system_lacks_is_refused_with_those_that_it_has(monkeypatch):
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    with pytest.raises(Problem, match=r"This system has no fork\. It has spawn"):
        read_arguments(["--method", "fork", "shop.py"])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such pipes")
def test_a_pipe_is_not_waited_for(folder):
    os.mkfifo(folder / "pipe.py")
    with pytest.raises(Problem, match="is not a regular file"):
        checked_program("pipe.py", "a program")


def test_a_name_that_no_file_can_have_is_refused():
    with pytest.raises(Problem, match="can't be a file's name"):
        checked_program("a\0.py", "a program")
