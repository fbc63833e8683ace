"""`python3 course.py test`: what is run, with which start method, and what the last line says."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest

from helpers.process_control import MARKS
from tests.mini_course import write
from tools import test as one_run
from tools.build.kernel_environment import kernel_environment, scratch_folder
from tools.outline import ROOT, Course, read_outline
from tools.test import (
    PARTS,
    Only,
    Record,
    bare_arguments,
    changed_here,
    last_line,
    lesson_named,
    pytest_arguments,
    unreadable,
    with_unreadable,
)

pytestmark = pytest.mark.once

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
    course = Course(built_once)
    plain = pytest_arguments(course, None)
    assert pytest_arguments(course, None, "all") == plain[: plain.index("-m")]


@pytest.mark.parametrize("part", ["rest", "unit"])
def test_the_notebooks_are_run_by_the_plain_command(built_once, part):
    assert not [n for n in pytest_arguments(Course(built_once), None, part) if "ipynb" in n]


PYTEST_MARKS = ("alone", "browser", "once", "processes", "slow", "standard_library")


# Every test has one of these sets of marks.
SETS = [
    marks
    for size in range(len(PYTEST_MARKS) + 1)
    for marks in itertools.combinations(PYTEST_MARKS, size)
]


def taken(part):
    """Return the sets of marks whose tests belong to the part."""
    return selected(PARTS[part])


def selected(expression):
    """Return the sets of marks that an expression selects: pytest and Python read it alike."""
    known = [{mark: mark in marks for mark in PYTEST_MARKS} for marks in SETS]
    return {m for m, values in zip(SETS, known, strict=True) if eval(expression or "True", values)}


def marks_of(arguments):
    """Return the sets of marks that a pytest run with these arguments takes."""
    return selected(arguments[arguments.index("-m") + 1] if "-m" in arguments else "")


def test_what_plain_leaves_out_is_the_rest_and_all_takes_both():
    assert taken("plain") | taken("rest") == taken("all") == set(SETS)
    assert not taken("plain") & taken("rest")


def test_lean_leaves_out_of_plain_what_is_tested_once():
    assert taken("lean") == {marks for marks in taken("plain") if "once" not in marks}


def test_unit_leaves_out_of_plain_what_starts_processes():
    assert taken("unit") == {marks for marks in taken("plain") if "processes" not in marks}


@pytest.mark.parametrize("part", ["all", "plain", "lean", "rest"])
def test_on_several_cores_two_runs_take_each_test_once(built_once, part):
    first, second = one_run.pytest_runs(Course(built_once), part, 2)
    assert "--numprocesses=2" in first
    for run in (first, second):
        assert bool([name for name in run if "ipynb" in name]) == (part != "rest")
    assert marks_of(first) | marks_of(second) == taken(part)
    assert not marks_of(first) & marks_of(second)


def test_what_measures_runs_in_sequence(built_once):
    first, second = one_run.pytest_runs(Course(built_once), "plain", 2)
    assert {("alone", "processes"), ("alone", "once")} <= marks_of(second)
    assert {(), ("once",), ("processes",), ("once", "processes")} <= marks_of(first)


@pytest.mark.processes
def test_the_notebooks_that_compare_speeds_measure():
    """Their cells are marked `alone` when pytest collects them, the others' only `processes`."""
    command = ["-q", "--collect-only", "--nbval", "-m", "alone", "notebooks", "labs", "solutions"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *command], cwd=ROOT, capture_output=True, text=True
    )
    collected = {line.split("::")[0] for line in done.stdout.splitlines() if "::" in line}
    assert collected == {lesson.file for lesson in read_outline().lessons if lesson.measures}
    assert "notebooks/08_costs.ipynb" in collected


def test_a_browser_has_all_cores(built_once):
    first, second = one_run.pytest_runs(Course(built_once), "rest", 2)
    assert [marks for marks in marks_of(second) if "browser" in marks]
    assert not [marks for marks in marks_of(first) if "browser" in marks]
    assert ("slow",) in marks_of(first)


def test_unit_is_one_run_on_all_cores(built_once):
    (only,) = one_run.pytest_runs(Course(built_once), "unit", 4)
    assert "--numprocesses=4" in only
    assert marks_of(only) == {marks for marks in taken("unit") if "alone" not in marks}


@pytest.mark.parametrize("part", ["rest", "plain", "unit"])
def test_one_core_has_one_run_in_sequence(built_once, part):
    (only,) = one_run.pytest_runs(Course(built_once), part, 1)
    assert not [word for word in only if "numprocesses" in word]
    assert marks_of(only) == taken(part)


OK, FAILED, NOTHING, STOPPED = 0, 1, pytest.ExitCode.NO_TESTS_COLLECTED, 2


@pytest.mark.parametrize(
    ("codes", "options", "code", "runs"),
    [
        ([OK, OK], [], OK, 2),
        ([OK, FAILED], [], FAILED, 2),
        ([FAILED, OK], [], FAILED, 2),
        ([FAILED, OK], ["-x"], FAILED, 1),
        ([OK, NOTHING], ["-k", "x"], OK, 2),
        ([NOTHING, OK], ["-k", "x"], OK, 2),
        ([NOTHING, NOTHING], ["-k", "x"], NOTHING, 2),
        ([STOPPED, OK], [], STOPPED, 1),
    ],
)
def test_the_result_of_two_runs(monkeypatch, codes, options, code, runs):
    made = []
    monkeypatch.setattr(
        pytest, "main", lambda given, plugins: made.append(given) or codes[len(made) - 1]
    )
    assert one_run.run_pytest([["a", *options], ["b", *options]], []) == code
    assert len(made) == runs


def test_these_are_all_the_marks_that_there_are():
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    registered = table["tool"]["pytest"]["ini_options"]["markers"]
    assert {line.split(":")[0] for line in registered} == set(PYTEST_MARKS)


def test_only_runs_one_lessons_notebooks(built_once):
    course = Course(built_once)
    arguments = pytest_arguments(course, lesson_named(course, "0"))
    assert [name for name in arguments if name.endswith("ipynb")] == ["notebooks/00_hello.ipynb"]


SPELLINGS = [
    *("01", "1", "double", "01_double", "Double", "labs/1", "notebooks/01_double.ipynb"),
    *("my_course\\labs\\01_double.ipynb", "source/labs/01_double.py", "./solutions/double"),
]


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_lesson_is_known_by_several_names(built_once, name):
    assert lesson_named(Course(built_once), name).name == "01_double"


@pytest.mark.processes
def test_a_course_that_cannot_be_written_is_tested_without_a_traceback(tmp_path):
    write(tmp_path, "test_one.py", "def test_it(): pass")
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "-q"]
    nowhere = f"cache_dir={Path(os.devnull, 'cache')}"  # no folder can be made there
    command += ["-o", nowhere, "--rootdir", str(tmp_path), str(tmp_path / "test_one.py")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr


ONLY_BARE = """
import sys
from importlib.metadata import packages_distributions
bare, owners = set(sys.argv[1].split(",")), packages_distributions()
class Finder:
    def find_spec(name, path=None, target=None):
        if not bare & {owner.lower() for owner in owners.get(name.partition(".")[0], bare)}:
            raise ModuleNotFoundError(f"{name} is not in the bare lock", name=name)
sys.meta_path.insert(0, Finder)
import pytest
sys.exit(pytest.main(["--collect-only", "-q", *sys.argv[2:]]))
"""


@pytest.mark.processes
def test_marked_tests_can_be_imported_with_what_the_bare_lock_holds():
    lines = (ROOT / "requirements-bare.lock").read_text(encoding="utf-8").splitlines()
    names = [line.partition("==")[0] for line in lines]
    command = [sys.executable, "-c", ONLY_BARE, ",".join(names), *bare_arguments()]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_bare_tests_are_those_of_the_workers_the_engines_and_the_clock():
    files = {name for name in bare_arguments() if name.endswith(".py")}
    assert {name.rpartition("/")[2] for name in files} >= {
        "test_compute.py",
        "test_executors.py",
        "test_sweeps.py",
    }


def test_an_unknown_lesson_is_refused_with_those_there_are(built_once):
    for name in ("7", "", "elsewhere/01", "labs/"):
        match = rf"no lesson {name!r}\. Lessons are 00_hello, 01_double"
        with pytest.raises(SystemExit, match=match):
            lesson_named(Course(built_once), name)


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
    assert record.seconds == {"notebooks/00_x.ipynb": 4.5, "tests/test_x.py": 3.0}


def lines_at_the_end(record):
    """Return what the record writes below the tests."""
    lines = []
    record.pytest_terminal_summary(SimpleNamespace(section=lines.append, write_line=lines.append))
    return lines


def test_the_slowest_files_are_named_and_a_late_notebook_is_told():
    record = Record()
    for place in range(30):
        record.seconds[f"tests/test_{place}.py"] = place
    record.seconds["notebooks/00_x.ipynb"] = 100
    title, first, second, *others = lines_at_the_end(record)
    assert title == "seconds of the slowest of 31 files"
    assert first.startswith("  100.0  notebooks/00_x.ipynb  more than 40 s")
    assert second == "   29.0  tests/test_29.py"
    assert len(others) == one_run.SHOWN - 2


@pytest.mark.parametrize(("limit", "told"), [(None, False), (1000, False), (-1, True)])
def test_a_unit_run_that_takes_too_long_says_so(limit, told):
    assert any("more than -1 s" in line for line in lines_at_the_end(Record(limit))) == told


def test_the_last_line_names_what_failed_a_notebook_once():
    record = Record()
    for cell in (1, 2):
        record.pytest_runtest_logreport(report(f"labs/01_x.ipynb::Cell {cell}", "failed"))
    record.pytest_runtest_logreport(report("tests/test_x.py::test_y", "failed"))
    assert last_line(record, 1) == (
        "FAILED: labs/01_x.ipynb, tests/test_x.py::test_y. See above for what went wrong."
    )


def test_the_last_line_tells_a_learners_own_failure_from_the_courses(course_root):
    course, record = Course(course_root), Record()
    assert changed_here(course) == []
    lab = course_root / "labs" / "01_double.ipynb"
    lab.write_text(lab.read_text(encoding="utf-8").replace("double", "treble"), encoding="utf-8")
    assert changed_here(course) == ["labs/01_double.ipynb"]
    record.pytest_runtest_logreport(report("labs/01_double.ipynb::Cell 1", "failed"))
    assert last_line(record, 1, changed_here(course)) == (
        "Nothing of the course failed. Changed here, so not as the course shipped it:"
        " labs/01_double.ipynb (failed: labs/01_double.ipynb). To test the course alone, have it"
        " back, with yours kept beside it: python3 course.py reset labs/01_double"
    )
    record.pytest_runtest_logreport(report("tests/test_x.py::test_y", "failed"))
    assert last_line(record, 1, changed_here(course)).startswith(
        "FAILED: tests/test_x.py::test_y. Changed here, so not as the course shipped it: labs/01"
    )
    assert last_line(Record(), 0, changed_here(course)) == "All passed: 0 tests."


@pytest.mark.parametrize("text", ["<<<<<<< HEAD\n", "", "{}"])
def test_a_notebook_that_cannot_be_read_stops_no_other_test(course_root, text):
    course, record = Course(course_root), Record()
    lab = "labs/01_double.ipynb"
    assert unreadable(course, None) == []
    (course_root / lab).write_text(text, encoding="utf-8")
    assert unreadable(course, None) == unreadable(course, lesson_named(course, "1")) == [lab]
    assert unreadable(course, lesson_named(course, "0")) == []
    assert lab not in pytest_arguments(course, None, "plain")
    assert with_unreadable(record, 0, [lab]) == 1
    assert f"(failed: {lab})" in last_line(record, 1, changed_here(course))


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


@pytest.mark.processes
@pytest.mark.parametrize("method", METHODS)
def test_a_forced_start_method_is_the_default_in_a_program_and_its_children(tmp_path, method):
    run = run_with(method, write(tmp_path, "show.py", SHOW))
    assert run.stdout.split() == ["parent", method, "child", method, "0"]
    assert run.stderr == ""


@pytest.mark.processes
def test_a_users_own_sitecustomize_still_runs(tmp_path):
    write(tmp_path, "mine/sitecustomize.py", "print('mine', __name__)\n")
    run = run_with("spawn", write(tmp_path, "show.py", "print('program')\n"), tmp_path / "mine")
    assert run.stdout.split() == ["mine", "sitecustomize", "program"]


@pytest.mark.processes
def test_without_the_variable_nothing_is_forced(tmp_path):
    text = "import multiprocessing as m; print(m.get_start_method(allow_none=True))"
    run = run_with("", write(tmp_path, "show.py", text))
    assert run.stdout.strip() == "None"


def test_the_kernel_environment_is_restored_and_has_what_helpers_need():
    before = dict(os.environ)
    with scratch_folder() as scratch, kernel_environment(scratch):
        assert scratch.mark in os.environ[MARKS].split()
        assert scratch.temporary.is_dir()
        assert len(os.environ["TMPDIR"]) < 60
        assert not list(scratch.temporary.iterdir())
    assert dict(os.environ) == before
    assert not scratch.folder.exists()
