"""Rules about the sources of notebooks: what they may contain, and how long it may be.

A source is plain Python with its magics commented out, so `ast` gives the lines of what it finds.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from tools.build.percent import MAGIC, Cell, SourceError, has_solution, lab_cells, read_source
from tools.check.problem import Problem
from tools.nbgrader.metadata import requirement_count
from tools.outline import CLAIMS, LAB, LESSON, Course, Lesson, PuzzleSet

CODE_LINES = 12
MODULE_LINES = 24  # of what a learner writes into a module, as the lab gives it
PROSE_WORDS = 180
PUZZLES = 6  # in a set

MAGICS = ("load_ext", "module", "writefile")

# name -> (what goes wrong, how to fix it), for a call by this name, alone or as an attribute
CALLS = {
    "clear_output": ("the test never sees it", "Print once, or set the value of a widget"),
    "interact": ("it breaks runs without a screen", "Use a control and an Image or HTML widget"),
    "interactive": ("it breaks runs without a screen", "Use a control and an Image or HTML widget"),
    "interactive_output": (
        "it breaks runs without a screen",
        "Use a control and an Image or HTML widget",
    ),
    "Output": ("it breaks runs without a screen", "Set the value of an Image or HTML widget"),
    "update_display": ("the test never sees it", "Set the value of a widget"),
    "set_start_method": (
        "it can be called once only and is the same for everything in the kernel",
        "Use multiprocessing.get_context(…)",
    ),
    "input": ("a test has no user who could answer", "Use predict(…) or a widget"),
    "exit": ("it ends the kernel", "Remove it"),
    "quit": ("it ends the kernel", "Remove it"),
}
# the same, for a full name only
DOTTED = {
    "plt.show": ("it needs a screen", "Assign the axes: ax = plot_…(…)"),
    "pyplot.show": ("it needs a screen", "Assign the axes: ax = plot_…(…)"),
    "warnings.warn": (
        "its text holds a temporary path",
        "Print the sentence, or catch the warning and print it",
    ),
    "os._exit": ("it ends the kernel", "Put it into a module that a child runs"),
}


def _sources(course: Course) -> Iterator[tuple[str, Lesson | PuzzleSet]]:
    """Yield each existing source with its lesson or its set of puzzles."""
    for page in course.pages:
        if page.folder in (LESSON, LAB) and (course.root / page.source).exists():
            yield page.source, page.lesson


def _cells(course: Course, file: str) -> tuple[Cell, ...]:
    """Return the source's cells; () if it can't be read, which `sources_can_be_read` reports."""
    try:
        return read_source(course.root / file, file)
    except SourceError:
        return ()


def _text(course: Course, file: str) -> str:
    return (course.root / file).read_text(encoding="utf-8")


def _tree(course: Course, file: str) -> ast.Module:
    """Return the source's syntax tree; an empty one if it is not Python."""
    try:
        return ast.parse(_text(course, file))
    except SyntaxError:
        return ast.Module([], [])


def sources_can_be_read(course: Course) -> Iterator[Problem]:
    """Yield a problem for a source that can't be built, and requirements that can't be counted."""
    for file, lesson in _sources(course):
        try:
            read_source(course.root / file, file)
            ast.parse(_text(course, file))
            if file.startswith("source/labs/") and isinstance(lesson, Lesson):
                requirement_count(lesson.number, course.root)
        except SourceError as error:
            yield Problem(error.file, error.fault, error.fix, error.line)
        except SyntaxError as error:
            fix = "Correct it; write a magic as a comment: # %%module work_01"
            yield Problem(file, f"not Python: {error.msg}", fix, error.lineno or 0)


def labs_have_solutions(course: Course) -> Iterator[Problem]:
    """Yield a problem for a lab without a marked solution, and for a lesson that has one."""
    for file, _lesson in _sources(course):
        cells = _cells(course, file)
        is_lab = file.startswith("source/labs/")
        if cells and is_lab and not has_solution(cells):
            fix = "Put ### BEGIN SOLUTION and ### END SOLUTION around what the learner is to write"
            yield Problem(file, "has no marked solution, so its lab would be shipped solved", fix)
        if not is_lab and has_solution(cells):
            yield Problem(file, "is a lesson with a marked solution", "Move it to the lab")


def no_title_in_sources(course: Course) -> Iterator[Problem]:
    """Yield a problem for a heading of the first level: the build writes the title."""
    for file, _lesson in _sources(course):
        for cell in _cells(course, file):
            if cell.kind == "markdown" and re.search(r"^# \S", cell.text, re.MULTILINE):
                fix = "Use '## ' and lower; the build writes the title, from the outline"
                yield Problem(file, "has a heading of the first level", fix, cell.line)


def nothing_breaks_a_run(course: Course) -> Iterator[Problem]:
    """Yield a problem for each call that breaks nbval, needs a screen, or ends the kernel."""
    for file, _lesson in _sources(course):
        for node in ast.walk(_tree(course, file)):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func)
            found = DOTTED.get(name) or CALLS.get(name.split(".")[-1])
            if found and not name.startswith("self."):
                why, fix = found
                yield Problem(file, f"calls {name}: {why}", fix, node.lineno)
            if any(word.arg == "display_id" for word in node.keywords):
                fix = "Set the value of a widget"
                yield Problem(file, "uses display_id: the test never sees it", fix, node.lineno)


def no_semicolon_at_the_end(course: Course) -> Iterator[Problem]:
    """Yield a problem for each `;` that should hide a result: nbval shows the result anyway."""
    for file, _lesson in _sources(course):
        for number in _semicolons(_text(course, file)):
            fix = "Assign the result instead: ax = …, or _ = …"
            yield Problem(file, "ends a line with ';', which the test ignores", fix, number)


def _semicolons(text: str) -> Iterator[int]:
    try:
        before = None
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.NEWLINE and before is not None and before.string == ";":
                yield before.start[0]
            if token.type != tokenize.COMMENT:
                before = token
    except (tokenize.TokenError, SyntaxError):  # reported by sources_can_be_read
        return


def magics_are_known(course: Course) -> Iterator[Problem]:
    """Yield a problem for each magic that is not allowed, shell command and nbval comment."""
    for file, _lesson in _sources(course):
        for number, line in enumerate(_text(course, file).splitlines(), 1):
            magic = re.match(r"%+(\w+)", MAGIC.sub(r"\1", line)) if MAGIC.match(line) else None
            if magic and magic[1] not in MAGICS:
                fix = f"Allowed are {', '.join(MAGICS)}; measure with helpers.measure.sweeps"
                yield Problem(file, f"uses the magic {magic[1]}", fix, number)
            if re.match(r"# !", line):
                yield Problem(file, "runs a shell command", "Use Python instead", number)
            if re.match(r"\s*# ?(?:NBVAL_|PYTEST_VALIDATE_)", line):
                fix = 'Tag the cell: # %% tags=["nbval-ignore-output"]'
                yield Problem(file, "marks a cell for nbval by a comment", fix, number)


def cells_are_short(course: Course) -> Iterator[Problem]:
    """Yield a problem for each cell that is too long to take in at a glance."""
    for file, _lesson in _sources(course):
        cells = _cells(course, file)
        for cell in lab_cells(cells) if file.startswith("source/labs/") else cells:
            lines = sum(bool(line.strip()) for line in cell.text.splitlines())
            words = len(cell.text.split())
            most = MODULE_LINES if "%%module" in cell.text else CODE_LINES
            if cell.kind == "code" and lines > most:
                what = f"a code cell of {lines} lines; the limit is {most}"
                yield Problem(file, what, "Split it, or move what is not the topic", cell.line)
            if cell.kind == "code" and not lines:
                yield Problem(file, "an empty code cell", "Remove it", cell.line)
            if cell.kind == "markdown" and words > PROSE_WORDS:
                what = f"a prose cell of {words} words; the limit is {PROSE_WORDS}"
                yield Problem(file, what, "Shorten it, or put a cell of code between", cell.line)


def puzzles_are_complete(course: Course) -> Iterator[Problem]:
    """Yield a problem for a set that is not six puzzles, each with its module, check and judge."""
    for file, puzzles in _sources(course):
        if not isinstance(puzzles, PuzzleSet):
            continue
        text = _text(course, file)
        for place in range(1, PUZZLES + 1):
            id_ = f"{puzzles.number}.{place}"
            name = f"{puzzles.number}_{place}"
            judge = f"helpers/checks/puzzles/puzzle_{name}.py"
            if not (course.root / judge).exists():
                yield Problem(judge, f"is missing: it judges puzzle {id_}", "Write it")
            for wanted in (f"# %%module work_{name}\n", f'check("{id_}")\n'):
                if wanted not in text:
                    yield Problem(file, f"puzzle {id_} has no cell {wanted.strip()!r}", "Add it")


def claims_are_shown(course: Course) -> Iterator[Problem]:
    """Yield a problem for a claim that its lesson does not show, and for an unknown claim id."""
    for file, lesson in _sources(course):
        shown = set()
        for node, id_ in _claim_calls(_tree(course, file)):
            shown.add(id_)
            if id_ is None:
                fix = 'Write the id out: claim("P1", …), one call a claim'
                yield Problem(file, "a claim() whose id is not a plain text", fix, node.lineno)
            elif id_ not in course.claims:
                fix = f"Correct the id, or write the claim's words into {CLAIMS}"
                yield Problem(file, f"unknown claim {id_!r}", fix, node.lineno)
        if isinstance(lesson, Lesson) and file.startswith("source/lessons/"):
            for id_ in lesson.claims:
                if id_ not in shown:
                    fix = f'Show it by a cell with claim("{id_}", …), or take it out of the outline'
                    yield Problem(file, f"does not show its claim {id_}", fix)


def _claim_calls(tree: ast.Module) -> Iterator[tuple[ast.Call, str | None]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in (
            "claim",
            "cannot_show",
        ):
            first = node.args[0] if node.args else None
            plain = isinstance(first, ast.Constant) and isinstance(first.value, str)
            yield node, first.value if plain else None


RULES = (
    sources_can_be_read,
    labs_have_solutions,
    no_title_in_sources,
    nothing_breaks_a_run,
    no_semicolon_at_the_end,
    magics_are_known,
    cells_are_short,
    puzzles_are_complete,
    claims_are_shown,
)
