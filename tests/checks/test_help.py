"""Help in a lab: three steps of hints, the solution in its time, and the lab as it was."""

from __future__ import annotations

import importlib
import json
import sys
from types import SimpleNamespace

import pytest

from helpers.checks import check, help
from helpers.checks.help import hint, reset, solution
from helpers.progress.course_map import show_progress
from helpers.progress.labs import lab_progress, record_try
from helpers.progress.outline import lab_numbers, lesson_of, requirements
from tools.outline import ROOT

pytestmark = [pytest.mark.usefixtures("own_notes"), pytest.mark.once]
LAB = "01"
NAMES = requirements(LAB)
LABS = lab_numbers()


def hints(lab: str) -> dict[str, tuple[str, str, str]]:
    return importlib.import_module(f"helpers.checks.lab_{lab}").HINTS


def judged(*states: str) -> dict[str, str]:
    """Return these states for the first requirements, and `not yet` for the others."""
    return {**dict.fromkeys(NAMES, "not yet"), **dict(zip(NAMES, states, strict=False))}


@pytest.fixture
def said(capsys):
    """Return a function that returns what was printed since its last call."""
    return lambda: capsys.readouterr().out


@pytest.fixture
def three_tries():
    for number in range(3):
        record_try(LAB, judged("ok"), f"x = {number}")


# --- hints ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("lab", LABS)
def test_every_requirement_has_three_steps_and_each_says_more_than_nothing(lab):
    assert tuple(hints(lab)) == requirements(lab)
    for steps in hints(lab).values():
        assert len(steps) == len(set(steps)) == help.STEPS
        assert all(step.strip() == step and len(step) > 30 for step in steps)
        lines = [line for step in steps for line in step.split("\n") if line.startswith(" ")]
        assert all(len(line) <= 92 for line in lines)


def test_the_steps_come_one_after_the_other_and_the_last_stays(said):
    record_try(LAB, judged("ok"), "x = 1")
    name = NAMES[1]
    for step in (1, 2, 3, 3):
        hint(LAB)
        text = said()
        assert text.startswith(f'Hint {step} of 3 for "{name}":\n')
        assert hints(LAB)[name][step - 1].split("\n")[0][:40] in text
        assert ("That was the last one." in text) == (step == 3)
        assert ('solution("01") opens after success, or after 2 more honest tries' in text) == (
            step == 3
        )
    assert lab_progress(LAB).requirements[1].hints == 3


def test_code_in_a_hint_keeps_its_lines(said):
    record_try(LAB, judged("ok", "ok"), "x = 1")
    for _ in range(3):
        hint(LAB)
    assert "\n    for process in processes:\n        process.start()\n" in said()


def test_the_hint_is_for_the_first_thing_that_is_not_ok(said):
    record_try(LAB, judged("ok", "not yet", "ok"), "x = 1")
    hint(LAB)
    record_try(LAB, judged("ok", "ok", "ok", "not yet"), "x = 2")
    hint(LAB)
    assert f'Hint 1 of 3 for "{NAMES[1]}"' in (text := said())
    assert f'Hint 1 of 3 for "{NAMES[3]}"' in text


def test_before_the_first_check_the_hint_is_for_the_first_thing_and_asks_for_the_check(said):
    hint(LAB)
    text = said()
    assert text.startswith('Press check("01") first')
    assert f'Hint 1 of 3 for "{NAMES[0]}"' in text


def test_when_all_is_ok_there_is_no_hint(said):
    record_try(LAB, judged(*["ok"] * len(NAMES)), "x = 1")
    hint(LAB)
    assert said().startswith("All is ok: there is nothing to hint at.")
    assert lab_progress(LAB).hints == 0


def test_a_requirement_without_hints_points_to_the_check(said, monkeypatch):
    monkeypatch.delattr("helpers.checks.lab_01.HINTS")
    hint(LAB)
    assert f'There is no hint for "{NAMES[0]}" yet. What did check("01") say' in said()


# --- the solution ---------------------------------------------------------------------------------


def test_before_three_honest_tries_it_says_how_many_are_missing(said):
    for number, words in enumerate(
        ("3 honest tries", "2 more honest tries", "one more honest try")
    ):
        solution(LAB)
        text = " ".join(said().split())
        assert f'solution("01") opens after success, or after {words}: write something' in text
        assert 'hint("01") gives the next of 3 steps.' in text
        assert "%%module" not in text
        record_try(LAB, judged("ok"), f"x = {number}")
    assert lab_progress(LAB).solution_opened == ""


def check_shown(text: str, lab: str) -> None:
    solved = (ROOT / lesson_of(lab).solution_file).read_text(encoding="utf-8")
    cells = ["".join(cell["source"]) for cell in json.loads(solved)["cells"]]
    module = next(cell for cell in cells if cell.startswith(f"%%module work_{lab}"))
    assert f"```python\n{module}\n```" in text
    assert "Why each line is there" in text
    assert text.index("```") < text.index("Why each line is there")
    assert text.count("one solution of several") == 1


def test_after_three_honest_tries_it_opens_with_its_reasons(said, three_tries):
    solution(LAB)
    check_shown(said(), LAB)
    assert lab_progress(LAB).solution_opened


@pytest.mark.parametrize("lab", LABS)
def test_after_success_it_opens(said, lab):
    record_try(lab, dict.fromkeys(requirements(lab), "ok"), "x = 1")
    solution(lab)
    check_shown(said(), lab)


def test_where_no_try_can_be_counted_it_is_open(said, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "file" / "notes.json"))
    solution(LAB)
    check_shown(said(), LAB)


def test_an_installed_package_says_where_solutions_are(said, tmp_path, monkeypatch, three_tries):
    monkeypatch.setattr(help, "ROOT", tmp_path)
    monkeypatch.setattr(help, "IN_CHECKOUT", False)
    solution(LAB)
    assert said() == (
        "The installed package has no solutions. Open the lab in the course's own folder.\n"
    )


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"cells": 5}', '{"cells": [{"a": 1}]}'])
def test_a_solution_that_is_not_there_says_how_to_make_it(
    said, tmp_path, monkeypatch, three_tries, text
):
    monkeypatch.setattr(help, "ROOT", tmp_path)
    if text is not None:
        (tmp_path / "solutions").mkdir()
        (tmp_path / "solutions" / "01_processes.ipynb").write_text(text, encoding="utf-8")
    solution(LAB)
    assert said() == (
        "solutions/01_processes.ipynb can't be read. Make it, in a terminal:\n"
        "    python3 course.py build solutions/01_processes\n"
    )
    assert lab_progress(LAB).solution_opened == ""


def test_in_a_notebook_it_is_shown_as_markdown(monkeypatch, three_tries):
    shown = []
    monkeypatch.setattr("IPython.get_ipython", lambda: SimpleNamespace())
    monkeypatch.setattr("IPython.display.display", shown.append)
    solution(LAB)
    check_shown(shown[0].data, LAB)


# --- the lab as it was ----------------------------------------------------------------------------


def test_reset_keeps_the_learners_file_and_what_was_reached(
    said, tmp_path, monkeypatch, three_tries
):
    monkeypatch.chdir(tmp_path)
    for number in (1, 2):
        (tmp_path / "work_01.py").write_text(f"x = {number}", encoding="utf-8")
        monkeypatch.setitem(sys.modules, "work_01", SimpleNamespace())
        reset(LAB)
        text = said()
        assert text.startswith(f"work_01.py is kept as work_01.mine-{number}.py.\n")
        assert text.endswith("\n    python3 course.py reset labs/01_processes\n")
        kept = tmp_path / f"work_01.mine-{number}.py"
        assert kept.read_text(encoding="utf-8") == f"x = {number}"
        assert not (tmp_path / "work_01.py").exists()
        assert "work_01" not in sys.modules
    assert lab_progress(LAB).tries == 3


def test_reset_of_what_is_not_there_says_so(said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    reset(LAB)
    assert said().startswith("There is no work_01.py yet.\n")
    assert list(tmp_path.iterdir()) == []


def test_reset_of_what_cannot_be_renamed_says_so(said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "work_01.py").touch()

    def locked(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(tmp_path), "rename", locked)
    reset(LAB)
    assert said().startswith("work_01.py can't be renamed (Permission denied).")


@pytest.mark.parametrize("function", [hint, solution, reset])
def test_a_labs_number_may_be_written_shortly(function, said, three_tries):
    function("01")
    last = said().splitlines()[-1]
    for lab in ("1", 1):
        function(lab)
        assert hint is function or said().splitlines()[-1] == last


@pytest.mark.parametrize("function", [hint, solution, reset])
@pytest.mark.parametrize("lab", ["7x", "99", "", 99, -1, True, 1.0, None])
def test_a_lab_that_is_not_there_is_refused(function, lab):
    match = rf"lab must be one of 01.*\. Pass the lab's number, e\.g\. {function.__name__}\('01'\)"
    with pytest.raises((TypeError, ValueError), match=match):
        function(lab)


@pytest.mark.parametrize("lab", LABS)
def test_a_lab_brings_the_names_that_its_last_cell_speaks_of(lab):
    source = (ROOT / f"source/labs/{lesson_of(lab).name}.py").read_text(encoding="utf-8")
    names = {}
    for line in source.splitlines():
        if line.startswith("from helpers.checks"):
            exec(line, names)
    assert {"check", "hint", "solution", "reset"} <= set(names)


@pytest.mark.processes
def test_a_check_is_what_hint_and_map_go_by(said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    wrong = (ROOT / "tests/labs/01_processes/wrong_serial.py").read_text(encoding="utf-8")
    (tmp_path / "work_01.py").write_text(wrong, encoding="utf-8")
    check(LAB)
    not_yet = [line for line in said().splitlines() if line.startswith("not yet")]
    assert len(not_yet) == len(NAMES) - lab_progress(LAB).met > 0
    assert (lab_progress(LAB).tries, lab_progress(LAB).first_open) == (1, NAMES[1])
    hint(LAB)
    assert said().startswith(f'Hint 1 of 3 for "{NAMES[1]}":')
    assert lab_progress(LAB).state in repr(show_progress())
