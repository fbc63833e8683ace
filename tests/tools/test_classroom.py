"""nbgrader itself, in an environment of its own, with the labs as classroom/README.md has it.

Students' version made, released, fetched, handed in, collected, graded: and the points are right.
It installs what a teacher installs, so it runs with --all only, and where that can be had.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from getpass import getuser
from pathlib import Path

import nbformat
import pytest

from tools.build.notebooks import read_notebook
from tools.launcher.paths import venv_python
from tools.outline import ROOT, Course

pytestmark = pytest.mark.slow

LAB = "01_processes"
COURSE = ("helpers", "classroom", "tools", "source")  # what a teacher's clone has that matters here
LIMIT = 240  # seconds for one command; the slowest grades an answer that hangs


@dataclass(frozen=True)
class Classroom:
    """A teacher's copy of the course, with nbgrader installed beside."""

    course: Path
    python: Path
    home: Path

    @property
    def folder(self) -> Path:
        """Return the folder in which nbgrader is started."""
        return self.course / "classroom"

    def run(self, *command: str, folder: Path | None = None) -> str:
        """Return what the command printed; it must succeed within the time limit."""
        done = subprocess.run(
            command,
            cwd=folder or self.folder,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=LIMIT,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def nbgrader(self, *words: str, folder: Path | None = None) -> str:
        """Return what `nbgrader ...` printed, with an exchange folder that belongs to the test."""
        exchange = f"--Exchange.root={self.home / 'exchange'}"
        return self.run(str(self.python), "-m", "nbgrader", *words, exchange, folder=folder)

    def _environment(self) -> dict[str, str]:
        ours = ("PYTHON", "JUPYTER", "IPYTHON", "COURSE_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        path = os.pathsep.join([str(self.python.parent), os.environ["PATH"]])  # it calls alembic
        return kept | {"PATH": path, "HOME": str(self.home), "VIRTUAL_ENV": str(self.home)}

    def hand_in(self, student: str, notebook: nbformat.NotebookNode) -> None:
        """Put a notebook where nbgrader looks for this student's submission."""
        path = self.folder / "submitted" / student / LAB / f"{LAB}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)

    def scores(self) -> dict[str, float]:
        """Return the points of each student, from the gradebook."""
        self.nbgrader("export", "--to=grades.csv")
        with (self.folder / "grades.csv").open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["assignment"] == LAB]
        assert {row["max_score"] for row in rows} == {"5.0"}
        return {row["student_id"]: float(row["score"]) for row in rows}

    def printed(self, student: str) -> str:
        """Return all that the student's notebook printed while it was graded."""
        path = self.folder / "autograded" / student / LAB / f"{LAB}.ipynb"
        cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
        return "".join(output.get("text", "") for cell in cells for output in cell.outputs)


@pytest.fixture(scope="module")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Classroom]:
    """Yield a classroom with nbgrader, in which every lab is an assignment."""
    home = tmp_path_factory.mktemp("teacher")
    python = venv_python(home / "venv")
    subprocess.run([sys.executable, "-m", "venv", home / "venv"], check=True)
    wanted = ["-r", "requirements.lock", "-r", "classroom/requirements.txt"]
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*pip, *wanted], cwd=ROOT, capture_output=True, encoding="utf-8")
    if done.returncode:
        pytest.skip(f"nbgrader can't be installed here: {done.stderr.strip().splitlines()[-1]}")
    for folder in COURSE:
        shutil.copytree(ROOT / folder, home / "course" / folder, ignore=ignored)
    room = Classroom(home / "course", python, home)
    room.run(str(python), "-m", "tools.nbgrader.assignment", folder=room.course)
    for lab in Course(ROOT).outline.labs:
        room.nbgrader("generate_assignment", lab.name)
    yield room
    shutil.rmtree(home)  # pytest would keep three of them, of some hundred megabytes


def ignored(folder: str, names: list[str]) -> set[str]:
    """Return the names that a clone does not have: caches, and a teacher's files in classroom/."""
    made = names if folder == str(ROOT / "classroom") else []
    return {name for name in names if name == "__pycache__"} | {
        name for name in made if not name.endswith((".py", ".txt", ".md"))
    }


def released(room: Classroom) -> nbformat.NotebookNode:
    return nbformat.read(room.folder / "release" / LAB / f"{LAB}.ipynb", 4)


def answered(notebook: nbformat.NotebookNode, answer: str) -> nbformat.NotebookNode:
    """Return the notebook with a known answer in the cell that the student should change."""
    text = (ROOT / "tests/labs" / LAB / f"{answer}.py").read_text(encoding="utf-8")
    (cell,) = [cell for cell in notebook.cells if cell.source.startswith("%%module work_01")]
    cell.source = f"%%module work_01\n{text}"
    return notebook


def shows_where_its_notes_are(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    said = "from helpers.progress import store\nprint('notes:', store.notes_file())"
    notebook.cells.append(nbformat.v4.new_code_cell(said))
    return notebook


def cheating(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Redefine `points` in the notebook, and write the points by hand where they are counted."""
    notebook.cells[-2].source = "5"
    notebook.cells.insert(-2, nbformat.v4.new_code_cell("def points(lab):\n    return 5"))
    return notebook


def without_its_points(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    del notebook.cells[-2]
    return notebook


def test_the_students_version_is_the_lab_as_it_is_shipped(classroom):
    for lab in Course(ROOT).outline.labs:
        made = nbformat.read(classroom.folder / "release" / lab.name / f"{lab.name}.ipynb", 4)
        shipped = read_notebook(ROOT / "labs" / f"{lab.name}.ipynb")
        assert [cell.source for cell in made.cells] == [cell.source for cell in shipped.cells]


def test_each_gets_a_point_for_each_requirement_that_is_met(classroom):
    classroom.hand_in("as-shipped", read_notebook(ROOT / "labs" / f"{LAB}.ipynb"))
    classroom.hand_in("as-released", released(classroom))
    classroom.hand_in("half", shows_where_its_notes_are(answered(released(classroom), "wrong_run")))
    classroom.hand_in("right", answered(released(classroom), "right_pool"))
    classroom.hand_in("cheats", cheating(released(classroom)))
    classroom.hand_in("deletes", without_its_points(answered(released(classroom), "right_queue")))
    classroom.nbgrader("autograde", LAB)
    assert classroom.scores() == {
        "as-shipped": 0,
        "as-released": 0,
        "half": 2,
        "right": 5,
        "cheats": 0,
        "deletes": 5,
    }
    assert str(classroom.course) not in classroom.printed("half").partition("notes:")[2]


def test_an_answer_that_hangs_is_graded_and_the_grader_goes_on(classroom):
    classroom.hand_in("hangs", answered(released(classroom), "ends_hanging"))
    classroom.nbgrader("autograde", LAB, "--student=hangs")
    assert classroom.scores()["hangs"] == 0
    assert "who_did_what still waits" in classroom.printed("hangs")


def test_an_answer_goes_out_comes_back_and_is_graded(classroom, tmp_path):
    if os.name == "nt":
        pytest.skip("nbgrader has no exchange on Windows")
    course = "--course=multiprocessing"
    classroom.nbgrader("release_assignment", LAB)
    classroom.nbgrader("fetch_assignment", LAB, course, folder=tmp_path)
    mine = tmp_path / LAB / f"{LAB}.ipynb"
    nbformat.write(answered(nbformat.read(mine, 4), "wrong_run"), mine)
    right = (ROOT / "tests/labs" / LAB / "right_queue.py").read_text(encoding="utf-8")
    (mine.parent / "work_01.py").write_text(right, encoding="utf-8")  # another than the cell's
    classroom.nbgrader("submit", LAB, course, folder=tmp_path)
    classroom.nbgrader("collect", LAB)
    classroom.nbgrader("autograde", LAB, f"--student={getuser()}")
    assert classroom.scores()[getuser()] == 2
