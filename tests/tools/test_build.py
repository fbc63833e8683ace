"""The build: sources to notebooks, the same bytes each time, and nothing run in vain."""

from __future__ import annotations

import os
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_output

from helpers.engines.ratios import Ratio, disturbance
from tests.mini_course import HELLO, LAB, OUTLINE, write
from tools.build import notebooks
from tools.build.compose import compose
from tools.build.notebooks import BuildError, build_all, build_page, build_readme, chosen_pages
from tools.build.percent import Cell, SourceError, lab_cells, read_source, solution_cells
from tools.build.readme import map_text
from tools.build.stored_outputs import SANITIZE, outputs_compare_equal, sanitized, tidy, unstorable
from tools.launcher.shipped import read_shipped
from tools.outline import ROOT, Course

pytestmark = pytest.mark.once

BUILT = [
    "notebooks/00_hello.ipynb",
    "notebooks/01_double.ipynb",
    "labs/01_double.ipynb",
    "solutions/01_double.ipynb",
]


def contents(root):
    return {name: (root / name).read_bytes() for name in [*BUILT, "README.md"]}


def notebook(root, name):
    return nbformat.read(root / name, as_version=4)


def code_and_text(root, name):
    """Return each code cell's source with what it printed."""
    cells = [cell for cell in notebook(root, name).cells if cell.cell_type == "code"]
    return [(cell.source, "".join(out.get("text", "") for out in cell.outputs)) for cell in cells]


def edit(root, name, old, new):
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    write(root, name, text.replace(old, new))


@pytest.fixture
def no_kernel(monkeypatch):
    """Make every attempt to run a notebook fail."""
    monkeypatch.setattr(notebooks, "execute", lambda *_: pytest.fail("a notebook was run"))


# What is built


@pytest.mark.processes
def test_a_notebook_has_fixed_ids_and_metadata_and_is_valid(built_once):
    for name in BUILT:
        found = notebook(built_once, name)
        nbformat.validate(found)
        assert [cell.id for cell in found.cells] == [f"c{n:02}" for n in range(len(found.cells))]
        assert found.metadata.keys() == {"course", "kernelspec", "language_info"}
        assert found.metadata.language_info.keys() == {"file_extension", "mimetype", "name"}
        assert all(cell.metadata.keys() <= {"tags"} for cell in found.cells)


def test_code_cells_are_numbered_as_they_ran(built_once):
    for name in BUILT:
        cells = [cell for cell in notebook(built_once, name).cells if cell.cell_type == "code"]
        assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))


def test_header_and_footer_of_a_lesson_come_from_the_outline(built_once):
    first, last = (notebook(built_once, BUILT[0]).cells[place].source for place in (0, -1))
    assert first == (
        "# 00 · Hello\n\n"
        "5 minutes · next: [01 Double](01_double.ipynb)\n\n"
        "<details>\n<summary>Puts one claim to the test: P1</summary>\n\n"
        "- **P1** A greeting greets\n\n</details>"
    )
    assert last == "---\n\nnext: [01 Double](01_double.ipynb)"


def test_a_lesson_with_a_lab_links_to_it(built_once):
    first, last = (notebook(built_once, BUILT[1]).cells[place].source for place in (0, -1))
    to_lab = "lab: [01 Double it yourself](../labs/01_double.ipynb)"
    links = f"previous: [00 Hello](00_hello.ipynb) · {to_lab}"
    assert first == f"# 01 · Double\n\n10 minutes · {links}"
    lab = "**Your turn:** [Lab: Double it yourself](../labs/01_double.ipynb), 15 minutes"
    assert last == f"---\n\n{lab}\n\n{links}"


def test_header_of_a_lab_and_of_its_solution(built_once):
    lesson = "lesson: [01 Double](../notebooks/01_double.ipynb)"
    assert notebook(built_once, BUILT[2]).cells[0].source == (
        f"# 01 · Lab: Double it yourself\n\n15 minutes · {lesson}"
    )
    assert notebook(built_once, BUILT[3]).cells[0].source == (
        "# 01 · Solution: Double it yourself\n\n"
        f"{lesson} · lab: [01 Double it yourself](../labs/01_double.ipynb)"
    )


def test_a_lab_has_a_stub_where_its_solution_was(built_once):
    (stub, _), (_, checked) = code_and_text(built_once, BUILT[2])
    assert stub == (
        "def double(number):\n"
        '    """Return twice the number."""\n'
        "    # Your code here, instead of the next line.\n"
        "    raise NotImplementedError"
    )
    assert checked == "todo double(4)\n"
    assert "Twice a number" not in (built_once / BUILT[2]).read_text(encoding="utf-8")


def test_a_solution_has_the_code_without_markers_and_the_cells_of_its_own(built_once):
    (solved, _), (_, checked) = code_and_text(built_once, BUILT[3])
    assert (
        solved == 'def double(number):\n    """Return twice the number."""\n    return 2 * number'
    )
    assert checked == "ok double(4)\n"
    assert any("Twice a number" in cell.source for cell in notebook(built_once, BUILT[3]).cells)


def test_a_module_written_by_a_cell_reaches_its_children_and_is_removed(built_once):
    cells = code_and_text(built_once, BUILT[1])
    assert cells[1][0].startswith("%%writefile work_01.py\ndef double")
    assert cells[3][1] == "[42]\n"
    assert not list(built_once.glob("*/work_*.py"))


def test_a_meant_error_is_stored_without_the_folders_of_this_machine(built_once):
    error = notebook(built_once, BUILT[1]).cells[-2].outputs[0]
    assert (error.ename, error.evalue[:11]) == ("TypeError", "unsupported")
    told = "\n".join(error.traceback)
    assert "Cell In[5]" in told
    assert "work_01.py" not in told


def test_readme_has_the_map(built_once):
    text = (built_once / "README.md").read_text(encoding="utf-8")
    assert text.startswith("# A small course\n")
    assert "| 00 | [Hello](notebooks/00_hello.ipynb) | greet | 5 |" in text
    assert "[Double it yourself](labs/01_double.ipynb), 15 min |" in text
    assert "30 min in all" in map_text(Course(built_once))


@pytest.mark.processes
def test_what_the_build_stores_passes_nbval_with_the_same_rules(course_root):
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", str(course_root)]
    command += [
        "-p",
        "tools.pytest_leftovers.plugin",
        "-p",
        "no:cacheprovider",
        "-q",
        "-W",
        "error",
    ]
    command += ["--nbval", "--nbval-current-env"]
    command += ["--nbval-sanitize-with", str(ROOT / "tools/sanitize.cfg"), *BUILT]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        command, cwd=course_root, env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert not list(course_root.glob("*/work_*.py"))


# What is built again


def test_what_did_not_change_is_not_run_and_keeps_every_byte(course_root, no_kernel, capsys):
    before = contents(course_root)
    assert build_all(Course(course_root), [], force=False) == 0
    assert contents(course_root) == before
    assert capsys.readouterr().out.splitlines()[-1] == "Done: 4 unchanged."


def test_a_build_of_one_notebook_does_not_note_the_edits_in_another_as_shipped(
    course_root, no_kernel
):
    before = read_shipped(course_root)
    edited = course_root / "labs/01_double.ipynb"
    edited.write_text(edited.read_text(encoding="utf-8").replace("Write", "I wrote"), "utf-8")
    assert build_all(Course(course_root), ["00"]) == 0
    assert read_shipped(course_root) == before
    assert list(before) == [page.file for page in Course(course_root).pages]


@pytest.mark.processes
def test_a_forced_build_changes_no_byte_though_the_numbers_differ(course_root):
    before = contents(course_root)
    assert build_all(Course(course_root), ["00", "notebooks/01"], force=True) == 0
    assert contents(course_root) == before


@pytest.mark.processes
def test_a_fresh_build_stores_the_new_runs_numbers(course_root):
    before = contents(course_root)
    assert build_all(Course(course_root), ["00"], fresh=True) == 0
    assert contents(course_root) != before


def test_a_notebook_with_the_learners_map_runs_again_when_there_is_another_lab(course_root):
    course = Course(course_root)
    page = course.pages[0]

    def code() -> str:
        return compose(page, Course(course_root)).metadata.course.code

    before = code()
    edit(course_root, "source/outline.toml", "Double it yourself", "Twice")
    assert code() == before
    edit(course_root, page.source, 'print("hello")', "show_progress()")
    before = code()
    edit(course_root, "source/outline.toml", "Twice", "Three times")
    assert code() != before


def test_a_lab_ends_with_where_help_is_to_be_had(built_once):
    last = notebook(built_once, "labs/01_double.ipynb").cells[-1].source
    assert '`hint("01")`' in last and '`solution("01")`' in last and '`reset("01")`' in last
    for name in ("notebooks/01_double.ipynb", "solutions/01_double.ipynb"):
        assert "hint" not in notebook(built_once, name).cells[-1].source


def test_changed_prose_and_links_keep_the_outputs(course_root, no_kernel):
    edit(course_root, "source/lessons/00_hello.py", "A greeting is a text", "A text greets")
    edit(course_root, "source/outline.toml", 'title = "Double"', 'title = "Twice"')
    before = code_and_text(course_root, BUILT[0])
    assert build_all(Course(course_root), [], force=False) == 0
    text = (course_root / BUILT[0]).read_text(encoding="utf-8")
    assert "A text greets" in text
    assert "[01 Twice]" in text
    assert "[01 Twice]" not in before
    assert code_and_text(course_root, BUILT[0]) == before


@pytest.mark.processes
def test_changed_code_is_run_and_the_other_cells_keep_their_text(course_root):
    before = code_and_text(course_root, BUILT[0])
    edit(
        course_root, "source/lessons/00_hello.py", "import time\n", 'import time\n\nprint("new")\n'
    )
    edit(
        course_root,
        "source/lessons/00_hello.py",
        "# %% [markdown]",
        '# %%\nprint("first")\n\n# %% [markdown]',
    )
    result = build_page(Course(course_root).pages[0], Course(course_root))
    assert result.what == notebooks.BUILT
    after = code_and_text(course_root, BUILT[0])
    assert after[0] == ('print("first")', "first\n")
    assert after[1] == before[0]
    assert after[2][1].startswith("new\nhello\nmeasured: ")


@pytest.mark.processes
def test_an_output_that_was_deleted_is_made_again(course_root):
    (course_root / BUILT[0]).unlink()
    page = Course(course_root).pages[0]
    assert build_page(page, Course(course_root)).what == notebooks.BUILT
    assert code_and_text(course_root, BUILT[0])[1][1].startswith("hello\n")


# What is refused


FAILING = """# %%
print("before")

# %%
1 / 0
"""

UNFIT = """# %%
import subprocess, sys

sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(602)"])
sleeper.pid > 0

# %%
print("child of pid", 123456)
"""


@pytest.mark.processes
def test_a_cell_that_fails_is_shown_and_the_old_notebook_stays(course_root, capsys):
    before = contents(course_root)
    write(course_root, "source/lessons/00_hello.py", FAILING)
    assert build_all(Course(course_root), ["00"], force=False) == 1
    assert contents(course_root) == before
    assert not list(course_root.glob("notebooks/.*"))
    said = capsys.readouterr().out
    assert "source/lessons/00_hello.py: cell c02 raised an error" in said
    assert "1 / 0" in said
    assert "ZeroDivisionError: division by zero" in said
    assert "Failed: 1. Fix the errors above and build again." in said


@pytest.mark.processes
def test_what_is_left_behind_is_refused_and_ended(course_root):
    write(course_root, "source/lessons/00_hello.py", UNFIT)
    with pytest.raises(BuildError, match=r"still running after the last cell: process \d+"):
        build_page(Course(course_root).pages[0], Course(course_root))


@pytest.mark.processes
def test_a_result_above_the_ceiling_is_refused_and_the_old_notebook_stays(course_root, capsys):
    before = contents(course_root)
    said = disturbance("processes × 2", Ratio(2.0, 1.9, 2.1), Ratio(1.5, 1.4, 1.6))
    write(course_root, "source/lessons/00_hello.py", f"# %%\nprint({'measured: ' + said!r})\n")
    assert build_all(Course(course_root), ["00"], force=False) == 1
    assert contents(course_root) == before
    assert "a result above this machine's ceiling in its output" in capsys.readouterr().out


@pytest.mark.processes
def test_an_error_that_does_not_come_is_refused(course_root):
    write(course_root, "source/lessons/00_hello.py", '# %% tags=["raises-exception"]\n1 + 1\n')
    with pytest.raises(BuildError, match="tagged raises-exception, but raised nothing"):
        build_page(Course(course_root).pages[0], Course(course_root))


def cell_with(text, tags=()):
    output = new_output("stream", name="stdout", text=text)
    return new_code_cell("print()", outputs=[output], metadata={"tags": list(tags)} if tags else {})


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("written to {root}/x.txt", "a path of this machine"),
        ("/ho" + "me/ann/course/x.py", "an absolute path"),
        ("C:\\Us" + "ers\\ann\\x.py", "an absolute path"),
        ("<function f at 0x7f2b5c0d1e10>", "a memory address"),
        ("Traceback (most recent call last):\n  File", "a traceback"),
        ("pid 43210", "a process id"),
        ("the process id: 43210", "a process id"),
        ("<Future: key: wait-de3cb790-c5e7-4e07-a717-cd547ac39fe9-14>", "a random key"),
        ("✗ P1  A greeting greets  did not hold here", "a claim that did not hold"),
        (
            "measured: " + disturbance("x", Ratio(2.0, 1.9, 2.1), Ratio(1.5, 1.4, 1.6)),
            "a result above this machine's ceiling",
        ),
    ],
)
def test_what_is_so_in_one_run_only_is_not_stored(tmp_path, text, fault):
    (said,) = unstorable(cell_with(f"fine\n{text.replace('{root}', str(tmp_path))}\n"), tmp_path)[
        :1
    ]
    assert said.startswith(f"{fault} in its output: '")


def test_a_traceback_is_stored_only_where_it_is_not_compared(tmp_path):
    text = 'Traceback (most recent call last):\n  File "multiprocessing/spawn.py", line 122\n'
    assert unstorable(cell_with(text), tmp_path)
    assert unstorable(cell_with(text, ["nbval-ignore-output"]), tmp_path) == []
    home = "/".join(["", "home", "learner", "x"])  # no file may name such a path in one piece
    (said,) = unstorable(cell_with(f"{text} {home}", ["nbval-ignore-output"]), tmp_path)
    assert said.startswith("an absolute path")


@pytest.mark.parametrize(
    "text",
    [
        "measured: the child ran in process id 43210",
        "2 different process ids: 2 workers",
        "http://127.0.0.1/home/x and 1/2 of /dev/shm",
        "✓ P1  A greeting greets",
        "measured: the measurement was not disturbed" + disturbance("x", *[Ratio(1, 1, 1)] * 2),
        "0x10",
    ],
)
def test_what_is_the_same_in_every_run_is_stored(tmp_path, text):
    assert unstorable(cell_with(text), tmp_path) == []


def test_a_puzzle_gives_the_broken_lines_or_the_solved_ones():
    lines = "a\n### BEGIN BROKEN\nb\n### END BROKEN\n### BEGIN SOLUTION\nc\n### END SOLUTION\nd"
    cell = Cell("code", lines)
    assert lab_cells([cell])[0].text == "a\nb\nd"
    assert solution_cells([cell])[0].text == "a\nc\nd"


BAD_SOURCES = {
    "nested": (
        "### BEGIN SOLUTION\n### BEGIN SOLUTION\nx\n### END SOLUTION",
        4,
        "inside the ### BEGIN SOLUTION of line 3",
    ),
    "unclosed": ("### BEGIN SOLUTION\nx = 1", 3, "is not closed in its cell"),
    "unclosed in its cell": (
        "### BEGIN SOLUTION\nx = 1\n\n# %%\n### END SOLUTION",
        3,
        "not closed",
    ),
    "never opened": ("x = 1\n### END SOLUTION", 4, "without its ### BEGIN SOLUTION"),
    "empty": ("### BEGIN SOLUTION\n### END SOLUTION", 4, "nothing between"),
    "misspelled": (
        "# BEGIN SOLUTION\nx = 1\n# END SOLUTION",
        3,
        "a marker that the build can't",
    ),
    "after code": ("x = 1  ### BEGIN SOLUTION", 3, "alone on its line"),
    "broken and no more": ("### BEGIN BROKEN\nx\n### END BROKEN\ny = 1", 5, "without the solution"),
    "closed by another": ("### BEGIN BROKEN\nx\n### END SOLUTION", 5, "END SOLUTION without its"),
}


@pytest.mark.parametrize("name", BAD_SOURCES)
def test_markers_that_do_not_fit_are_refused_with_file_and_line(course_root, no_kernel, name):
    text, line, fault = BAD_SOURCES[name]
    write(course_root, "source/labs/01_double.py", f"# %%\ny = 0\n{text}\n")
    with pytest.raises(BuildError, match=rf"^source/labs/01_double.py:{line}: ") as raised:
        build_page(Course(course_root).pages[2], Course(course_root))
    assert fault in str(raised.value)


def test_text_before_the_first_cell_is_refused(tmp_path):
    path = write(tmp_path, "x.py", '"""A docstring."""\n\n# %%\n1\n')
    with pytest.raises(SourceError, match=r"^x\.py:1: the text before the first cell"):
        read_source(path, "x.py")


def test_a_cell_mark_inside_a_string_is_refused(tmp_path):
    path = write(tmp_path, "x.py", '# %%\nx = """\n# %%\n"""\n')
    with pytest.raises(SourceError, match="Don't start a line with '# %%' inside a string"):
        read_source(path, "x.py")


def test_only_magics_are_uncommented(tmp_path):
    text = "# %%\n# %load_ext x\n# copy the list\n# 50 %\n# %d\n\n# %%\n# %%module work_01\n# ls\n"
    cells = read_source(write(tmp_path, "x.py", text), "x.py")
    assert [cell.text for cell in cells] == [
        "%load_ext x\n# copy the list\n# 50 %\n# %d",
        "%%module work_01\n# ls",
    ]


def test_a_lab_without_a_solution_and_a_lesson_with_one_are_refused(course_root, no_kernel):
    write(course_root, "source/labs/01_double.py", HELLO)
    write(course_root, "source/lessons/00_hello.py", LAB)
    lesson, _, lab, _ = Course(course_root).pages
    with pytest.raises(BuildError, match="lab would be shipped solved"):
        build_page(lab, Course(course_root))
    with pytest.raises(BuildError, match="is a lesson with a marked solution"):
        build_page(lesson, Course(course_root))


def test_a_missing_source_is_named(course_root):
    (course_root / "source/lessons/00_hello.py").unlink()
    with pytest.raises(BuildError, match=r"source/lessons/00_hello\.py is missing, though"):
        build_page(Course(course_root).pages[0], Course(course_root))


def test_a_readme_without_a_place_for_the_map_is_named(course_root, capsys, no_kernel):
    write(course_root, "README.md", "# Nothing\n")
    assert build_all(Course(course_root), [], force=False) == 1
    assert "README.md has no place for the map" in capsys.readouterr().out
    (course_root / "README.md").unlink()
    with pytest.raises(BuildError, match=r"README\.md is missing"):
        build_readme(Course(course_root))


# What names mean, and what is kept


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("01", BUILT[1:]),
        ("01_double", BUILT[1:]),
        ("double", BUILT[1:]),
        ("labs/01_double", BUILT[2:3]),
        ("labs\\01_double.ipynb", BUILT[2:3]),
        ("solutions/01", BUILT[3:]),
        ("1", BUILT[1:]),
        ("labs/1", BUILT[2:3]),
        ("my_course/labs/01_double.ipynb", BUILT[2:3]),
        ("source/labs/01_double.py", BUILT[2:]),
        ("./source/lessons/00_hello.py", BUILT[:1]),
    ],
)
def test_a_name_means_its_notebooks(built_once, name, files):
    assert [page.file for page in chosen_pages(Course(built_once), [name])] == files


def test_an_unknown_name_is_refused_with_those_there_are(built_once):
    with pytest.raises(BuildError, match=r"there is no '09'\. Lessons are 00_hello, 01_double"):
        chosen_pages(Course(built_once), ["00", "09"])


@pytest.mark.parametrize(
    ("old", "new", "tags", "equal"),
    [
        ("a\nmeasured: 1 s\n", "a\nmeasured: 2 s\n", (), True),
        ("a\nmeasured: 1 s\n", "b\nmeasured: 1 s\n", (), False),
        ("✓ P1  x\n", "– P1  x  can't be shown here: one core\n", (), True),
        ("– P1  x  can't be shown here: one core\n", "✓ P1  x\n", (), False),
        ("took 1.5 s\n", "took 0.25  s\n", ("nbval-ignore-output",), True),
        ("took 1.5 s\n", "it took 0.25 s\n", ("nbval-ignore-output",), False),
        ("took 1.5 s\n", "took 0.25 s\n", (), False),
    ],
)
def test_runs_compare_equal_where_nothing_compared_differs(old, new, tags, equal):
    assert outputs_compare_equal([cell_with(new, tags)], [cell_with(old, tags)]) is equal


def test_one_cell_that_differs_makes_the_runs_differ():
    new, old = [cell_with("a\n", ()), cell_with("b\n", ())], [cell_with("a\n", ())] * 2
    assert not outputs_compare_equal(new, old)


def test_a_new_picture_makes_no_difference():
    def shown(picture):
        data = {"image/png": picture, "text/plain": "<Figure>"}
        return [new_code_cell("", outputs=[new_output("display_data", data)])]

    assert outputs_compare_equal(shown("bmV3"), shown("b2xk"))


def test_a_widgets_random_id_is_not_stored_and_streams_are_joined():
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/plain": "Slider"}
    outputs = [new_output("stream", name="stdout", text=t) for t in ("a\n", "b\n")]
    cell = new_code_cell("", outputs=[*outputs, new_output("display_data", view)])
    tidy(cell, 3)
    assert [output.get("text") for output in cell.outputs] == ["a\nb\n", None]
    assert cell.outputs[1].data == {"text/plain": "Slider"}
    assert cell.execution_count == 3


def test_a_claim_that_cannot_be_shown_compares_as_one_that_held():
    held, hidden = "✓ P1  x", "– P1  x  can't be shown here: one core"
    assert sanitized(held) == sanitized(hidden)
    assert sanitized(held) != sanitized("✗ P1  x  did not hold here")


def test_a_picture_that_has_a_note_compares_equal_to_one_without():
    assert sanitized("<Figure size 660x428 with 1 Axes>") == "<Figure with 1 Axes>"
    assert sanitized("<Figure size 660x380 with 2 Axes>") != "<Figure with 1 Axes>"


def test_the_rules_are_read_alike_in_every_encoding():
    assert SANITIZE.read_bytes().isascii()  # nbval reads them in the system's


def test_a_kernel_that_does_not_start_is_told_and_the_old_notebook_stays(course_root, monkeypatch):
    before = contents(course_root)

    def fails(*_arguments, **_options):
        raise RuntimeError("Kernel died before replying")

    monkeypatch.setattr("nbclient.NotebookClient.start_new_kernel", fails)
    with pytest.raises(BuildError, match="its kernel did not start: Kernel died"):
        build_page(Course(course_root).pages[0], Course(course_root), force=True)
    assert contents(course_root) == before


def test_the_course_of_these_tests_is_what_they_think(built_once):
    assert OUTLINE.count("[[lesson]]") + OUTLINE.count("[lesson.lab]") * 2 == len(BUILT)
