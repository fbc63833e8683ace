"""The puzzles' checks: each known answer gets its verdict, and what is shipped is broken.

The answers are those in tests/labs/puzzles; lab_answers.py says how they are read.
"""

from __future__ import annotations

import importlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from helpers.checks import check, hint, judge_file, solution
from helpers.progress.outline import check_name, puzzle_ids, puzzle_sets, puzzles_of
from tests.running_processes import METHODS
from tools.build.percent import lab_cells, read_source, solution_cells
from tools.outline import LAB, ROOT, Page
from tools.stress.lab_answers import answers, fork_only, misjudged, requirements, says

pytestmark = pytest.mark.usefixtures("quiet")
SETS = tuple(one.number for one in puzzle_sets())
TOGETHER = 4  # answers at a time: those that hang only wait


def judged(id_: str, methods: tuple[str, ...] = ()) -> list[str]:
    """Return a line for each wrong verdict on the puzzle's known answers, under these methods."""
    files = [file for file in answers(id_) if not (methods == ("fork",) and fork_only(file))]

    def judge(file: Path) -> list[str]:
        return misjudged(file, judge_file(id_, file, methods))

    with ThreadPoolExecutor(TOGETHER) as threads:
        return [line for lines in threads.map(judge, files) for line in lines]


def programs(number: str, solved: bool) -> dict[str, str]:
    """Return each puzzle's program, broken as the learner gets it or solved, by the puzzle's id."""
    (puzzles,) = (one for one in puzzle_sets() if one.number == number)
    source = Page(LAB, puzzles).source
    cells = (solution_cells if solved else lab_cells)(read_source(ROOT / source, source))
    found = {}
    for cell in cells:
        first, _, program = cell.text.partition("\n")
        if first.startswith("%%module work_"):
            found[first.removeprefix("%%module work_").replace("_", ".")] = program
    return found


@pytest.mark.parametrize("number", SETS)
def test_a_set_has_six_puzzles_of_a_few_lines(number):
    (puzzles,) = (one for one in puzzle_sets() if one.number == number)
    broken = programs(number, solved=False)
    assert tuple(broken) == puzzles_of(puzzles) == tuple(f"{number}.{n}" for n in range(1, 7))
    for id_, program in broken.items():
        lines = [line for line in program.splitlines() if line.strip()]
        assert 8 <= len(lines) <= 25, id_


@pytest.mark.parametrize("id_", puzzle_ids())
def test_a_puzzle_has_one_requirement_three_hints_and_an_explanation(id_):
    judge = importlib.import_module(f"helpers.checks.{check_name(id_)}")
    (name,) = requirements(id_)
    assert len(judge.HINTS[name]) == 3
    assert 20 <= len(judge.EXPLANATION.split()) <= 70


@pytest.mark.parametrize("id_", puzzle_ids())
def test_a_puzzle_has_right_and_wrong_answers_besides_its_own(id_):
    kinds = [says(file).split(":")[0] for file in answers(id_)]
    assert kinds.count("Right") >= 2
    assert kinds.count("Wrong") >= 2


@pytest.mark.processes
@pytest.mark.parametrize("id_", puzzle_ids())
def test_every_known_answer_to_a_puzzle_gets_its_verdict(id_):
    assert judged(id_) == []


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("id_", puzzle_ids())
def test_every_known_answer_to_a_puzzle_gets_its_verdict_under_each_method(id_, method):
    assert judged(id_, (method,)) == []


@pytest.mark.processes
def test_after_success_a_puzzle_explains_itself(tmp_path, own_notes, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    broken, solved = (programs("1", solved=is_solved)["1.3"] for is_solved in (False, True))
    name, explanation = "the folders whose copy failed are returned", "A failure ends the child"
    (tmp_path / "work_1_3.py").write_text(broken, encoding="utf-8")
    check("1.3")
    printed = capsys.readouterr().out
    assert printed.startswith(f"not yet  {name}: with one locked folder of three")
    assert explanation not in printed
    solution("1.3")
    assert "opens after success, or after 2 more honest tries" in capsys.readouterr().out
    hint(1.3)
    assert capsys.readouterr().out.startswith(f'Hint 1 of 3 for "{name}"')
    (tmp_path / "work_1_3.py").write_text(solved, encoding="utf-8")
    check("1.3")
    first, *rest = capsys.readouterr().out.splitlines()
    assert first == f"     ok  {name}"
    assert rest[0].startswith(explanation)
    solution("1.3")
    printed = capsys.readouterr().out
    assert "%%module work_1_3" in printed
    assert "%%module work_1_2" not in printed
    assert explanation in printed


@pytest.mark.processes
def test_a_program_that_hangs_is_told_by_what_was_seen_and_not_by_its_cause(tmp_path):
    (tmp_path / "work_1_2.py").write_text(programs("1", solved=False)["1.2"], encoding="utf-8")
    (verdict,) = judge_file("1.2", tmp_path / "work_1_2.py")
    assert verdict.state == "not yet"
    assert "main program: line 15: runner.join()" in verdict.reason
    assert "Process-1: line 5: line.wait()" in verdict.reason


@pytest.mark.parametrize("wrong", ["1.7", "9.1", 1.7, "1,3", ""])
def test_an_unknown_puzzle_is_refused_in_words(wrong):
    with pytest.raises(
        (ValueError, TypeError), match=r"A puzzle's number has a dot, e\.g\. '1\.3'"
    ):
        check(wrong)
