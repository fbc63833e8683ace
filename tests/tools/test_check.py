"""The course is consistent; and each rule refuses what it is there to refuse."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests import mini_course
from tests.mini_course import CLAIMS, write
from tools.check import cli, code, files, notebooks, sources
from tools.outline import ROOT, Course

pytestmark = pytest.mark.once

LESSON = "source/lessons/00_hello.py"
LAB = "source/labs/01_double.py"
HELLO = "notebooks/00_hello.ipynb"
NEXT = mini_course.HELLO.count("\n") + 2  # the line of LESSON at which `add` puts a cell


# The real course


@pytest.mark.processes
@pytest.mark.parametrize("rule", cli.RULES, ids=lambda rule: rule.__name__)
def test_the_course_is_consistent(rule):
    course = Course(ROOT)
    assert not cli.outline_problems(course)
    assert not [str(problem) for problem in rule(course)]


# A small course, broken in one place each time


@pytest.mark.processes
@pytest.mark.parametrize("rule", cli.RULES, ids=lambda rule: rule.__name__)
def test_a_sound_course_is_accepted(built_once, rule):
    assert not [str(problem) for problem in rule(Course(built_once))]


def edit(root: Path, file: str, old: str, new: str) -> None:
    text = (root / file).read_text(encoding="utf-8")
    assert old in text
    write(root, file, text.replace(old, new))


def add(root: Path, file: str, cell: str) -> None:
    """Add a cell to the end of a source."""
    write(root, file, f"{(root / file).read_text(encoding='utf-8')}\n{cell}\n")


def change(root: Path, file: str, place: int, **values: object) -> None:
    """Set fields of one cell of a notebook, as a learner could by hand."""
    notebook = json.loads((root / file).read_text(encoding="utf-8"))
    notebook["cells"][place] |= values
    write(root, file, json.dumps(notebook))


def refusal(rule: cli.Rule, root: Path) -> str:
    """Return the text of the one problem that `rule` finds."""
    found = [str(problem) for problem in rule(Course(root))]
    assert len(found) == 1, found
    return found[0]


def assert_refused(rule: cli.Rule, root: Path, start: str, fix: str) -> None:
    said = refusal(rule, root)
    what, told = said.split("\n    ")
    assert what.startswith(start)
    assert fix in told


def test_a_fault_in_the_outline_is_all_that_is_told(course_root):
    edit(course_root, "source/outline.toml", "minutes = 5", "minutes = 0")
    (said,) = [str(problem) for problem in cli.problems(Course(course_root))]
    assert said.startswith("source/outline.toml: lesson 00: minutes must be a whole number")


def test_a_claim_that_nobody_knows(course_root):
    write(course_root, "helpers/data/claims.toml", CLAIMS.replace("P1 =", "P9 ="))
    assert_refused(
        files.claims_are_known,
        course_root,
        "source/outline.toml: lesson 00 has the claim P1",
        "Correct the id",
    )


@pytest.mark.parametrize(
    ("file", "fix"),
    [
        (LESSON, "Write it, or take it out of source/outline.toml"),
        (LAB, "Write it, or take it out of source/outline.toml"),
        (HELLO, "Run: python3 course.py build notebooks/00_hello"),
        ("labs/01_double.ipynb", "Run: python3 course.py build labs/01_double"),
        ("solutions/01_double.ipynb", "Run: python3 course.py build solutions/01_double"),
    ],
)
def test_a_partner_that_is_missing(course_root, file, fix):
    (course_root / file).unlink()
    assert_refused(files.partners_exist, course_root, f"{file}: is missing", fix)


@pytest.mark.parametrize(
    "file",
    [
        "source/notes.txt",
        "source/lessons/05_more.py",
        "source/labs/00_hello.py",
        "notebooks/Untitled.ipynb",
        "labs/00_hello.ipynb",
        "solutions/01_double.py",
        "tests/labs/00_hello/wrong.py",
        "tests/labs/01_answers.py",
    ],
)
def test_a_stray_file(course_root, file):
    write(course_root, file, "")
    stray = "tests/labs/00_hello" if file.startswith("tests/labs/00") else file
    assert_refused(files.nothing_stray, course_root, f"{stray}: belongs to no", "remove")


@pytest.mark.parametrize(
    "file",
    [
        "labs/work_01.py",
        "labs/01_double.mine-1.ipynb",
        "notebooks/.ipynb_checkpoints/x.ipynb",
        "tests/labs/01_double/wrong.py",
        "tests/labs/test_answers.py",
    ],
)
def test_what_learners_editors_and_labs_have_is_no_stray(course_root, file):
    write(course_root, file, "")
    assert not list(files.nothing_stray(Course(course_root)))


def test_a_stale_map(course_root):
    edit(course_root, "source/outline.toml", "minutes = 5", "minutes = 6")
    assert_refused(
        files.readme_map_is_fresh,
        course_root,
        "README.md: its map of the course is stale",
        "Run: python3 course.py build",
    )


def test_a_readme_without_a_place_for_the_map(course_root):
    edit(course_root, "README.md", "<!-- map:end -->", "")
    assert_refused(
        files.readme_map_is_fresh,
        course_root,
        "README.md: has no place for the map",
        "Write the lines <!-- map:begin --> and <!-- map:end -->",
    )


def test_no_readme(course_root):
    (course_root / "README.md").unlink()
    assert_refused(files.readme_map_is_fresh, course_root, "README.md: is missing", "Write")


@pytest.mark.processes
def test_what_ruff_does_not_like(course_root):
    add(course_root, LESSON, "# %%\nimport os")
    assert_refused(
        files.ruff_is_content, course_root, f"{LESSON}:{NEXT + 1}: F401", "ruff check --fix"
    )


@pytest.mark.processes
def test_what_is_not_formatted(course_root):
    add(course_root, LESSON, "# %%\nprint( 1 )")
    assert_refused(
        files.ruff_is_content,
        course_root,
        f"{LESSON}: is not formatted",
        f"Run: python -m ruff format {LESSON}",
    )


CONTRACT = """
[tool.importlinter]
root_package = "helpers"
[[tool.importlinter.contracts]]
name = "Imports run downward"
type = "layers"
containers = ["helpers"]
exhaustive = true
layers = ["upper", "lower"]
"""


def packages(root: Path, **texts: str) -> None:
    """Write the contract, and a package of helpers for each of the texts."""
    write(root, "pyproject.toml", CONTRACT)
    write(root, "helpers/__init__.py", "")
    for name, text in texts.items():
        write(root, f"helpers/{name}/__init__.py", text)


@pytest.mark.processes
def test_an_import_that_runs_upward(course_root):
    packages(course_root, upper="", lower="from helpers.upper import x\n")
    assert_refused(
        code.imports_run_downward,
        course_root,
        "helpers/lower.py: imports helpers.upper, which is not below it",
        "Import it the other way round",
    )


@pytest.mark.processes
def test_a_package_that_has_no_layer(course_root):
    packages(course_root, upper="from helpers.lower import x\n", lower="", other="")
    assert_refused(
        code.imports_run_downward,
        course_root,
        "pyproject.toml: helpers.other has no place in the layers",
        "Give it one",
    )


@pytest.mark.processes
def test_imports_that_run_downward_are_no_problem(course_root):
    packages(course_root, upper="from helpers.lower import x\n", lower="")
    assert not list(code.imports_run_downward(Course(course_root)))


@pytest.mark.processes
def test_an_annotation_that_is_wrong(course_root):
    write(course_root, "pyproject.toml", "[tool.mypy]\nfiles = ['helpers']\n")
    write(course_root, "helpers/x.py", "def f() -> int:\n    return 'one'\n")
    assert_refused(
        code.types_are_right, course_root, "helpers/x.py:2: Incompatible return value", "Correct"
    )


@pytest.mark.processes
def test_annotations_that_are_right_are_no_problem(course_root):
    write(course_root, "pyproject.toml", "[tool.mypy]\nfiles = ['helpers']\n")
    write(course_root, "helpers/x.py", "def f() -> int:\n    return 1\n")
    assert not list(code.types_are_right(Course(course_root)))


@pytest.mark.processes
@pytest.mark.parametrize("file", ["README.md", LESSON, "helpers/x.py", "source/outline.toml"])
def test_a_misspelled_word(course_root, file):
    word = "rec" + "ieve"
    path = course_root / file
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    write(course_root, file, f"{text}\n# {word}\n")
    line = text.count("\n") + 2
    assert_refused(
        files.spelling_is_right,
        course_root,
        f"{file}:{line}: spelling: {word} ==> receive",
        "Correct it",
    )


@pytest.mark.processes
@pytest.mark.parametrize(
    "text",
    ["/ho" + "me/ann/course/x", "C:\\Us" + "ers\\Ann", "the folder {root}/notebooks"],
)
def test_a_path_of_one_machine(course_root, text):
    write(course_root, "helpers/x.py", f"\n# {text.format(root=course_root)}\n")
    assert_refused(
        files.nothing_of_this_machine,
        course_root,
        "helpers/x.py:2: names a path of one machine",
        "Write it relative to the course",
    )


@pytest.mark.processes
def test_a_learners_own_file_may_name_a_path(tmp_path):
    for name in ("shipped.txt", "my.log"):
        (tmp_path / name).write_text("x\n")
    for command in (["init", "-q"], ["add", "shipped.txt"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    assert list(files.tracked_files(tmp_path)) == ["shipped.txt"]


@pytest.mark.processes
@pytest.mark.parametrize(
    "text",
    ["--index" + "-url https://mirror.example.org/x", "https://mirror.example.org/" + "simple"],
)
def test_the_address_of_a_package_index(course_root, text):
    write(course_root, "requirements.lock", f"{text}\n")
    assert_refused(
        files.nothing_of_this_machine,
        course_root,
        "requirements.lock:1: names the address of a package index",
        "Remove it",
    )


def test_a_source_that_is_not_python(course_root):
    add(course_root, LESSON, "# %%\n%time x = 1")
    assert_refused(
        sources.sources_can_be_read,
        course_root,
        f"{LESSON}:{NEXT + 1}: not Python",
        "as a comment",
    )


def test_a_marker_that_is_not_closed(course_root):
    edit(course_root, LAB, "    ### END SOLUTION\n", "")
    assert_refused(
        sources.sources_can_be_read,
        course_root,
        f"{LAB}:7: this ### BEGIN SOLUTION is not closed",
        "Write '### END SOLUTION'",
    )


def test_a_lab_that_marks_no_solution(course_root):
    edit(course_root, LAB, "    ### BEGIN SOLUTION\n", "")
    edit(course_root, LAB, "    ### END SOLUTION\n", "")
    assert_refused(
        sources.labs_have_solutions,
        course_root,
        f"{LAB}: has no marked solution",
        "Put ### BEGIN SOLUTION",
    )


def test_a_lesson_that_marks_a_solution(course_root):
    add(course_root, LESSON, "# %%\n### BEGIN SOLUTION\nx = 1\n### END SOLUTION")
    assert_refused(
        sources.labs_have_solutions, course_root, f"{LESSON}: is a lesson with", "to the lab"
    )


def test_a_title_in_a_source(course_root):
    add(course_root, LESSON, "# %% [markdown]\n# # A title of its own")
    assert_refused(
        sources.no_title_in_sources,
        course_root,
        f"{LESSON}:{NEXT}: has a heading of the first level",
        "from the outline",
    )


@pytest.mark.parametrize(
    ("call", "fix"),
    [
        ("clear_output()", "Set the value of a widget"),
        ("widgets.Output()", "Image or HTML widget"),
        ("interact(f)", "Image or HTML widget"),
        ("interactive(f)", "Image or HTML widget"),
        ("widgets.interactive_output(f, {})", "Image or HTML widget"),
        ("multiprocessing.set_start_method('spawn')", "get_context"),
        ("plt.show()", "Assign the axes"),
        ("warnings.warn('x')", "Print the sentence"),
        ("input('?')", "predict"),
        ("update_display(1)", "a widget"),
        ("display(1, display_id='x')", "a widget"),
        ("os._exit(1)", "a child runs"),
        ("exit()", "Remove it"),
    ],
)
def test_a_call_that_breaks_a_run(course_root, call, fix):
    add(course_root, LESSON, f"# %%\nx = 1\n{call}")
    rule = sources.nothing_breaks_a_run
    said = refusal(rule, course_root).lower()
    assert said.startswith(f"{LESSON}:{NEXT + 2}: ")
    assert call.split("(")[0].lower() in said or "display_id" in said
    assert fix.lower() in said


def test_a_semicolon_at_the_end(course_root):
    add(course_root, LESSON, "# %%\nx = 'a;'; y = 2\nx;  # hidden")
    assert_refused(
        sources.no_semicolon_at_the_end,
        course_root,
        f"{LESSON}:{NEXT + 2}: ends a line",
        "Assign",
    )


@pytest.mark.parametrize(
    ("line", "what", "fix"),
    [
        ("# %%time", "uses the magic time", "Allowed are load_ext, module, writefile"),
        ("# %%timeit", "uses the magic timeit", "helpers.measure.sweeps"),
        ("# %%bash", "uses the magic bash", "Allowed are"),
        ("# !ls", "runs a shell command", "Use Python instead"),
        ("# NBVAL_IGNORE_OUTPUT", "marks a cell for nbval by a comment", "Tag the cell"),
    ],
)
def test_a_magic_whose_output_cannot_be_compared(course_root, line, what, fix):
    add(course_root, LESSON, f"# %%\n{line}\nx = 1")
    assert_refused(sources.magics_are_known, course_root, f"{LESSON}:{NEXT + 1}: {what}", fix)


def test_cells_that_are_too_long_or_empty(course_root):
    rule = sources.cells_are_short
    source = (course_root / LESSON).read_text(encoding="utf-8")
    add(course_root, LESSON, "# %%\n" + "x = 1\n\n" * 13)
    assert_refused(rule, course_root, f"{LESSON}:{NEXT}: a code cell of 13 lines", "Split it")
    write(course_root, LESSON, source)
    add(course_root, LESSON, "# %% [markdown]\n# " + "word " * 181)
    assert_refused(rule, course_root, f"{LESSON}:{NEXT}: a prose cell of 181 words", "Shorten it")
    write(course_root, LESSON, source)
    add(course_root, LESSON, "# %%\n\n# %%\nx = 1")
    assert_refused(rule, course_root, f"{LESSON}:{NEXT}: an empty code cell", "Remove it")


def test_a_long_solution_is_no_long_cell(course_root):
    edit(
        course_root,
        LAB,
        "    return 2 * number\n",
        "    number += 0\n" * 20 + "    return 2 * number\n",
    )
    assert not list(sources.cells_are_short(Course(course_root)))


def test_a_claim_that_is_not_shown(course_root):
    edit(course_root, LESSON, 'claim("P1", ', 'print("P1", ')
    assert_refused(
        sources.claims_are_shown,
        course_root,
        f"{LESSON}: does not show its claim P1",
        'Show it by a cell with claim("P1", …)',
    )


@pytest.mark.parametrize("file", [LESSON, LAB])
def test_a_claim_with_an_unknown_id(course_root, file):
    add(course_root, file, '# %%\nclaim("P7", True)')
    said = refusal(sources.claims_are_shown, course_root)
    assert said.startswith(f"{file}:")
    assert "unknown claim 'P7'" in said


def test_a_claim_whose_id_is_computed(course_root):
    add(course_root, LESSON, "# %%\nfor id_ in ['P1']:\n    claim(id_, True)")
    assert_refused(
        sources.claims_are_shown,
        course_root,
        f"{LESSON}:{NEXT + 2}: a claim() whose id",
        "Write the id",
    )


@pytest.mark.parametrize("folder", ["notebooks", "labs", "solutions"])
def test_a_notebook_that_was_edited_by_hand(course_root, folder):
    name = f"{folder}/01_double"
    change(course_root, f"{name}.ipynb", 1, source="Edited by hand.")
    assert_refused(
        notebooks.notebooks_match_their_source,
        course_root,
        f"{name}.ipynb: does not match source/",
        f"python3 course.py build {name}. If you worked in the notebook and want it back as it was:"
        f" python3 course.py reset {name}",
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "notebook", "cell"),
    [
        (LESSON, 'print("hello")', 'print("hallo")', HELLO, "cell c03"),
        (LESSON, "A greeting is", "A greeting was", HELLO, "cell c01"),
        ("source/lessons/01_double.py", "nbval-ignore-output", "nbval-skip", None, "cell c04"),
        ("helpers/data/claims.toml", "A greeting greets", "A greeting great", HELLO, "cell c00"),
    ],
)
def test_a_source_that_was_not_built(course_root, file, old, new, notebook, cell):
    edit(course_root, file, old, new)
    said = refusal(notebooks.notebooks_match_their_source, course_root)
    assert said.startswith(f"{notebook or 'notebooks/01_double.ipynb'}: does not match source/")
    assert f": {cell}" in said


def test_a_source_with_another_cell_and_a_notebook_with_other_metadata(course_root):
    rule = notebooks.notebooks_match_their_source
    notebook = json.loads((course_root / HELLO).read_text(encoding="utf-8"))
    notebook["metadata"]["language_info"]["version"] = "3.11.7"
    write(course_root, HELLO, json.dumps(notebook))
    assert "its metadata" in refusal(rule, course_root)
    notebook["cells"].append(notebook["cells"][-1] | {"id": "c99"})
    write(course_root, HELLO, json.dumps(notebook))
    assert "6 cells instead of 5" in refusal(rule, course_root)
    write(course_root, HELLO, "{")
    assert "is not a notebook that can be read" in refusal(rule, course_root)


def test_a_notebook_whose_fingerprint_is_not_noted(course_root):
    change(course_root, HELLO, 1, source="Another text")
    assert_refused(
        notebooks.shipped_fingerprints_are_fresh,
        course_root,
        f"docs/shipped.json: does not hold the fingerprint of {HELLO} as it is",
        "Run: python3 course.py build notebooks/00_hello",
    )


def test_a_fingerprint_of_no_notebook(course_root):
    edit(
        course_root,
        "docs/shipped.json",
        "{\n",
        '{\n  "labs/x.ipynb": {"cells": "", "outputs": ""},\n',
    )
    assert_refused(
        notebooks.shipped_fingerprints_are_fresh,
        course_root,
        "docs/shipped.json: holds labs/x.ipynb, which is not in the outline",
        "Build any notebook",
    )


def test_a_cell_that_was_not_run(course_root):
    change(course_root, HELLO, 2, execution_count=None)
    assert_refused(
        notebooks.enough_is_compared,
        course_root,
        f"{HELLO}: cell c02 was not run in order, so no test compares its output",
        "Run: python3 course.py build notebooks/00_hello --force",
    )


def test_a_notebook_of_which_little_is_compared(course_root):
    for place in (2, 3):
        change(course_root, HELLO, place, metadata={"tags": ["nbval-ignore-output"]})
    assert_refused(
        notebooks.enough_is_compared,
        course_root,
        f"{LESSON}: the outputs of 2 of 2 code cells are not compared",
        "start changing lines with 'measured:'",
    )


def test_an_output_of_one_run_only(course_root):
    text = {"name": "stdout", "output_type": "stream", "text": ["<f at 0x7f0011223344>\n"]}
    change(course_root, HELLO, 2, outputs=[text])
    assert_refused(
        notebooks.outputs_are_the_same_everywhere,
        course_root,
        f"{HELLO}: cell c02 has a memory address in its output",
        "python3 course.py build notebooks/00_hello",
    )


def test_an_error_that_was_not_meant(course_root):
    error = {"ename": "E", "evalue": "x", "output_type": "error", "traceback": []}
    change(course_root, HELLO, 2, outputs=[error])
    assert_refused(
        notebooks.outputs_are_the_same_everywhere,
        course_root,
        f"{HELLO}: cell c02 has raised an error",
        f"Fix {LESSON}",
    )


def verdict(text: str) -> list[dict]:
    return [{"name": "stdout", "output_type": "stream", "text": [text]}]


@pytest.mark.parametrize("text", ["     ok  double\n", "nothing\n"])
def test_a_lab_that_is_shipped_solved(course_root, text):
    change(course_root, "labs/01_double.ipynb", 3, outputs=verdict(text))
    assert_refused(
        notebooks.labs_are_unsolved_and_solutions_pass,
        course_root,
        "labs/01_double.ipynb: is shipped solved",
        f"Put the solution in {LAB} between its markers",
    )


PUZZLES = """
[[puzzles]]
number = "1"
slug = "numbers"
title = "Numbers"
minutes = 20
after = "01"
"""
PUZZLE_SOURCE = "source/labs/puzzles_1_numbers.py"


def write_puzzles(root: Path, *left_out: str) -> None:
    """Add a set of six puzzles, without the cells of those that are named."""
    outline = root / "source" / "outline.toml"
    if PUZZLES not in (text := outline.read_text(encoding="utf-8")):
        outline.write_text(text + PUZZLES, encoding="utf-8")
    names = [f"1_{place}" for place in range(1, 7)]
    cells = [
        f'# %%\n# %%module work_{name}\nx = 1\n\n\n# %%\ncheck("{name.replace("_", ".")}")\n'
        for name in names
        if name not in left_out
    ]
    write(root, PUZZLE_SOURCE, "\n".join(cells))
    for name in names:
        write(root, f"helpers/checks/puzzles/puzzle_{name}.py", "")


def test_a_puzzle_without_its_cells_or_its_judge(course_root):
    write_puzzles(course_root)
    assert list(sources.puzzles_are_complete(Course(course_root))) == []
    (course_root / "helpers/checks/puzzles/puzzle_1_6.py").unlink()
    judge = "helpers/checks/puzzles/puzzle_1_6.py: is missing: it judges puzzle 1.6"
    assert_refused(sources.puzzles_are_complete, course_root, judge, "Write it")
    write_puzzles(course_root, "1_2")
    missing = [str(problem) for problem in sources.puzzles_are_complete(Course(course_root))]
    assert [problem.splitlines()[0] for problem in missing] == [
        f"{PUZZLE_SOURCE}: puzzle 1.2 has no cell '# %%module work_1_2'",
        f"{PUZZLE_SOURCE}: puzzle 1.2 has no cell 'check(\"1.2\")'",
    ]


@pytest.mark.parametrize("text", ["     ok  double\n", "   todo  double\n", "nothing\n"])
def test_puzzles_that_are_not_shipped_broken(course_root, text):
    write_puzzles(course_root)
    lab, puzzles = course_root / "labs/01_double.ipynb", "labs/puzzles_1_numbers.ipynb"
    shutil.copy(lab, course_root / puzzles)
    change(course_root, puzzles, 3, outputs=verdict(text))
    rule = notebooks.labs_are_unsolved_and_solutions_pass
    assert_refused(rule, course_root, f"{puzzles}: is not shipped broken", "fail its check")
    change(course_root, puzzles, 3, outputs=verdict("not yet  double: got 1\n"))
    assert list(rule(Course(course_root))) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("     ok  one\n   todo  two\n", "ok, todo"),
        ("     ok  one\nnot yet  two: expected\n", "not yet, ok"),
        ("nothing\n", "no verdict"),
    ],
)
def test_a_solution_that_does_not_pass(course_root, text, said):
    change(course_root, "solutions/01_double.ipynb", 3, outputs=verdict(text))
    assert_refused(
        notebooks.labs_are_unsolved_and_solutions_pass,
        course_root,
        f"solutions/01_double.ipynb: does not pass its check: {said}",
        f"Fix the solution in {LAB}",
    )


def test_a_notebook_that_is_too_large(course_root):
    change(course_root, HELLO, 2, outputs=verdict("x" * 700_000))
    assert_refused(
        notebooks.notebooks_are_small,
        course_root,
        f"{HELLO}: has 70",
        f"Show fewer or smaller pictures in {LESSON}",
    )


OTHERS = (  # these test other rules
    "tools/test_claim_links.py",
    "tools/test_claims_page.py",
    "tools/test_glossary.py",
    "tools/test_reading_time.py",
    "tools/test_shown.py",
    "tools/test_words.py",
    "diagnosis/test_catalog.py",
)


def test_every_rule_is_proved():
    places = [ROOT / "tests" / name for name in OTHERS]
    text = "".join(path.read_text(encoding="utf-8") for path in [Path(__file__), *places])
    assert not [
        rule.__name__
        for rule in cli.RULES
        if f"({rule.__name__}, " not in text and f".{rule.__name__}" not in text
    ]


# The command


@pytest.mark.processes
def test_the_command_prints_each_problem_and_counts_them(course_root, monkeypatch, capsys):
    monkeypatch.setattr(cli, "ROOT", course_root)
    assert cli.main([]) == 0
    assert capsys.readouterr().out == f"All {len(cli.RULES)} rules hold.\n"
    write(course_root, "notebooks/Untitled.ipynb", "")
    (course_root / "labs/01_double.ipynb").unlink()
    assert cli.main([]) == 1
    said = capsys.readouterr().out
    assert "notebooks/Untitled.ipynb: belongs to no lesson" in said
    assert said.endswith("\n2 problems. Each says how to fix it.\n")
