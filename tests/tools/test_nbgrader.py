"""Labs carry what nbgrader needs, and points are the requirements that are ok."""

from __future__ import annotations

import importlib
import os
import shutil
from pathlib import Path

import nbformat
import pytest
from traitlets.config import PyFileConfigLoader

from helpers.checks.grade import points
from tests.mini_course import write
from tests.tools.test_check import assert_refused
from tools.build.compose import compose
from tools.build.notebooks import code_cells, read_notebook
from tools.build.percent import STUB, SourceError
from tools.check import sources
from tools.nbgrader import assignment
from tools.nbgrader.metadata import POINTS_TEXT, requirement_count
from tools.outline import ROOT, Course

pytestmark = pytest.mark.once

CHECK = "helpers/checks/lab_01.py"
THREE = 'REQUIREMENTS = (\n    "it doubles",\n    "it doubles 0",\n    "it doubles -1",\n)\n'
ANSWERS = ROOT / "tests/labs/01_processes"
PLAIN = {"grade": False, "locked": False, "schema_version": 3, "solution": False, "task": False}
ANSWER = {**PLAIN, "grade_id": "answer_1", "solution": True}
POINTS = {**PLAIN, "grade_id": "points", "grade": True, "locked": True, "points": 3}


def marks(notebook):
    """Return nbgrader's metadata of the cells that have any."""
    return [cell.metadata.nbgrader for cell in notebook.cells if "nbgrader" in cell.metadata]


def page(course, folder):
    return next(page for page in course.pages if page.folder == folder)


@pytest.mark.parametrize("folder", ["labs", "solutions"])
def test_a_lab_that_has_a_check_says_what_is_graded_and_ends_with_its_points(course_root, folder):
    write(course_root, CHECK, THREE)
    course = Course(course_root)
    notebook = compose(page(course, folder), course)
    assert marks(notebook) == [ANSWER, POINTS]
    said, graded, _footer = notebook.cells[-3:]
    assert said.source == POINTS_TEXT
    assert graded.source.splitlines()[-1] == 'points("01")'
    assert "def double" in next(c.source for c in notebook.cells if c.metadata.get("nbgrader"))


def test_several_answers_have_ids_of_their_own(course_root):
    write(course_root, CHECK, THREE)
    source = course_root / "source/labs/01_double.py"
    text = source.read_text(encoding="utf-8")
    write(course_root, "source/labs/01_double.py", f"{text}\n{text}")
    course = Course(course_root)
    ids = [mark["grade_id"] for mark in marks(compose(page(course, "labs"), course))]
    assert ids == ["answer_1", "answer_2", "points"]


def test_a_lab_without_a_check_and_a_lesson_are_not_graded(built_once):
    assert requirement_count("01", built_once) == 0
    course = Course(built_once)
    assert [marks(compose(page, course)) for page in course.pages] == [[]] * len(course.pages)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1: no REQUIREMENTS"),
        ("x = 1\nREQUIREMENTS = tuple(names)", "2: REQUIREMENTS can't be counted"),
        ("REQUIREMENTS = (*others, 'more')", "1: REQUIREMENTS can't be counted"),
        ("REQUIREMENTS = ()", "1: REQUIREMENTS can't be counted"),
        ("REQUIREMENTS = (", "1: not Python"),
    ],
)
def test_requirements_that_nobody_can_count_are_refused(course_root, text, said):
    write(course_root, CHECK, text)
    with pytest.raises(SourceError, match=r"helpers/checks/lab_01\.py") as raised:
        requirement_count("01", course_root)
    assert said in str(raised.value)
    start = f"{CHECK}:{said}"
    assert_refused(sources.sources_can_be_read, course_root, start, raised.value.fix)


def test_requirements_may_have_a_type(course_root):
    write(course_root, CHECK, "REQUIREMENTS: tuple[str, ...] = ('one', 'two')")
    assert requirement_count("01", course_root) == 2


def test_the_labs_of_the_course_are_worth_their_requirements():
    pages = [page for page in Course(ROOT).pages if not page.has_puzzles]
    for one in (page for page in pages if page.folder != "notebooks"):
        judge = importlib.import_module(f"helpers.checks.lab_{one.lesson.number}")
        cell = code_cells(read_notebook(ROOT / one.file))[-1]
        assert cell.metadata.nbgrader.points == len(judge.REQUIREMENTS)
        shown = "0" if one.folder == "labs" else str(len(judge.REQUIREMENTS))
        assert [output.data["text/plain"] for output in cell.outputs] == [shown]


def test_what_nbgrader_starts_from_has_the_marked_solution_and_nothing_else_of_it(tmp_path):
    course = Course(ROOT)
    for lab in course.outline.labs:
        path = assignment.write_assignment(lab, course, tmp_path)
        assert path == tmp_path / "source" / lab.name / f"{lab.name}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        shipped = read_notebook(ROOT / "labs" / f"{lab.name}.ipynb")
        assert [stubbed(cell.source) for cell in notebook.cells] == [
            cell.source for cell in shipped.cells
        ]
        assert marks(notebook) == marks(shipped)
        assert any("### BEGIN SOLUTION" in cell.source for cell in notebook.cells)


def stubbed(source):
    """Return what nbgrader's ClearSolutions makes of a cell, with the stub of our settings."""
    kept, inside = [], False
    for line in source.split("\n"):
        if "BEGIN SOLUTION" in line:
            inside = True
            kept += [line[: line.index("#")] + stub for stub in settings_stub().split("\n")]
        elif "END SOLUTION" in line:
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


def settings():
    return PyFileConfigLoader("nbgrader_config.py", path=str(ROOT / "classroom")).load_config()


def settings_stub():
    return settings().ClearSolutions.code_stub["python"]


@pytest.fixture(autouse=True)
def own_environment(monkeypatch):
    """Restore the environment variables that nbgrader's settings change when they are read."""
    for name in ("PYTHONPATH", "COURSE_STATE"):
        monkeypatch.setenv(name, "before")


def test_the_settings_have_our_stub_and_let_the_kernel_find_the_helpers():
    assert settings_stub() == "\n".join(STUB)
    assert os.environ["PYTHONPATH"] == os.pathsep.join([str(ROOT), "before"])


def test_each_submission_is_graded_with_notes_of_its_own():
    hook, seen = settings().Autograde.pre_convert_hook, set()
    for student in ("ann", "bob"):
        hook(assignment="01_processes", student=student, notebooks=[])
        seen.add(os.environ["COURSE_STATE"])
    assert len(seen - {"before"}) == 2
    hook.__globals__["kept"].close()
    assert not any(Path(notes).parent.exists() for notes in seen)


def test_the_assignment_command_takes_names_as_the_build_does(capsys, monkeypatch, course_root):
    monkeypatch.setattr(assignment, "ROOT", course_root)
    for name in ("1", "01", "double", "01_double"):
        assert assignment.main([name]) == 0
    assert "nbgrader generate_assignment 01_double" in capsys.readouterr().out
    assert (course_root / "classroom/source/01_double/01_double.ipynb").exists()
    with pytest.raises(SystemExit, match=r"no lab .00.\. Labs are 01_double"):
        assignment.main(["00"])


@pytest.mark.processes
@pytest.mark.parametrize(
    ("answer", "worth"), [("right_queue", 5), ("wrong_joined_last", 4), ("todo", 0), (None, 0)]
)
def test_each_requirement_that_is_ok_is_a_point(answer, worth, tmp_path, monkeypatch, quiet):
    if answer:
        shutil.copy(ANSWERS / f"{answer}.py", tmp_path / "work_01.py")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH")
    assert points("01") == worth
