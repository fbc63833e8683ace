"""The test command: `python3 course.py test [--all | --rest | --lean | --unit] [--only NN] …`.

    tests and notebooks that measure nothing -> pytest on all cores -+
    the others                               -> pytest, in sequence -+-> one plain line at the end

What measures must have the machine to itself, so it runs after the others. The marks of the tests
decide which belong to a part, see PARTS, and which measure nothing, see SIDE_BY_SIDE. A notebook
gets its marks from tools/pytest_leftovers. Other arguments go to pytest, such as -x or -k.

This module imports only the standard library and pytest: pytest runs in this process and must load
its plugins, and what they need, by itself.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest

from tools.launcher.shipped import fingerprint, is_shipped, read_shipped, read_text
from tools.outline import ROOT, Course, Lesson, OutlineError, lesson_is_meant

START_METHOD = ROOT / "tools" / "start_method"
NOTEBOOK_LIMIT = 40  # seconds that a notebook may take on 2 cores
UNIT_LIMIT = 60  # seconds that `--unit` may take on 2 cores
SHOWN = 20  # test files and notebooks that are named with their seconds: the slowest
PARTS = {  # which tests belong to each, by their marks: an expression of pytest's -m
    "all": "",
    "plain": "not browser and not slow",
    "rest": "browser or slow",  # what plain leaves out
    "lean": "not browser and not slow and not once",
    "unit": "not browser and not slow and not processes",
}
# These measure nothing, so they may run beside each other. A browser needs more than one core.
SIDE_BY_SIDE = "not alone and not browser"
WITHOUT_NOTEBOOKS = ("rest", "unit")  # every notebook is run by plain
NOTHING = pytest.ExitCode.NO_TESTS_COLLECTED
GOES_ON = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, NOTHING)  # then another run follows
STOPS = {"-x", "--exitfirst"}  # options of pytest
BARE = "standard_library"  # the mark of tests that need nothing installed but pytest and psutil


class Record:
    """A pytest plugin that notes what failed, and the seconds of each test file and notebook."""

    def __init__(self, limit: float | None = None) -> None:
        self.limit = limit  # seconds after which the whole run is called too long, or None
        self.began = time.monotonic()
        self.seconds: dict[str, float] = defaultdict(float)
        self.counts: Counter[str] = Counter()
        self.failed: dict[str, None] = {}

    @property
    def notebooks(self) -> list[str]:
        """Return the notebooks that were run."""
        return [file for file in self.seconds if _is_notebook(file)]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note one phase of one test."""
        file = report.nodeid.split("::")[0]
        self.seconds[file] += report.duration
        if report.failed:
            self.failed[file if _is_notebook(file) else report.nodeid] = None
        if report.when == "call" or report.outcome != "passed":
            self.counts[report.outcome] += 1

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Show where the time went: the slowest files, and what took longer than it may."""
        slowest = sorted(self.seconds.items(), key=lambda entry: entry[1], reverse=True)[:SHOWN]
        if slowest:
            terminalreporter.section(f"seconds of the slowest of {len(self.seconds)} files")
        for file, seconds in slowest:
            is_late = _is_notebook(file) and seconds > NOTEBOOK_LIMIT
            late = f"  more than {NOTEBOOK_LIMIT} s: a busy machine, or too much for one notebook"
            terminalreporter.write_line(f"{seconds:7.1f}  {file}{late * is_late}")
        took = time.monotonic() - self.began
        if self.limit is not None and took > self.limit:
            terminalreporter.write_line(
                f"This took {took:.0f} s, more than {self.limit:.0f} s: a busy machine, or a slow"
                " test that should be marked `slow` or `processes`"
            )


def _is_notebook(file: str) -> bool:
    return file.endswith(".ipynb")


class Only:
    """A pytest plugin: keeps the tests that belong to one lesson."""

    def __init__(self, lesson: Lesson) -> None:
        number = lesson.number
        self.belongs = re.compile(rf"(?<!\d){number}_|_{number}(?!\d)|{lesson.slug}")

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Leave out the tests whose file and name don't mention the lesson."""
        kept = [item for item in items if self.belongs.search(item.nodeid)]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept


def lesson_named(course: Course, name: str) -> Lesson:
    """Return the lesson with this number, slug or file name; raise SystemExit if none has it."""
    for lesson in course.outline.lessons:
        if lesson_is_meant(lesson, name):
            return lesson
    known = ", ".join(lesson.name for lesson in course.outline.lessons)
    raise SystemExit(f"--only: there is no lesson {name!r}. Lessons are {known}")


def force_start_method(method: str) -> None:
    """Make `method` the default in this process, the kernels, and everything they start."""
    known = multiprocessing.get_all_start_methods()
    if method not in known:
        raise SystemExit(
            f"--start-method: {method!r} is not on this machine; {', '.join(known)} are"
        )
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(START_METHOD), *([before] if before else [])])
    os.environ["COURSE_START_METHOD"] = method
    multiprocessing.set_start_method(method, force=True)


def pytest_runs(course: Course, part: str, cores: int) -> list[list[str]]:
    """Return the arguments of each pytest run of a part; the first of two uses all `cores`."""
    if cores < 2:
        return [pytest_arguments(course, None, part)]
    side_by_side = _both(PARTS[part], SIDE_BY_SIDE)
    several = pytest_arguments(course, None, part, side_by_side)
    several += [f"--numprocesses={cores}", "--dist=loadfile"]
    if part == "unit":
        return [several]
    alone = _both(PARTS[part], f"not ({SIDE_BY_SIDE})")
    return [several, pytest_arguments(course, None, part, alone)]


def _both(one: str, other: str) -> str:
    """Return the expression of marks for what both select; an empty one selects everything."""
    return f"({one}) and ({other})" if one else other


def pytest_arguments(
    course: Course, lesson: Lesson | None, part: str = "plain", expression: str | None = None
) -> list[str]:
    """Return the arguments of one pytest run.

    `part` is one of PARTS; `expression` selects by marks in place of that part's own.
    """
    chosen = PARTS[part] if expression is None else expression
    marks = ["-m", chosen] if chosen else []
    if part in WITHOUT_NOTEBOOKS:
        return ["tests", "-rs", *marks]
    files = [file for file in _files(course, lesson) if (course.root / file).exists()]
    spoiled = unreadable(course, lesson)
    files = [file for file in files if file not in spoiled]
    return ["tests", *files, "--nbval", "-rs", *marks]


def _files(course: Course, lesson: Lesson | None) -> list[str]:
    return [page.file for page in course.pages if lesson in (None, page.lesson)]


def unreadable(course: Course, lesson: Lesson | None) -> list[str]:
    """Return the notebooks that can't be read: pytest would stop at them before any test."""
    texts = {file: read_text(course.root / file) for file in _files(course, lesson)}
    return [file for file, text in texts.items() if text is not None and not fingerprint(text)]


def with_unreadable(record: Record, code: int, files: Sequence[str]) -> int:
    """Count notebooks that can't be read as failed; return the run's exit code with them."""
    for file in files:
        print(f"{file} can't be read as a notebook, so it was not run.")
        record.failed[file] = None
    return int(pytest.ExitCode.TESTS_FAILED) if files and code == pytest.ExitCode.OK else code


def bare_arguments(root: Path = ROOT) -> list[str]:
    """Return what pytest is to run where only pytest and psutil are installed, and how.

    The others can't even be imported there, so the files are chosen by their text. The options of
    pyproject.toml are for nbval; those that are not stay.
    """
    files = sorted((root / "tests").rglob("test_*.py"))
    marked = [file for file in files if f"mark.{BARE}" in file.read_text(encoding="utf-8")]
    names = [file.relative_to(root).as_posix() for file in marked]
    ours = ["-o", "addopts=", "-p", "tools.pytest_leftovers.plugin", "--strict-markers"]
    return [*ours, *names, "-rs", "-m", f"{BARE} and not browser and not slow"]


def _cores() -> int:
    """Return the number of cores that this process may use, where the system tells it."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def changed_here(course: Course) -> list[str]:
    """Return the notebooks whose cells are not as they were shipped: a learner worked in them."""
    shipped = read_shipped(course.root)
    return [
        page.file
        for page in course.pages
        if page.file in shipped
        and not is_shipped(read_text(course.root / page.file), shipped[page.file])
    ]


def last_line(record: Record, code: int, changed: Sequence[str] = ()) -> str:
    """Return the result of the whole run, in one line.

    `changed` are the notebooks that a learner worked in. They, and the tests that read them, may
    fail for that reason alone.
    """
    if code == pytest.ExitCode.TESTS_FAILED and changed:
        theirs = [file for file in record.failed if file in changed]
        others = [file for file in record.failed if file not in changed]
        what = f"FAILED: {_some(others)}. " if others else "Nothing of the course failed. "
        failed = f" (failed: {_some(theirs)})" if theirs else ""
        return (
            f"{what}Changed here, so not as the course shipped it: {_some(changed)}{failed}. To"
            " test the course alone, have it back, with yours kept beside it: python3 course.py"
            f" reset {changed[0].removesuffix('.ipynb')}"
        )
    if code == pytest.ExitCode.INTERRUPTED:
        return "Stopped before the end."
    if code == pytest.ExitCode.NO_TESTS_COLLECTED:
        return "There was nothing to test."
    if code != pytest.ExitCode.OK:
        shown = _some(list(record.failed)) or "the tests could not be run"
        return f"FAILED: {shown}. See above for what went wrong."
    count = len(record.notebooks)
    notebooks = f", {_count(count, 'notebook')} among them" if count else ""
    skipped = record.counts["skipped"]
    says = "says" if skipped == 1 else "say"
    left_out = f"; {_count(skipped, 'test')} could not run here and {says} why above"
    passed = _count(record.counts["passed"], "test")
    return f"All passed: {passed}{notebooks}{left_out if skipped else ''}."


def _some(names: Sequence[str]) -> str:
    """Return the first five names, and how many more there are."""
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line; it leaves other arguments to pytest.

    `course.py test --help` says what the options do (tools/launcher/help.py).
    """
    parser = argparse.ArgumentParser(
        prog="course.py test", description=__doc__.splitlines()[0], allow_abbrev=False
    )
    parts = parser.add_mutually_exclusive_group()
    for part in ("all", "rest", "lean", "unit", "standard-library"):
        parts.add_argument(f"--{part}", dest="part", action="store_const", const=part)
    parser.add_argument("--only", metavar="NN")
    parser.add_argument("--start-method", metavar="M")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the test command; return pytest's exit code."""
    options, rest = make_parser().parse_known_args(arguments)
    os.chdir(ROOT)
    part = options.part or "plain"
    course, record = Course(ROOT), Record(UNIT_LIMIT if part == "unit" else None)
    try:
        lesson = lesson_named(course, options.only) if options.only else None
    except OutlineError as error:
        print(error)
        return 1
    if options.start_method:
        force_start_method(options.start_method)
    if not sys.stdout.isatty():
        rest.append("--color=no")  # nbval prints colors even into a file
    plugins = [record, *([Only(lesson)] if lesson else [])]
    bare = part == "standard-library"
    if bare:
        runs = [bare_arguments()]
    elif lesson or "--pdb" in rest:
        runs = [pytest_arguments(course, lesson, part)]
    else:
        runs = pytest_runs(course, part, _cores())
    code = run_pytest([[*run, *rest] for run in runs], plugins)
    if part not in ("standard-library", *WITHOUT_NOTEBOOKS):
        code = with_unreadable(record, code, unreadable(course, lesson))
    print(f"\n{last_line(record, code, [] if bare else changed_here(course))}")
    return code


def run_pytest(runs: Sequence[Sequence[str]], plugins: Sequence[object]) -> int:
    """Run pytest with each of these arguments; return the code of the first run that failed.

    The runs after a failed one are made too, unless pytest was told to stop at the first failure
    or could not run. If only some of the runs had nothing to test, that is no failure.
    """
    codes: list[int] = []
    for arguments in runs:
        code = pytest.main(list(arguments), plugins=list(plugins))
        codes.append(code)
        if code not in GOES_ON or (code == pytest.ExitCode.TESTS_FAILED and STOPS & {*arguments}):
            break
    bad = [code for code in codes if code not in (NOTHING, pytest.ExitCode.OK)]
    if bad:
        return int(bad[0])
    return int(pytest.ExitCode.OK if pytest.ExitCode.OK in codes else NOTHING)


if __name__ == "__main__":
    sys.exit(main())
