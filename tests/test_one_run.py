"""`python3 course.py test`: what is run, with which start method, and what the last line says."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from helpers.process_control import MARKS
from tests.mini_course import write
from tools import test as one_run
from tools.build.kernel_environment import kernel_environment, scratch_folder
from tools.outline import ROOT, Course
from tools.test import PARTS, Only, Record, last_line, lesson_named, pytest_arguments

METHODS = multiprocessing.get_all_start_methods()


def test_unit_tests_come_first_then_each_lesson_with_its_lab_and_solution(built_once):
    assert pytest_arguments(Course(built_once), None) == [
        "tests",
        "notebooks/00_hello.ipynb",
        "notebooks/01_double.ipynb",
        "labs/01_double.ipynb",
        "solutions/01_double.ipynb",
        "--nbval",
        "-rs",
        "-m",
        "not browser and not slow",
    ]


def test_all_leaves_nothing_out(built_once):
    assert "-m" not in pytest_arguments(Course(built_once), None, "all")


def test_the_rest_is_what_the_plain_command_leaves_out(built_once):
    plain, rest = (PARTS[part][1] for part in ("plain", "rest"))
    assert plain == " and ".join(f"not {mark}" for mark in rest.split(" or "))
    files = pytest_arguments(Course(built_once), None, "rest")
    assert not any(name.endswith("ipynb") for name in files)


def test_the_lean_run_leaves_out_tests_that_there_are():
    left_out = [name for name in PARTS["lean"] if name.startswith("--ignore=")]
    assert left_out
    assert all((ROOT / name.removeprefix("--ignore=")).is_file() for name in left_out)


def test_only_runs_one_lessons_notebooks(built_once):
    course = Course(built_once)
    arguments = pytest_arguments(course, lesson_named(course, "0"))
    assert [name for name in arguments if name.endswith("ipynb")] == ["notebooks/00_hello.ipynb"]


@pytest.mark.parametrize("name", ["01", "1", "double", "01_double"])
def test_a_lesson_is_known_by_several_names(built_once, name):
    assert lesson_named(Course(built_once), name).name == "01_double"


def test_an_unknown_lesson_is_refused_with_those_there_are(built_once):
    with pytest.raises(SystemExit, match=r"no lesson '7'\. Lessons are 00_hello, 01_double"):
        lesson_named(Course(built_once), "7")


@pytest.mark.parametrize(
    ("nodeid", "kept"),
    [
        ("notebooks/01_double.ipynb::Cell 0", True),
        ("tests/labs/test_01_answers.py::test_x", True),
        ("tests/test_browser.py::test_lesson[01_double]", True),
        ("tests/test_lab_01.py::test_x", True),
        ("tests/test_workers.py::test_primes[101_0]", False),
        ("tests/test_check.py::test_x", False),
    ],
)
def test_only_keeps_the_tests_that_mention_the_lesson(built_once, nodeid, kept):
    items, left_out = [SimpleNamespace(nodeid=nodeid)], []
    hook = SimpleNamespace(pytest_deselected=lambda items: left_out.extend(items))
    only = Only(lesson_named(Course(built_once), "01"))
    only.pytest_collection_modifyitems(SimpleNamespace(hook=hook), items)
    assert (len(items), len(left_out)) == (int(kept), int(not kept))


def report(nodeid, outcome="passed", when="call"):
    failed = outcome == "failed"
    return SimpleNamespace(nodeid=nodeid, outcome=outcome, when=when, failed=failed, duration=1.5)


def test_the_last_line_when_all_passed():
    record = Record()
    for when in ("setup", "call", "teardown"):
        record.pytest_runtest_logreport(report("notebooks/00_x.ipynb::Cell 0", when=when))
    record.pytest_runtest_logreport(report("tests/test_x.py::test_y"))
    record.pytest_runtest_logreport(report("tests/test_x.py::test_z", "skipped", "setup"))
    assert last_line(record, 0) == (
        "All passed: 2 tests, 1 notebook among them; 1 test could not run here and says why above."
    )
    assert record.seconds == {"notebooks/00_x.ipynb": 4.5}


def test_the_last_line_names_what_failed_a_notebook_once():
    record = Record()
    for cell in (1, 2):
        record.pytest_runtest_logreport(report(f"labs/01_x.ipynb::Cell {cell}", "failed"))
    record.pytest_runtest_logreport(report("tests/test_x.py::test_y", "failed"))
    assert last_line(record, 1) == (
        "FAILED: labs/01_x.ipynb, tests/test_x.py::test_y. What went wrong is said above."
    )


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (pytest.ExitCode.INTERRUPTED, "Stopped before the end."),
        (pytest.ExitCode.NO_TESTS_COLLECTED, "There was nothing to test."),
        (pytest.ExitCode.USAGE_ERROR, "FAILED: the tests could not be run"),
    ],
)
def test_the_last_line_when_there_is_no_result(code, said):
    assert last_line(Record(), code).startswith(said)


def test_a_start_method_that_is_not_here_is_refused():
    with pytest.raises(SystemExit, match=f"'thread' is not on this machine; {METHODS[0]}"):
        one_run.force_start_method("thread")


# The default start method, forced from outside


SHOW = """
import multiprocessing as m
def show(): print("child", m.get_start_method(), flush=True)
if __name__ == "__main__":
    print("parent", m.get_start_method(), flush=True)
    process = m.Process(target=show)
    process.start(); process.join()
    print(process.exitcode)
"""


def run_with(method, file, *places):
    path = os.pathsep.join([str(one_run.START_METHOD), *map(str, places)])
    environment = {**os.environ, "PYTHONPATH": path, "COURSE_START_METHOD": method}
    command = [sys.executable, str(file)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True)


@pytest.mark.parametrize("method", METHODS)
def test_a_forced_start_method_is_the_default_in_a_program_and_its_children(tmp_path, method):
    run = run_with(method, write(tmp_path, "show.py", SHOW))
    assert run.stdout.split() == ["parent", method, "child", method, "0"]
    assert run.stderr == ""


def test_a_users_own_sitecustomize_still_runs(tmp_path):
    write(tmp_path, "mine/sitecustomize.py", "print('mine', __name__)\n")
    run = run_with("spawn", write(tmp_path, "show.py", "print('program')\n"), tmp_path / "mine")
    assert run.stdout.split() == ["mine", "sitecustomize", "program"]


def test_without_the_variable_nothing_is_forced(tmp_path):
    text = "import multiprocessing as m; print(m.get_start_method(allow_none=True))"
    run = run_with("", write(tmp_path, "show.py", text))
    assert run.stdout.strip() == "None"


def test_the_kernel_environment_is_restored_and_has_what_helpers_need():
    before = dict(os.environ)
    with scratch_folder() as scratch, kernel_environment(scratch):
        assert scratch.token in os.environ[MARKS].split()
        assert scratch.temporary.is_dir()
        assert len(os.environ["TMPDIR"]) < 60
        assert not list(scratch.temporary.iterdir())
    assert dict(os.environ) == before
    assert not scratch.folder.exists()
