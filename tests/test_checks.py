"""The labs' checks: known wrong answers are refused for the right reason, right ones accepted.

Each file in tests/labs/NN_slug/ says in its first line what it is:

    Right: ...                       every requirement is met
    Wrong: requirement: reason       that requirement is the first that is not, for that reason
    Ends: requirement: reason        the same, but it must be tried apart, since it ends or hangs
    Todo.                            nothing is written yet
"""

from __future__ import annotations

import ast
import importlib
import sys
from multiprocessing import get_context
from pathlib import Path

import pytest

from helpers import checks
from helpers.checks import check, judge_file
from helpers.checks.lifecycle import Lifecycle
from helpers.checks.verdicts import MARK, Verdict
from tests import odd_workers
from tools.outline import ROOT

pytestmark = pytest.mark.usefixtures("quiet")
ANSWERS = sorted(ROOT.glob("tests/labs/[0-9]*/*.py"))


def says(file: Path) -> str:
    """What the answer is, in its own words."""
    return ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))


def answers(*kinds: str) -> list:
    found = [file for file in ANSWERS if says(file).startswith(kinds)]
    return [pytest.param(file, id=f"{file.parent.name[:2]}-{file.stem}") for file in found]


def judge_here(file: Path, monkeypatch: pytest.MonkeyPatch) -> list[Verdict]:
    """The verdicts, judged in this process: quicker, for answers that are sure to come back."""
    monkeypatch.syspath_prepend(str(file.parent))
    sys.modules.pop(file.stem, None)
    judge = importlib.import_module(f"helpers.checks.lab_{file.parent.name[:2]}")
    if "together" in says(file) or "process of its own" in says(file):
        monkeypatch.setattr(judge, "_PATIENCE", 0.1)  # it will never come to a meeting of all
    return list(judge.judge(importlib.import_module(file.stem)))


def first_not_met(verdicts: list[Verdict]) -> Verdict:
    return next(verdict for verdict in verdicts if verdict.state != "ok")


@pytest.mark.parametrize("file", answers("Right"))
def test_a_right_answer_is_accepted(file, monkeypatch):
    verdicts = judge_here(file, monkeypatch)
    assert [verdict.line() for verdict in verdicts if verdict.state != "ok"] == []
    judge = sys.modules[f"helpers.checks.lab_{file.parent.name[:2]}"]
    assert tuple(verdict.name for verdict in verdicts) == judge.REQUIREMENTS


@pytest.mark.parametrize("file", answers("Wrong"))
def test_a_wrong_answer_is_refused_for_the_right_reason(file, monkeypatch):
    _, requirement, reason = says(file).split(": ", 2)
    verdict = first_not_met(judge_here(file, monkeypatch))
    assert (verdict.name, verdict.state) == (requirement, "not yet")
    assert reason in verdict.reason


@pytest.mark.parametrize("file", answers("Ends"))
def test_an_answer_that_ends_or_hangs_is_refused_for_the_right_reason(file, monkeypatch):
    monkeypatch.setattr(checks, "_LIMIT", 2)
    _, requirement, reason = says(file).split(": ", 2)
    verdicts = judge_file(file.parent.name[:2], file)
    assert (verdicts[0].name, verdicts[0].state) == (requirement, "not yet")
    assert reason in verdicts[0].reason
    assert all("can't be judged before" in verdict.reason for verdict in verdicts[1:])


@pytest.mark.parametrize("file", answers("Todo"))
def test_an_answer_that_is_not_written_is_to_be_done(file):
    assert {verdict.state for verdict in judge_file(file.parent.name[:2], file)} == {"todo"}


def test_there_are_answers_of_every_kind_for_every_lab():
    for lab in checks._LABS:
        mine = [says(file) for file in ANSWERS if file.parent.name.startswith(lab)]
        for kind in ("Right", "Wrong", "Ends", "Todo"):
            assert any(text.startswith(kind) for text in mine), f"lab {lab} has no answer: {kind}"


def test_a_check_prints_a_line_for_each_requirement(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    solved = (ROOT / "tests/labs/01_processes/right_queue.py").read_text(encoding="utf-8")
    check("01")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "   todo  every job has an answer: run the cell above first"
    (tmp_path / "work_01.py").write_text(f"print('hello', end='')\n{solved}", encoding="utf-8")
    check("01")
    lines = capsys.readouterr().out.splitlines()
    assert lines == [f"     ok  {name}" for name in _requirements("01")]


def _requirements(lab: str) -> tuple[str, ...]:
    return importlib.import_module(f"helpers.checks.lab_{lab}").REQUIREMENTS


@pytest.mark.parametrize("lab", ["1", "99", "", 1, None])
def test_a_lab_that_is_not_there_is_refused(lab, tmp_path):
    with pytest.raises((TypeError, ValueError), match=r"lab must be one of 01.*\. Pass the"):
        check(lab)
    with pytest.raises((TypeError, ValueError), match=r"lab must be one of 01"):
        judge_file(lab, tmp_path / "work_01.py")


@pytest.mark.parametrize("path", ["work_01.py", None, 5])
def test_an_answer_that_is_no_path_is_refused(path):
    with pytest.raises(TypeError, match=r"path must be the Path of a file, got .*\. Pass Path"):
        judge_file("01", path)


def test_a_verdict_travels_on_a_line_of_its_own(capsys):
    verdict = Verdict("it works", "not yet", "expected ü, got\nnothing")
    print("no newline", end="")
    verdict.send()
    line = capsys.readouterr().out.splitlines()[1]
    assert line.startswith(MARK)
    assert checks._verdicts(line) == {"it works": verdict}


def test_a_life_cycle_knows_who_was_started_and_who_was_joined():
    context = get_context("spawn")
    made = [context.Process(target=odd_workers.double, args=(n,)) for n in range(3)]
    with Lifecycle() as lifecycle:
        for process in made[:2]:
            process.start()
        made[0].join()
    assert lifecycle.started == made[:2]
    assert lifecycle.joined == [made[0]]
    assert lifecycle.never_joined == [made[1]]
    made[1].join()
    made[2].start()
    made[2].join()
    assert lifecycle.started == made[:2]  # it no longer looks


def test_a_join_that_saw_no_end_is_none():
    context = get_context("spawn")
    event = context.Event()
    process = context.Process(target=event.wait)
    with Lifecycle() as lifecycle:
        process.start()
        process.join(0)
        assert lifecycle.never_joined == [process]
        event.set()
        process.join()
        assert lifecycle.never_joined == []
