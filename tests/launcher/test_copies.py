"""my_course: the learner's copies, as they are made, refreshed, kept and given back.

Most of it happens in a small house, by course.py itself, as a learner or a hub starts it. What this
machine can't be made to do (a full disk, a file that Windows has locked) is stood in for.
"""

import contextlib
import errno
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from helpers import files as learners_files
from tests.launcher.test_course import (
    OUTLINE,
    POSIX,
    build_house,
    handed,
    note_shipped,
    notebook,
    start,
)
from tools.check import files
from tools.jupyterlab.browser import copy_course
from tools.launcher import copies, paths, reset, shipped
from tools.launcher.copies import MANIFEST, MY_COURSE, make_copies
from tools.launcher.shipped import SHIPPED, fingerprint, read_shipped, without_outputs
from tools.outline import ROOT, Course
from tools.test import pytest_arguments

pytestmark = [pytest.mark.once, pytest.mark.processes]

LESSON, LAB = "notebooks/01_processes.ipynb", "labs/01_processes.ipynb"
SOLUTION = "solutions/01_processes.ipynb"
STUB = "%%module work_01\ndef work():\n    raise NotImplementedError"
FIRST_LINE = "# Written by %%module from a notebook's cell: edit the cell, not this file.\n"
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")


@pytest.fixture
def house(tmp_path):
    """Return a house with a lesson, a lab and its solution, a glossary, and no copies yet."""
    folder = build_house(tmp_path / "the course")
    (folder / LAB).write_text(notebook(STUB, 'check("01")', output="todo"), encoding="utf-8")
    (folder / "solutions").mkdir()
    answer = notebook("%%module work_01\ndef work(): return 42", output="ok")
    (folder / SOLUTION).write_text(answer, encoding="utf-8")
    (folder / "docs" / "glossary.md").write_text("# Glossary\n", encoding="utf-8")
    note_shipped(folder)
    return folder


@pytest.fixture
def copied(house):
    """Return a house with its copies."""
    assert make_copies(house).complete
    return house


def mine(house: Path, name: str) -> Path:
    """Return where the learner's copy is."""
    return house / MY_COURSE / name


def ship(house: Path, name: str, *sources: str) -> None:
    """Let the course have a newer version of a notebook."""
    (house / name).write_text(notebook(*sources, output="new"), encoding="utf-8")
    note_shipped(house)


def edit(path: Path, *sources: str, output: str = "") -> bytes:
    """Let the learner write these cells into a notebook; return its bytes."""
    path.write_text(notebook(*sources, output=output), encoding="utf-8")
    return path.read_bytes()


def cells(path: Path) -> list[str]:
    """Return the text of each cell."""
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in found]


def text(house: Path) -> str:
    """Make the copies again; return what the learner is told."""
    return "\n".join(make_copies(house).lines())


def everything(folder: Path) -> dict[str, bytes]:
    """Return each file below the folder, and its bytes, but not what Python has compiled."""
    files = (p for p in folder.rglob("*") if p.is_file() and p.parent.name != "__pycache__")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


# --- the first start ---------------------------------------------------------------------------


def test_copies_hold_the_cells_and_nothing_that_was_printed(house):
    code, printed = start(house, "copy")
    assert code == 0
    assert printed == "my_course: here are your copies of the course.\n"
    for name in ("notebooks/00_start_here.ipynb", LESSON, LAB):
        shipped, copy = ((house / name).read_text(), mine(house, name).read_text())
        assert fingerprint(copy).cells == fingerprint(shipped).cells
        assert fingerprint(shipped).outputs
        assert fingerprint(copy).outputs == ""
        assert all(cell["execution_count"] is None for cell in json.loads(copy)["cells"])
    assert mine(house, "docs/glossary.md").read_text() == "# Glossary\n"
    assert not (house / ".venv").exists()


def test_nothing_is_given_away(copied):
    assert not mine(copied, "solutions").exists()
    assert not any(b"42" in text for text in everything(copied / MY_COURSE).values())


def test_a_solution_is_copied_once_the_learner_has_opened_it(copied, monkeypatch):
    monkeypatch.delenv("COURSE_STATE", raising=False)
    notes = copied / ".course" / "notes.json"
    notes.parent.mkdir(exist_ok=True)
    for kept in ('{"labs": {"01": {"tries": 2}}}', "{", '{"labs": 5}', '{"labs": {"01": 5}}'):
        notes.write_text(kept, encoding="utf-8")
        assert text(copied) == ""
    notes.write_text('{"labs": {"01": {"solution_opened": "2026-01-01"}}}', encoding="utf-8")
    assert text(copied) == "my_course: new: solutions/01_processes."
    assert fingerprint(mine(copied, SOLUTION).read_text()).outputs == ""
    notes.unlink()
    ship(copied, SOLUTION, "another = 43")
    assert "refreshed" in text(copied)


def test_the_second_time_nothing_is_written_and_little_is_said(copied):
    before = {path: path.stat().st_mtime_ns for path in copied.rglob("*") if path.is_file()}
    assert make_copies(copied).lines() == []
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert start(copied, "copy") == (0, "my_course has everything that the course has.\n")


def test_copy_takes_no_arguments(house):
    code, printed = start(house, "copy", "01")
    assert code == 1
    assert "copy takes no arguments" in printed


def test_the_real_courses_copies_are_complete_quick_and_every_link_leads_on(tmp_path):
    course = copy_course(tmp_path / "course")
    began = time.perf_counter()
    assert make_copies(course).complete
    took = time.perf_counter() - began
    folder = course / MY_COURSE
    pages = [page for page in Course(ROOT).pages if page.folder != "solutions"]
    notebooks = sorted(path.relative_to(folder).as_posix() for path in folder.glob("*/*.ipynb"))
    assert notebooks == sorted(page.file for page in pages)
    for path in [*folder.glob("*/*.ipynb"), *folder.glob("docs/*.md")]:
        markdown = "\n".join(cells(path)) if path.suffix == ".ipynb" else path.read_text()
        links = [link for link in LINK.findall(markdown) if "://" not in link]
        broken = [link for link in links if not (path.parent / link).is_file()]
        assert links
        assert not broken, f"{path.name}: {broken}"
    assert took < 3  # 0.1 s on a quiet machine


def test_a_copy_is_no_part_of_the_course(tmp_path):
    if not shutil.which("git"):
        pytest.skip("there is no git")
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    shutil.copy(ROOT / ".gitignore", tmp_path)
    (tmp_path / MY_COURSE / "labs").mkdir(parents=True)
    (tmp_path / MY_COURSE / "labs" / "mine.ipynb").touch()
    listed = ["git", "-C", tmp_path, "status", "--porcelain", "--untracked-files=all"]
    assert subprocess.check_output(listed, text=True) == "?? .gitignore\n"


def test_tests_and_checks_stay_out_of_the_copies(tmp_path, pytestconfig):
    assert MY_COURSE in pytestconfig.getini("norecursedirs")
    assert not any(MY_COURSE in argument for argument in pytest_arguments(Course(ROOT), None))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / MY_COURSE / "labs").mkdir(parents=True)
    spoiled = tmp_path / MY_COURSE / "labs" / "work_01.py"
    spoiled.write_text(f"def (: teh  # /{'home'}/someone", encoding="utf-8")
    course = Course(tmp_path)
    for rule in (files.ruff_is_content, files.spelling_is_right, files.nothing_of_this_machine):
        assert not list(rule(course))
    shutil.move(spoiled, tmp_path / "work.py")
    assert list(files.ruff_is_content(course))
    assert list(files.nothing_of_this_machine(course))


# --- what counts as touched --------------------------------------------------------------------


def test_what_jupyterlab_does_by_itself_does_not_touch_a_copy(copied):
    table = json.loads(mine(copied, LESSON).read_text())
    table["metadata"]["language_info"] = {"name": "python", "version": "3.13.1"}
    table["cells"][0]["execution_count"] = 3  # it ran, and printed nothing
    table["cells"][0]["metadata"] = {"execution": {"iopub.status.idle": "now"}, "trusted": True}
    table["cells"][0]["source"] = "".join(table["cells"][0]["source"])
    table["cells"].append(  # by Shift+Enter in the last cell
        {"cell_type": "code", "id": "x", "metadata": {}, "execution_count": None, "outputs": []}
        | {"source": []}
    )
    mine(copied, LESSON).write_text(json.dumps(table), encoding="utf-8")
    assert text(copied) == ""
    ship(copied, LESSON, "print('newer')")
    assert text(copied) == (
        "my_course: refreshed, as you had not touched them: notebooks/01_processes."
    )
    assert cells(mine(copied, LESSON)) == ["print('newer')"]


@pytest.mark.parametrize("what", ["edited", "run", "moved a slider", "cells in another order"])
def test_a_touched_copy_is_kept_and_named_once(copied, what):
    path = mine(copied, LAB)
    if what == "edited":
        before = edit(path, STUB.replace("raise NotImplementedError", "return 1"), 'check("01")')
    elif what == "run":
        before = edit(path, STUB, 'check("01")', output="todo")
    elif what == "moved a slider":
        table = json.loads(path.read_text())
        table["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": 1}}
        path.write_text(json.dumps(table), encoding="utf-8")
        before = path.read_bytes()
    else:
        before = edit(path, 'check("01")', STUB)
    assert text(copied) == ""
    ship(copied, LAB, "newer = True")
    assert text(copied) == (
        "my_course: kept as you left them, though the course has newer ones: labs/01_processes.\n"
        "The newer one, with yours kept beside it: python3 course.py reset labs/01_processes"
    )
    assert path.read_bytes() == before
    assert text(copied) == ""
    ship(copied, LAB, "newest = True")
    assert "kept as you left them" in text(copied)


def test_an_update_while_some_copies_are_touched(copied):
    yours = edit(mine(copied, LAB), "mine = 1")
    ship(copied, LAB, "newer = 1")
    ship(copied, LESSON, "newer = 2")
    (copied / "docs" / "glossary.md").write_text("# A newer glossary\n", encoding="utf-8")
    told = text(copied).splitlines()[0]
    refreshed = "refreshed, as you had not touched them: notebooks/01_processes, docs/glossary.md"
    kept = "kept as you left them, though the course has newer ones: labs/01_processes"
    assert told == f"my_course: {refreshed}; {kept}."
    assert mine(copied, LAB).read_bytes() == yours
    assert cells(mine(copied, LESSON)) == ["newer = 2"]
    assert mine(copied, "docs/glossary.md").read_text() == "# A newer glossary\n"


def test_a_page_that_the_learner_wrote_into_is_kept(copied):
    mine(copied, "docs/glossary.md").write_text("my own words", encoding="utf-8")
    (copied / "docs" / "glossary.md").write_text("# A newer glossary\n", encoding="utf-8")
    assert "kept as you left them" in text(copied)
    assert text(copied) == ""
    assert mine(copied, "docs/glossary.md").read_text() == "my own words"


def test_new_outputs_of_the_course_change_no_copy(copied):
    (copied / LESSON).write_text(
        notebook("print('notebooks/01_processes')", output="other"), encoding="utf-8"
    )
    note_shipped(copied)
    assert text(copied) == ""


@pytest.mark.parametrize("name", [LESSON, "docs/glossary.md"])
def test_a_copy_that_was_deleted_comes_back(copied, name):
    before = mine(copied, name).read_bytes()
    mine(copied, name).unlink()
    assert text(copied) == f"my_course: brought back: {name.removesuffix('.ipynb')}."
    assert mine(copied, name).read_bytes() == before


@pytest.mark.parametrize("name", [LESSON, "docs/glossary.md"])
def test_a_file_that_another_program_has_just_emptied_to_write_it_is_not_replaced(copied, name):
    path = mine(copied, name)
    text = path.read_text() + "\n"
    with path.open("w") as file, ThreadPoolExecutor() as pool:  # as JupyterLab saves
        copying = pool.submit(make_copies, copied)
        time.sleep(0.3)
        file.write(text)
        file.flush()
        report = copying.result()
    assert path.read_text() == text
    assert not report.brought_back
    assert not report.made


def test_an_empty_file_is_nobodys_work(copied):
    mine(copied, LESSON).write_bytes(b"")
    assert "brought back" in text(copied)


@pytest.mark.parametrize("spoiled", ["{", '{"cells": 5}', "<<<<<<< HEAD", "[]", '{"cells": [1]}'])
def test_a_copy_that_is_no_notebook_any_more_is_kept_and_named(copied, spoiled):
    mine(copied, LAB).write_text(spoiled, encoding="utf-8")
    ship(copied, LAB, "newer = True")
    told = text(copied)
    assert told.startswith("my_course/labs/01_processes.ipynb can't be read as a notebook; it is")
    assert told.endswith("python3 course.py reset labs/01_processes")
    assert mine(copied, LAB).read_text() == spoiled
    assert start(copied, "reset", "01")[0] == 0
    assert cells(mine(copied, LAB)) == ["newer = True"]
    assert mine(copied, "labs/01_processes.mine-1.ipynb").read_text() == spoiled


def test_a_copy_in_another_encoding_is_kept_and_named(copied):
    mine(copied, LAB).write_bytes(b"\xff\xfe\x00")
    assert "can't be read as a notebook; it is kept" in text(copied)
    assert mine(copied, LAB).read_bytes() == b"\xff\xfe\x00"


def test_a_lesson_that_was_renamed(copied):
    yours = edit(mine(copied, LAB), "mine = 1")
    for folder in ("notebooks", "labs", "solutions"):
        (copied / folder / "01_processes.ipynb").rename(copied / folder / "01_tasks.ipynb")
    outline = copied / "source" / "outline.toml"
    outline.write_text(OUTLINE.replace('"processes"', '"tasks"'), encoding="utf-8")
    note_shipped(copied)
    told = text(copied)
    assert "new: notebooks/01_tasks, labs/01_tasks" in told
    assert "removed, as the course no longer has them: notebooks/01_processes" in told
    assert "kept, though the course no longer has them: labs/01_processes" in told
    assert mine(copied, LAB).read_bytes() == yours
    assert not mine(copied, LESSON).exists()
    assert text(copied) == ""


@pytest.mark.parametrize("spoiled", [None, "", "{", "[]", '{"labs/01_processes.ipynb": 1}'])
def test_without_its_manifest_what_differs_is_kept(copied, spoiled):
    yours = edit(mine(copied, LAB), "mine = 1")
    manifest = mine(copied, MANIFEST)
    manifest.unlink() if spoiled is None else manifest.write_text(spoiled, encoding="utf-8")
    assert make_copies(copied).complete
    assert mine(copied, LAB).read_bytes() == yours
    ship(copied, LESSON, "newer = 2")
    assert "refreshed" in text(copied)  # it was as shipped, so it could be taken up again
    assert mine(copied, LAB).read_bytes() == yours


def test_an_outline_that_cannot_be_read_is_told(copied):
    (copied / "source" / "outline.toml").write_text("[[lesson", encoding="utf-8")
    before = everything(copied / MY_COURSE)
    code, printed = start(copied, "copy")
    assert code == 1
    assert "source/outline.toml: not valid TOML" in printed
    assert everything(copied / MY_COURSE) == before


# --- what a learner has from before there were copies ------------------------------------------


def test_an_edited_shipped_notebook_becomes_the_learners_copy(house):
    shipped = cells(house / LAB)
    yours = edit(house / LAB, "mine = 1", output="my own result")
    told = text(house)
    assert told == (
        "my_course: here are your copies of the course; carried over from before:"
        " labs/01_processes."
    )
    assert mine(house, LAB).read_bytes() == yours
    assert (house / LAB).read_bytes() == yours  # left alone
    assert text(house) == ""
    (house / LAB).write_text(notebook(*shipped, output="todo"), encoding="utf-8")  # git pull, say
    ship(house, LAB, "newer = 1")
    assert "kept as you left them" in text(house)
    assert mine(house, LAB).read_bytes() == yours


def test_a_run_is_carried_over_and_stored_results_are_not(house):
    edit(house / LAB, STUB, "mine = 1", output="todo")  # edited; the outputs are the course's own
    ran = edit(house / LESSON, "print('notebooks/01_processes')", output="my own result")
    assert "labs/01_processes" in text(house)
    assert cells(mine(house, LAB)) == [STUB, "mine = 1"]
    assert fingerprint(mine(house, LAB).read_text()).outputs == ""
    assert mine(house, LESSON).read_bytes() == ran


def test_what_a_learner_made_beside_the_notebooks_is_carried_over_once(house):
    answer = f"{FIRST_LINE}def work():\n    return 1"
    made = {
        "labs/work_01.py": answer,
        "labs/work_01.mine-1.py": "earlier = 1",
        "labs/01_processes.mine-1.ipynb": notebook("earlier = 1"),
        "notebooks/scratch.ipynb": notebook("scratch = 1"),
    }
    for name, content in made.items():
        (house / name).write_text(content, encoding="utf-8")
    told = text(house)
    assert "carried over from before" in told
    for name, content in made.items():
        assert mine(house, name).read_text() == content
        assert (house / name).read_text() == content
    mine(house, "labs/work_01.py").unlink()
    assert text(house) == ""
    assert not mine(house, "labs/work_01.py").exists()


def test_what_a_cell_wrote_as_shipped_is_nobodys_answer(house):
    stub = FIRST_LINE + STUB.partition("\n")[2]
    (house / "labs" / "work_01.py").write_text(stub, encoding="utf-8")
    (house / "notebooks" / "work_00.py").write_text(FIRST_LINE + "x = 1", encoding="utf-8")
    assert "carried" not in text(house)
    assert not list((house / MY_COURSE).rglob("work_*"))


def test_without_a_list_of_what_was_shipped_the_notebooks_are_copied(house):
    (house / SHIPPED).unlink()
    assert make_copies(house).complete
    assert fingerprint(mine(house, LAB).read_text()).outputs == ""
    assert text(house) == ""
    (house / LESSON).write_text(notebook("newer = 1", output="new"), encoding="utf-8")
    assert "refreshed" in text(house)


# --- reset -------------------------------------------------------------------------------------


def test_reset_gives_a_copy_back_and_keeps_the_learners_beside_it(copied):
    fresh = mine(copied, LAB).read_bytes()
    for number in (1, 2):
        yours = edit(mine(copied, LAB), f"mine = {number}")
        code, printed = start(copied, "reset", "01")
        assert code == 0, printed
        kept = mine(copied, f"labs/01_processes.mine-{number}.ipynb")
        assert f"Yours is kept as my_course/labs/{kept.name}." in printed
        assert kept.read_bytes() == yours
        assert mine(copied, LAB).read_bytes() == fresh
    assert "nothing to do" in start(copied, "reset", "01")[1]
    ship(copied, LAB, "newer = 1")
    assert "refreshed" in text(copied)  # what reset wrote counts as untouched


NAMES = ["1", "01", "my_course/labs/01_processes.ipynb", "processes", "01_Processes", "labs\\1"]


@pytest.mark.parametrize("name", NAMES)
def test_reset_takes_the_edited_of_two_that_were_run(copied, name):
    ran = edit(mine(copied, LESSON), "print('notebooks/01_processes')", output="my result")
    edit(mine(copied, LAB), "mine = 1")
    assert start(copied, "reset", name)[0] == 0
    assert mine(copied, LESSON).read_bytes() == ran
    assert cells(mine(copied, LAB)) == cells(copied / LAB)


def test_reset_of_a_lab_keeps_what_its_cell_wrote_in_the_copies(copied):
    mine(copied, "labs/work_01.py").write_text("mine = 1", encoding="utf-8")
    code, printed = start(copied, "reset", "01")
    assert code == 0
    assert "my_course/labs/work_01.py is kept as my_course/labs/work_01.mine-1.py." in printed
    assert mine(copied, "labs/work_01.mine-1.py").read_text() == "mine = 1"


def test_reset_of_a_deleted_copy_brings_it_back(copied):
    mine(copied, LESSON).unlink()
    assert start(copied, "reset", "notebooks/01")[0] == 0
    assert mine(copied, LESSON).exists()


def committed(house: Path) -> None:
    """Commit everything that is in the house."""
    if not shutil.which("git"):
        pytest.skip("there is no git")
    git = ["git", "-C", str(house), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "a commit"]):
        subprocess.run([*git, *command], check=True)


def test_reset_is_not_deceived_by_a_commit(house):
    shipped = (house / LAB).read_bytes()
    committed(house)
    yours = edit(house / LAB, "mine = 1")
    committed(house)
    code, printed = start(house, "reset", "01")
    assert code == 0
    assert "Yours is kept as labs/01_processes.mine-1.ipynb." in printed
    assert (house / LAB).read_bytes() == shipped
    assert (house / "labs" / "01_processes.mine-1.ipynb").read_bytes() == yours


def test_reset_restores_the_shipped_file_and_the_copy(house):
    shipped = (house / LAB).read_bytes()
    committed(house)
    yours = edit(house / LAB, "mine = 1")
    assert "carried over" in text(house)
    assert start(house, "reset", "01")[0] == 0
    assert (house / LAB).read_bytes() == shipped
    assert cells(mine(house, LAB)) == [STUB, 'check("01")']
    for kept in (house / "labs", house / MY_COURSE / "labs"):
        assert (kept / "01_processes.mine-1.ipynb").read_bytes() == yours


def test_reset_all_puts_everything_back_and_keeps_the_learners_files_in_a_folder(house):
    shipped = (house / LESSON).read_bytes()
    committed(house)
    assert make_copies(house).complete
    fresh = everything(house / MY_COURSE)
    edited = edit(house / LESSON, "mine = 0")
    yours = edit(mine(house, LAB), "mine = 1")
    mine(house, "labs/work_01.py").write_text("mine = 2", encoding="utf-8")
    mine(house, "labs/work_01.mine-1.py").write_text("earlier = 1", encoding="utf-8")
    mine(house, "notebooks/scratch.ipynb").write_text("{}", encoding="utf-8")
    mine(house, "notebooks/00_start_here.ipynb").unlink()
    code, printed = start(house, "reset", "--all")
    assert code == 0
    assert "What you had changed is kept in my_course/kept-1." in printed
    assert "Everything is as it was shipped." in printed
    assert (house / LESSON).read_bytes() == shipped
    kept = {
        "kept-1/labs/01_processes.ipynb": yours,
        "kept-1/labs/work_01.py": b"mine = 2",
        "kept-1/shipped/notebooks/01_processes.ipynb": edited,
        "labs/work_01.mine-1.py": b"earlier = 1",
        "notebooks/scratch.ipynb": b"{}",
    }
    assert everything(house / MY_COURSE) == fresh | kept
    printed = start(house, "reset", "--all")[1]
    assert "kept" not in printed
    edit(mine(house, LAB), "mine = 3")
    assert "my_course/kept-2" in start(house, "reset", "--all")[1]


@pytest.mark.skipif(not POSIX, reason="Windows needs a right for links")
def test_reset_all_passes_over_a_name_that_a_link_to_nowhere_has(tmp_path, monkeypatch):
    monkeypatch.setattr(reset, "ROOT", tmp_path)
    (tmp_path / "my_course").mkdir()
    (tmp_path / "my_course" / "kept-1").symlink_to("nowhere")
    assert reset.claim_folder().name == "kept-2"


def test_two_resets_of_everything_at_once_keep_in_folders_of_their_own(copied, monkeypatch):
    monkeypatch.setattr(reset, "ROOT", copied)
    yours = edit(mine(copied, LAB), "mine = 1")
    first = reset.claim_folder()
    code, printed = start(copied, "reset", "--all")
    assert code == 0, printed
    assert "kept in my_course/kept-2" in printed
    assert (copied / MY_COURSE / "kept-2" / LAB).read_bytes() == yours
    assert list(first.iterdir()) == []
    assert start(copied, "reset", "--all")[0] == 0
    assert not (copied / MY_COURSE / "kept-3").exists()  # nothing had to be kept


@pytest.mark.parametrize("command", ["copy", "reset --all", "reset labs/01"])
def test_a_file_in_the_place_of_a_folder_is_named_with_the_cure(copied, command):
    folder = mine(copied, "labs")
    shutil.rmtree(folder)
    folder.write_text("notes", encoding="utf-8")
    code, printed = start(copied, *command.split())
    assert code == 1
    assert f"{folder} is a file and must be a folder: rename it" in printed
    assert "File exists" not in printed
    assert folder.read_text(encoding="utf-8") == "notes"


def test_a_file_under_the_name_that_is_to_be_kept_is_named_with_the_cure(tmp_path):
    for name in ("work.py", "work.mine-1.py"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    with pytest.raises(FileExistsError, match=r"mine-1\.py is there already: rename it"):
        learners_files.move(tmp_path / "work.py", tmp_path / "work.mine-1.py")
    assert (tmp_path / "work.py").read_text(encoding="utf-8") == "work.py"


@pytest.mark.parametrize("name", ["notebooks/types.py", "labs/queue.py", "labs/json/__init__.py"])
def test_a_file_beside_a_copy_with_the_name_of_a_module_of_python_is_named(copied, name):
    mine(copied, name).parent.mkdir(exist_ok=True)
    mine(copied, name).write_text("x = 1", encoding="utf-8")
    mine(copied, "labs/work_01.py").write_text("x = 1", encoding="utf-8")
    (line,) = make_copies(copied).lines()
    assert f"{MY_COURSE}/{name.removesuffix('/__init__.py')} has the name of a module" in line
    assert "Rename it" in line


@pytest.mark.parametrize("name", ["helpers", "matplotlib"])
def test_a_file_beside_a_copy_with_the_name_of_what_notebooks_import_is_named(copied, name):
    packages = copied / "packages"
    (packages / "matplotlib").mkdir(parents=True)
    (copied / ".venv").mkdir(exist_ok=True)
    stamp = json.dumps({"packages": str(packages)})
    (copied / ".venv" / "course.json").write_text(stamp, encoding="utf-8")
    mine(copied, f"labs/{name}.py").write_text("x = 1", encoding="utf-8")
    mine(copied, "labs/work_01.py").write_text("x = 1", encoding="utf-8")
    (line,) = make_copies(copied).lines()
    assert f"{MY_COURSE}/labs/{name}.py has the name of a module" in line


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such refusal")
def test_what_cannot_be_replaced_is_named_as_the_learner_knows_it(copied, monkeypatch):
    def refuse(*_):
        raise PermissionError(errno.EPERM, "Operation not permitted", "a.new", None, "a")

    monkeypatch.setattr(Path, "replace", refuse)
    path = mine(copied, "labs/01_processes.ipynb")
    with pytest.raises(PermissionError) as caught:
        learners_files.put_in_place(path.with_name(".a.new"), path)
    assert caught.value.filename == str(path)


def test_reset_all_says_what_it_cannot_put_back(house):
    yours = edit(house / LAB, "mine = 1")
    code, printed = start(house, "reset", "--all", GIT_DIR=os.devnull)
    assert code == 1
    assert "labs/01_processes.ipynb is not as it was shipped, and git does not have it" in printed
    assert "Everything is as it was shipped" not in printed
    assert (house / LAB).read_bytes() == yours


@pytest.mark.parametrize("arguments", [[], ["--al"], ["01", "--all"]])
def test_reset_must_be_told_what(copied, arguments):
    before = everything(copied / MY_COURSE)
    code, printed = start(copied, "reset", *arguments)
    assert code == 1
    assert "python3 course.py reset --all" in printed
    assert everything(copied / MY_COURSE) == before


@pytest.mark.parametrize("name", ["", " ", "labs/", "elsewhere/1", "1.5", "../labs/1"])
def test_reset_refuses_what_is_no_name(copied, name):
    before = everything(copied)
    code, printed = start(copied, "reset", name)
    assert code == 1
    assert f"There is no {name!r}. There is:" in printed
    assert everything(copied) == before


def test_reset_in_another_repository_puts_back_what_was_shipped(house):
    inner, shipped = house / "homework" / "course", (house / LAB).read_bytes()
    shutil.copytree(house, inner, ignore=shutil.ignore_patterns("homework"))
    committed(house)
    yours = edit(inner / LAB, "mine = 1")
    committed(house)
    code, printed = start(inner, "reset", "labs/1")
    assert code == 0, printed
    assert (inner / LAB).read_bytes() == shipped
    assert (inner / "labs" / "01_processes.mine-1.ipynb").read_bytes() == yours


def test_reset_after_a_merge_conflict_in_the_list_of_what_was_shipped(house):
    shipped = (house / LAB).read_bytes()
    committed(house)
    (house / SHIPPED).write_text("<<<<<<< HEAD\n", encoding="utf-8")
    edit(house / LAB, "mine = 1")
    assert start(house, "reset", "1")[0] == 0
    assert (house / LAB).read_bytes() == shipped


def test_reset_without_a_list_of_what_was_shipped_does_not_say_that_all_is_well(house):
    (house / SHIPPED).write_text("<<<<<<< HEAD\n", encoding="utf-8")
    yours = edit(house / LAB, "mine = 1")
    printed = start(house, "reset", "labs/1", GIT_DIR=os.devnull)[1]
    assert "docs/shipped.json can't be read, so it is not known" in printed
    assert "is as it was shipped" not in printed
    assert (house / LAB).read_bytes() == yours


# --- what can go wrong -------------------------------------------------------------------------


class Disk:
    """A disk on which `room` more files find place, and the next is cut off."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.room = 1000
        monkeypatch.setattr(learners_files, "_to_the_disk", self)

    def __call__(self, descriptor: int) -> None:
        """Let the file be, or cut it to its first half and fail."""
        self.room -= 1
        if self.room < 0:
            os.ftruncate(descriptor, os.fstat(descriptor).st_size // 2)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture
def disk(monkeypatch):
    """Return a disk that is full when its `room` is 0."""
    return Disk(monkeypatch)


@pytest.mark.parametrize("room", [0, 1, 2, 4])
def test_a_full_disk_at_the_first_start_leaves_nothing_half_written(house, disk, room):
    disk.room = room
    told = text(house)
    assert "No space left on device" in told
    assert "What was there is unchanged." in told
    for name, content in everything(house / MY_COURSE).items():
        assert not name.endswith(".new")
        if name.endswith(".ipynb"):
            assert fingerprint(content.decode()) is not None
    disk.room = 1000
    assert make_copies(house).complete
    assert text(house) == ""


@pytest.mark.parametrize("room", [0, 1])
def test_a_full_disk_while_copies_are_refreshed(copied, disk, room):
    yours = edit(mine(copied, LAB), "mine = 1")
    ship(copied, LAB, "newer = 1")
    ship(copied, LESSON, "newer = 2")
    ship(copied, "notebooks/00_start_here.ipynb", "newer = 3")
    disk.room = room
    assert "No space left on device" in text(copied)
    assert mine(copied, LAB).read_bytes() == yours
    disk.room = 1000
    assert make_copies(copied).complete
    assert cells(mine(copied, LESSON)) == ["newer = 2"]
    assert cells(mine(copied, "notebooks/00_start_here.ipynb")) == ["newer = 3"]
    assert mine(copied, LAB).read_bytes() == yours


@pytest.mark.parametrize(("name", "room"), [("01", 0), ("--all", 0), ("--all", 1)])
def test_a_full_disk_during_a_reset_changes_nothing(copied, disk, monkeypatch, room, name):
    monkeypatch.setattr(reset, "ROOT", copied)
    edit(mine(copied, LAB), "mine = 1")
    mine(copied, "labs/work_01.py").write_text("mine = 2", encoding="utf-8")
    if name == "--all":
        edit(mine(copied, LESSON), "mine = 2")
    before = everything(copied)
    disk.room = room
    with pytest.raises(paths.Problem, match="No space left on device"):
        reset.reset_all() if name == "--all" else reset.reset(name, lambda: copied)
    assert everything(copied) == before


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="needs a mounted tmpfs")
@pytest.mark.parametrize("size", ["4k", "16k", "24k", "40k"])
def test_a_disk_that_is_really_full(house, size):
    mount = f'mkdir -p "$0" && mount -t tmpfs -o size={size} tmpfs "$0" && exec "$@"'
    command = ["unshare", "--mount", "--propagation", "private", "sh", "-c", mount]
    folder = house / MY_COURSE
    if not shutil.which("unshare") or subprocess.run([*command, folder, "true"]).returncode:
        pytest.skip("this machine lets nothing be mounted")
    script = (
        f'"{sys.executable}" course.py copy; echo "code $?";'
        f' find my_course -type f -name "*.ipynb" -size 0; find my_course -name ".*.new"'
    )
    done = subprocess.run(
        [*command, folder, "sh", "-c", script], cwd=house, capture_output=True, text=True
    )
    assert "Traceback" not in done.stdout + done.stderr
    printed, _, rest = done.stdout.partition("code ")
    assert ("No space left on device" in printed) == rest.startswith("1")
    assert rest.split() in (["0"], ["1"])  # no empty notebook, nothing half-written
    assert size != "4k" or rest.startswith("1")


RESET_WITHOUT_ROOM = """
import resource, sys
sys.path.insert(0, sys.argv[1])
from tools.launcher.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))
sys.exit(main(["reset", sys.argv[2]]))
"""


@pytest.mark.skipif(not POSIX, reason="Windows has no such limit")
@pytest.mark.parametrize("name", ["labs/01", "--all"])
def test_a_reset_that_has_no_room_changes_nothing_and_says_what_to_do(copied, name):
    edit(mine(copied, LAB), "mine = 1")
    before = everything(copied)
    command = [sys.executable, "-B", "-c", RESET_WITHOUT_ROOM, str(copied), name]
    done = subprocess.run(command, cwd=copied, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, "")
    assert "A file can't be written: File too large" in done.stdout
    assert "Make room on the disk" in done.stdout
    assert everything(copied) == before


@pytest.mark.parametrize("name", ["01", "--all"])
def test_a_reset_that_is_cut_short_leaves_an_old_or_a_new_file_whole(copied, monkeypatch, name):
    monkeypatch.setattr(reset, "ROOT", copied)
    fresh = mine(copied, LAB).read_bytes()
    yours = edit(mine(copied, LAB), "mine = 1")
    seen = []
    for step in ("link", "unlink", "rename", "replace"):
        real = getattr(os, step)

        def look(*where: object, real: object = real, **how: object) -> object:
            seen.append(mine(copied, LAB).read_bytes())
            return real(*where, **how)

        monkeypatch.setattr(os, step, look)
    reset.reset_all() if name == "--all" else reset.reset(name, lambda: copied)
    assert set(seen) == {yours, fresh}


def test_a_copy_that_is_a_folder_is_kept_and_given_back(copied):
    fresh = mine(copied, LAB).read_bytes()
    mine(copied, LAB).unlink()
    mine(copied, LAB).mkdir()
    (mine(copied, LAB) / "inside").touch()
    assert "can't be read as a notebook; it is kept" in text(copied)
    assert start(copied, "reset", "labs/1")[0] == 0
    assert mine(copied, LAB).read_bytes() == fresh
    assert mine(copied, "labs/01_processes.mine-1.ipynb/inside").exists()


@pytest.mark.skipif(not POSIX, reason="on Windows a symbolic link needs a right of its own")
def test_a_copy_that_is_a_link_stays_one_when_it_is_refreshed(copied, tmp_path):
    real = tmp_path / "elsewhere.ipynb"
    mine(copied, LAB).rename(real)
    mine(copied, LAB).symlink_to(real)
    ship(copied, LAB, "newer = 1")
    assert "refreshed" in text(copied)
    assert mine(copied, LAB).is_symlink()
    assert cells(real) == ["newer = 1"]
    yours = edit(real, "mine = 1")
    assert start(copied, "reset", "labs/1")[0] == 0
    assert mine(copied, "labs/01_processes.mine-1.ipynb").read_bytes() == yours
    assert cells(mine(copied, LAB)) == ["newer = 1"]
    assert real.read_bytes() == yours


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a second file system here")
def test_copies_on_another_file_system_can_be_reset(house):
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == house.stat().st_dev:
        pytest.skip("there is one file system only")
    committed(house)
    folder = memory / f"my_course-{os.getpid()}"
    try:
        folder.mkdir()
        (house / MY_COURSE).symlink_to(folder)
        assert make_copies(house).complete
        yours = edit(house / LAB, "mine = 1")
        (house / "labs" / "work_01.py").write_text("mine = 2", encoding="utf-8")
        code, printed = start(house, "reset", "--all")
        assert code == 0, printed
        assert (folder / "kept-1" / "shipped" / LAB).read_bytes() == yours
        assert (folder / "kept-1" / "shipped" / "labs" / "work_01.py").read_text() == "mine = 2"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.skipif(not POSIX, reason="on Windows a symbolic link needs a right of its own")
def test_a_my_course_that_leads_nowhere_is_named(house):
    (house / MY_COURSE).symlink_to("/nowhere/at all")
    for command in (["copy"], ["reset", "--all"]):
        code, printed = start(house, *command)
        assert code == 1
        assert "my_course (it is a link to /nowhere/at all, which is not there)" in printed


def test_a_notebook_that_would_fill_the_memory_is_not_read_and_is_kept(copied, monkeypatch):
    monkeypatch.setattr(shipped, "LARGE", 5_000)
    monkeypatch.setattr(reset, "ROOT", copied)
    yours = edit(mine(copied, LAB), "mine = 1", output="x" * 6_000)
    assert shipped.read_text(mine(copied, LAB)) == ""
    assert text(copied) == ""
    ship(copied, LAB, "newer = 1")
    assert "kept as you left them" in text(copied)
    assert mine(copied, LAB).read_bytes() == yours
    reset.reset("labs/1", lambda: copied)
    assert cells(mine(copied, LAB)) == ["newer = 1"]
    assert mine(copied, "labs/01_processes.mine-1.ipynb").read_bytes() == yours


@pytest.mark.skipif(not POSIX, reason="Windows has no umask")
@pytest.mark.parametrize("umask", [0, 0o022])
def test_copies_and_what_is_kept_are_for_this_user_alone(house, umask):
    before = os.umask(umask)
    try:
        assert make_copies(house).complete
        edit(mine(house, LAB), "mine = 1")
        mine(house, LAB).chmod(0o600)
        assert start(house, "reset", "labs/1")[0] == 0
        edit(mine(house, LAB), "mine = 1")
        assert start(house, "reset", "--all")[0] == 0
    finally:
        os.umask(before)
    found = [house / MY_COURSE, *(house / MY_COURSE).rglob("*")]
    assert {path.name for path in found} >= {"kept-1", "01_processes.mine-1.ipynb", MANIFEST}
    closed = [path for path in found if path.stat().st_mode & 0o077 == 0]
    assert set(found) - set(closed) <= {house / MY_COURSE / "kept-1" / LAB}  # an editor's own


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_name_that_is_no_text_stops_nothing(house):
    for folder in ("labs", "notebooks"):
        try:
            Path(os.fsdecode(os.fsencode(house / folder) + b"/caf\xe9.ipynb")).write_text("{}")
        except OSError:
            pytest.skip("this file system refuses such a name")
    for _ in range(2):
        code, printed = start(house, "copy")
        assert code == 0, printed
    assert start(house, "reset", "--all")[0] == 0
    assert len(list(mine(house, "labs").glob("caf*"))) == 1


def test_what_a_killed_writer_left_is_removed_when_the_clock_was_set_back(copied):
    left = mine(copied, f"labs/.01_processes.ipynb.{os.getpid()}-abcd{learners_files.NEW}")
    left.touch()
    os.utime(left, (2e9, 2e9))
    make_copies(copied)
    assert not left.exists()


def test_where_notes_cannot_be_kept_it_is_said_at_the_start(copied, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_STATE", str(tmp_path))
    code, printed = start(copied, "copy")
    assert code == 0
    assert f"not kept: {tmp_path} is a folder. Rename it, or set COURSE_STATE" in printed


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_solution_is_found_in_notes_with_a_byte_order_mark(copied, monkeypatch, encoding):
    notes = copied / "notes.json"
    notes.write_text('{"labs": {"01": {"solution_opened": "now"}}}', encoding=encoding)
    monkeypatch.setenv("COURSE_STATE", str(notes))
    assert "new: solutions/01_processes" in text(copied)


def test_a_file_that_is_open_stops_no_other(copied, monkeypatch):
    ship(copied, LESSON, "newer = 2")
    ship(copied, LAB, "newer = 1")
    real = Path.replace

    def replace(path: Path, target: Path) -> Path:
        if Path(target) == mine(copied, LESSON):  # as on Windows, where a program has it open
            raise PermissionError(13, "The process cannot access the file", str(target))
        return real(path, target)

    monkeypatch.setattr(Path, "replace", replace)
    told = text(copied)
    assert "refreshed, as you had not touched them: labs/01_processes" in told
    assert "Could not be written: notebooks/01_processes (The process cannot access" in told
    assert "close what has the file open" in told
    monkeypatch.undo()
    assert text(copied).endswith("notebooks/01_processes.")
    assert not list((copied / MY_COURSE).rglob("*.new"))


def test_what_the_learner_saves_meanwhile_stays(copied, monkeypatch):
    ship(copied, LAB, "newer = 1")
    real = copies.staged

    @contextlib.contextmanager
    def staged(path: Path, content: str) -> Iterator[Path]:
        with real(path, content) as new:
            if path == mine(copied, LAB):
                edit(path, "saved = 'just now'")
            yield new

    monkeypatch.setattr(copies, "staged", staged)
    assert "kept as you left them" in text(copied)
    assert cells(mine(copied, LAB)) == ["saved = 'just now'"]


def test_many_starts_at_once(house):
    command = [sys.executable, str(house / "course.py"), "copy"]
    for sources in (["one = 1"], ["two = 2"]):
        ship(house, LESSON, *sources)
        starts = [
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            for _ in range(6)
        ]
        printed = [process.communicate(timeout=120)[0] for process in starts]
        assert [process.returncode for process in starts] == [0] * 6, printed
        assert make_copies(house).complete
        assert text(house) == ""
        assert cells(mine(house, LESSON)) == sources
        assert not list((house / MY_COURSE).rglob("*.new"))


@pytest.mark.processes
@pytest.mark.skipif(not POSIX, reason="on Windows nothing tells whether a writer lives")
def test_what_a_writer_left_that_was_killed_just_now_is_removed(copied, monkeypatch):
    monkeypatch.setenv("COURSE_STATE", "")
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        pass
    names = ("my_course/labs/.01_x.ipynb", "labs/.01_x.ipynb", ".course/.notes.json")
    (copied / ".course").mkdir(exist_ok=True)
    for pid in (dead.pid, os.getpid()):
        for name in names:
            (copied / f"{name}.{pid}-0123abcd{learners_files.NEW}").touch()
    make_copies(copied)
    left = [path.name for path in copied.rglob(f".*{learners_files.NEW}")]
    assert len(left) == len(names)
    assert all(f".{os.getpid()}-" in name for name in left)


def test_what_a_killed_writer_left_is_removed(copied):
    left = mine(copied, f"labs/.01_processes.ipynb.{os.getpid()}-abcd{learners_files.NEW}")
    left.touch()
    make_copies(copied)
    assert left.exists()  # it may be another start's, at work now
    old = time.time() - 2 * learners_files.STALE
    os.utime(left, (old, old))
    make_copies(copied)
    assert not left.exists()


@pytest.mark.skipif(not POSIX, reason="folders can't be made read-only this way on Windows")
@pytest.mark.parametrize("has_copies", [False, True])
def test_a_read_only_course_is_told_in_words(house, has_copies):
    if has_copies:
        make_copies(house)
    code, printed = read_only(house, "copy")
    assert "Traceback" not in printed
    if has_copies:
        assert code == 0
        assert printed.startswith("my_course can't be written, so JupyterLab can't save what you")
    else:
        assert code == 1
        assert "Could not be written: my_course (" in printed


@pytest.mark.skipif(not POSIX, reason="folders can't be made read-only this way on Windows")
def test_jupyterlab_opens_on_the_copies_or_where_there_are_none_on_the_shipped_notebooks(house):
    assert start(house, "check")[0] == 0  # makes the environment
    assert not (house / MY_COURSE).exists()
    code, printed = read_only(house)
    assert code == 0, printed
    assert "Could not be written: my_course (" in printed
    assert "JupyterLab opens on the course's own notebooks" in printed
    assert f"--ServerApp.root_dir={house}" in handed(printed)["arguments"]
    for _ in range(2):
        code, printed = start(house, "--no-browser")
        assert code == 0, printed
        arguments = handed(printed)["arguments"]
        assert f"--ServerApp.root_dir={house / MY_COURSE}" in arguments
        assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in arguments
    assert "my_course" not in printed.splitlines()[0]  # the second time there is nothing to say


def read_only(house: Path, *arguments: str) -> tuple[int, str]:
    """Start course.py in a house that can't be written."""
    command = [sys.executable, str(house / "course.py"), *arguments]
    if os.geteuid() == 0:  # root may write everywhere, but not on what is mounted read-only
        inside = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
        mount = ["unshare", "--mount", "--propagation", "private", "sh", "-c", inside]
        if not shutil.which("unshare") or subprocess.run([*mount, house, "true"]).returncode:
            pytest.skip("root writes everywhere, and this machine lets nothing be mounted")
        command = [*mount, str(house), *command]
    else:
        house.chmod(0o555)
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    finally:
        house.chmod(0o755)
    return done.returncode, done.stdout + done.stderr


def test_a_file_in_the_place_of_my_course_is_left_alone(house):
    (house / MY_COURSE).write_text("mine", encoding="utf-8")
    code, printed = start(house, "copy")
    assert code == 1
    assert "Could not be written: my_course (" in printed
    assert (house / MY_COURSE).read_text() == "mine"


def test_a_shipped_notebook_that_is_gone_is_named(house):
    (house / LAB).unlink()
    code, printed = start(house, "copy", GIT_DIR=os.devnull)
    assert code == 1
    assert "labs/01_processes.ipynb is not as it was shipped" in printed
    assert "python3 course.py reset labs/01_processes" in printed
    assert mine(house, LESSON).exists()


def test_a_shipped_notebook_with_a_merge_conflict_is_read_from_git(house):
    committed(house)
    (house / LAB).write_text("<<<<<<< HEAD\n", encoding="utf-8")
    assert make_copies(house).complete
    assert cells(mine(house, LAB)) == [STUB, 'check("01")']
    assert (house / LAB).read_text() == "<<<<<<< HEAD\n"


def test_a_notebook_with_half_a_character_and_without_metadata_is_carried_over(house):
    table = json.loads(notebook("mine = '?'", output="todo"))
    del table["metadata"]
    (house / LAB).write_text(json.dumps(table).replace("?", "\\ud83d"), encoding="utf-8")
    assert "carried over" in text(house)
    assert cells(mine(house, LAB)) == ["mine = '\ud83d'"]


# --- the helpers, in the copies ----------------------------------------------------------------


def test_a_labs_helpers_work_from_the_copies(tmp_path, monkeypatch):
    """Check it as on a hub, where only the course's folder is on the path."""
    monkeypatch.delenv("COURSE_STATE", raising=False)
    course = copy_course(tmp_path / "course")
    make_copies(course)
    labs = course / MY_COURSE / "labs"
    (labs / "work_01.py").write_text(
        "\n".join(
            source.partition("\n")[2]
            for source in cells(course / "solutions" / "01_processes.ipynb")
            if source.startswith("%%module work_01")
        ),
        encoding="utf-8",
    )
    code = (
        "from helpers.checks import check, hint, reset, solution\n"
        "from helpers.progress import show_progress\n"
        'check("01"); hint("01"); solution("01"); print(show_progress()); reset("01")\n'
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=labs,
        env=os.environ | {"PYTHONPATH": str(course)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "not yet" not in done.stdout
    assert "%%module work_01" in done.stdout  # the solution
    assert re.search(r"^01 .* done ", done.stdout, re.MULTILINE)
    assert "work_01.py is kept as work_01.mine-1.py." in done.stdout
    assert (course / ".course" / "notes.json").is_file()
    assert text(course) == "my_course: new: solutions/01_processes."


def test_a_cell_that_is_a_module_is_written_beside_the_copy(tmp_path):
    course = copy_course(tmp_path / "course")
    make_copies(course)
    labs = course / MY_COURSE / "labs"
    code = (
        "from helpers.magics import write_module\n"
        "print(write_module('work_01', 'x = 1').as_posix())"
    )
    variables = os.environ | {"PYTHONPATH": str(course)}
    printed = subprocess.check_output([sys.executable, "-c", code], cwd=labs, env=variables)
    assert Path(printed.decode().strip()).samefile(labs / "work_01.py")


# --- the list of what was shipped --------------------------------------------------------------


def test_every_notebook_of_the_course_is_on_the_list():
    assert list(read_shipped(ROOT)) == [page.file for page in Course(ROOT).pages]


def test_a_copy_reads_as_jupyter_would_write_it():
    nbformat = pytest.importorskip("nbformat")
    shipped = (ROOT / "notebooks" / "00_start_here.ipynb").read_text(encoding="utf-8")
    copy = without_outputs(shipped)
    nbformat.validate(nbformat.reads(copy, as_version=4))
    assert nbformat.writes(nbformat.reads(copy, as_version=4)) + "\n" == copy
