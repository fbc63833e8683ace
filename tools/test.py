"""Runs the tests: `python3 course.py test [--all | --rest | --lean] [--only NN] …`.

    tests/ + notebooks/ + labs/ + solutions/ -> one pytest run -> one plain line at the end

Unit tests come first, as they fail fastest; then each lesson with its lab and solution. Other
arguments are handed to pytest, -x or -k say.

Nothing but the standard library is imported here: pytest, which runs in this process, wants to load
its plugins and what they need by itself.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence

import pytest

from tools.outline import ROOT, Course, Lesson, OutlineError

START_METHOD = ROOT / "tools" / "start_method"
LIMIT = 40  # seconds that a notebook may take on 2 cores
# Tests of what makes the course, opens it and draws it: the same on every Python, done by `plain`.
FRAME = ("course", "build", "check", "nothing_left", "one_run", "unwritten", "outline", "benchmark")
FRAME += ("claims_page", "glossary", "graded", "elsewhere", "cluster_explorer", "last_look", "help")
FRAME += ("beyond", "compared", "climb", "minutes", "calculator", "distribution", "cases", "plots")
FRAME += ("cost_plots", "channel_plots", "channel_explorer", "pipeline_explorer", "widgets")
FRAME += ("modules_left",)
PARTS = {  # what is asked for, and what pytest is told
    "plain": ["-m", "not browser and not slow"],
    "rest": ["-m", "browser or slow"],
    "lean": ["-m", "not browser and not slow", *(f"--ignore=tests/test_{one}.py" for one in FRAME)],
    "all": [],
}


class Record:
    """A pytest plugin: seconds of each notebook, and what failed, for the last lines."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.counts: Counter[str] = Counter()
        self.failed: dict[str, None] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Notes one phase of one test."""
        file = report.nodeid.split("::")[0]
        if file.endswith(".ipynb"):
            self.seconds[file] += report.duration
        if report.failed:
            self.failed[file if file in self.seconds else report.nodeid] = None
        if report.when == "call" or report.outcome != "passed":
            self.counts[report.outcome] += 1

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Shows how long each notebook took."""
        if self.seconds:
            terminalreporter.section("seconds for each notebook")
        for file, seconds in self.seconds.items():
            late = f"  more than {LIMIT} s: a busy machine, or too much for one notebook"
            terminalreporter.write_line(f"{seconds:7.1f}  {file}{late * (seconds > LIMIT)}")


class Only:
    """A pytest plugin: keeps the tests that belong to one lesson."""

    def __init__(self, lesson: Lesson) -> None:
        number = lesson.number
        self.belongs = re.compile(rf"(?<!\d){number}_|_{number}(?!\d)|{lesson.slug}")

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Leaves out the tests whose file and name don't mention the lesson."""
        kept = [item for item in items if self.belongs.search(item.nodeid)]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept


def lesson_named(course: Course, name: str) -> Lesson:
    """The lesson that `07`, `7`, its slug or its file name means; SystemExit if none does."""
    plain = name.zfill(2)
    for lesson in course.outline.lessons:
        if plain in (lesson.number, lesson.slug, lesson.name):
            return lesson
    known = ", ".join(lesson.name for lesson in course.outline.lessons)
    raise SystemExit(f"--only: there is no lesson {name!r}. Lessons are {known}")


def force_start_method(method: str) -> None:
    """Makes `method` the default here, in the kernels, and in whatever they start."""
    known = multiprocessing.get_all_start_methods()
    if method not in known:
        raise SystemExit(
            f"--start-method: {method!r} is not on this machine; {', '.join(known)} are"
        )
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(START_METHOD), *([before] if before else [])])
    os.environ["COURSE_START_METHOD"] = method
    multiprocessing.set_start_method(method, force=True)


def pytest_arguments(course: Course, lesson: Lesson | None, part: str = "plain") -> list[str]:
    """What pytest is to run, and how; `part` is one of PARTS."""
    pages = [page for page in course.pages if lesson in (None, page.lesson)]
    files = [page.file for page in pages if (course.root / page.file).exists()]
    if part == "rest":
        return ["tests", "-rs", *PARTS[part]]
    return ["tests", *files, "--nbval", "-rs", *PARTS[part]]


def last_line(record: Record, code: int) -> str:
    """What became of it all, in one line."""
    if code == pytest.ExitCode.INTERRUPTED:
        return "Stopped before the end."
    if code == pytest.ExitCode.NO_TESTS_COLLECTED:
        return "There was nothing to test."
    if code != pytest.ExitCode.OK:
        shown = ", ".join(list(record.failed)[:5]) or "the tests could not be run"
        more = f" and {len(record.failed) - 5} more" if len(record.failed) > 5 else ""
        return f"FAILED: {shown}{more}. What went wrong is said above."
    notebooks = f", {_count(len(record.seconds), 'notebook')} among them" if record.seconds else ""
    skipped = record.counts["skipped"]
    says = "says" if skipped == 1 else "say"
    left_out = f"; {_count(skipped, 'test')} could not run here and {says} why above"
    passed = _count(record.counts["passed"], "test")
    return f"All passed: {passed}{notebooks}{left_out if skipped else ''}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; its exit code is pytest's."""
    parser = argparse.ArgumentParser(
        prog="course.py test", description=__doc__.splitlines()[0], allow_abbrev=False
    )
    parser.add_argument("--all", action="store_true", help="the browser too, and what is repeated")
    parser.add_argument("--rest", action="store_true", help="only what is left out without --all")
    parser.add_argument("--lean", action="store_true", help="without the tests of the frame")
    parser.add_argument("--only", metavar="NN", help="one lesson, and what belongs to it")
    parser.add_argument("--start-method", metavar="M", help="fork, spawn or forkserver as default")
    options, rest = parser.parse_known_args(arguments)
    os.chdir(ROOT)
    course, record = Course(ROOT), Record()
    try:
        lesson = lesson_named(course, options.only) if options.only else None
    except OutlineError as error:
        print(error)
        return 1
    if options.start_method:
        force_start_method(options.start_method)
    if not sys.stdout.isatty():
        rest.append("--color=no")  # nbval colours its words even into a file
    plugins = [record, *([Only(lesson)] if lesson else [])]
    part = next((one for one in ("all", "rest", "lean") if getattr(options, one)), "plain")
    chosen = pytest_arguments(course, lesson, part)
    code = pytest.main([*chosen, *rest], plugins=plugins)
    print(f"\n{last_line(record, code)}")
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
