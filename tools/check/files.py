"""Rules about files: which ones exist, README's map, style, spelling and forbidden text."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

from tools.build.readme import README, NoMarkers, fresh_readme
from tools.check.problem import Problem
from tools.outline import CLAIMS, LAB, LESSON, OUTLINE, SOLUTION, Course, Page

# Files that learners, editors and tests create; git ignores them too.
NOT_OURS = (".*", "__pycache__", "my_course", "work_*.py", "*.mine-*.ipynb")

HOME = re.compile(r"(?<![\w.])/(?:home|Users)/\w|[A-Z]:\\{1,2}Users\\")
# Addresses below .example are reserved for texts and tests by RFC 2606.
INDEX = re.compile(
    r"(?:index-url|find-links)[ =]+\S*://(?!\w+\.example(?![\w.]))"
    r"|https?://(?!127\.|localhost|\w+\.example(?![\w.]))\S+/simple\b"
)


def claims_are_known(course: Course) -> Iterator[Problem]:
    """Yield a problem for each claim of the outline that has no words."""
    for lesson in course.outline.lessons:
        for claim in lesson.claims:
            if claim not in course.claims:
                yield Problem(
                    OUTLINE,
                    f"lesson {lesson.number} has the claim {claim}, which {CLAIMS} does not know",
                    f"Correct the id, or write the claim's words into {CLAIMS}",
                )


def partners_exist(course: Course) -> Iterator[Problem]:
    """Yield a problem for a lesson or lab without a source, and a source that was not built."""
    for page in course.pages:
        if not (course.root / page.source).exists():
            if page.folder != SOLUTION:  # its lab's source, reported once
                yield Problem(page.source, "is missing", f"Write it, or take it out of {OUTLINE}")
        elif not (course.root / page.file).exists():
            fix = f"Run: python3 course.py build {page.folder}/{page.lesson.name}"
            yield Problem(page.file, "is missing: its source was not built", fix)


def nothing_stray(course: Course) -> Iterator[Problem]:
    """Yield a problem for each file in the course's folders that the outline does not ask for."""
    expected = {page.file for page in course.pages} | {page.source for page in course.pages}
    expected |= {OUTLINE, "source/lessons", "source/labs"}
    for folder in ("source", "source/lessons", "source/labs", LESSON, LAB, SOLUTION):
        for path in _entries(course.root / folder):
            name = f"{folder}/{path.name}"
            if name not in expected:
                yield _stray(name, course)
    yield from _stray_answers(course)


def _stray(name: str, course: Course) -> Problem:
    """Return the problem with a file that the outline does not ask for."""
    unwritten = [Page(LESSON, lesson) for lesson in course.outline.lessons if not lesson.written]
    for page in unwritten:
        if name in (page.source, page.file):
            what = f"is there, though {OUTLINE} says written = false of lesson"
            fix = "Take written = false out of the outline, then build; or remove the file"
            return Problem(name, f"{what} {page.lesson.number}", fix)
    return Problem(
        name,
        "belongs to no lesson or lab of the outline",
        f"Add its lesson or lab to {OUTLINE}, or remove the file",
    )


def _stray_answers(course: Course) -> Iterator[Problem]:
    """Yield a problem for each entry of tests/labs that is neither a lab's folder nor a helper."""
    labs = {lesson.name for lesson in course.outline.labs} | {"puzzles"}
    for path in _entries(course.root / "tests/labs"):
        if path.name not in labs and not (path.suffix == ".py" and not path.name[0].isdigit()):
            yield Problem(
                f"tests/labs/{path.name}",
                "belongs to no lab of the outline",
                "Name the folder as its lab is named, or remove it",
            )


def _entries(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [
        path
        for path in sorted(folder.iterdir())
        if not any(fnmatch(path.name, pattern) for pattern in NOT_OURS)
    ]


def readme_map_is_fresh(course: Course) -> Iterator[Problem]:
    """Yield a problem if README's map differs from what the outline says."""
    try:
        text = (course.root / README).read_text(encoding="utf-8")
        if fresh_readme(text, course) != text:
            yield Problem(README, "its map of the course is stale", "Run: python3 course.py build")
    except FileNotFoundError:
        yield Problem(README, "is missing", "Write it")
    except NoMarkers as error:
        what, fix = str(error).split(". ")
        yield Problem(README, what.removeprefix(f"{README} "), fix)


def ruff_is_content(course: Course) -> Iterator[Problem]:
    """Yield each problem that ruff and its formatter find, in the sources of notebooks too."""
    for line in _said(course, "ruff", "check", "--no-cache", "."):
        if found := re.match(r"(.+?):(\d+):\d+: (.+)", line):
            fix = "Fix it; ruff can fix some of them: python -m ruff check --fix"
            yield Problem(_slashes(found[1]), found[3], fix, int(found[2]))
    for line in _said(course, "ruff", "format", "--check", "--no-cache", "."):
        # The second is how ruff says it since 0.16.
        if found := re.match(r"Would reformat: (.+)|(.+?):\d+:\d+: unformatted", line):
            file = _slashes(found[1] or found[2])
            yield Problem(file, "is not formatted", f"Run: python -m ruff format {file}")


def spelling_is_right(course: Course) -> Iterator[Problem]:
    """Yield a problem for each misspelled word in Markdown, sources of notebooks and helpers."""
    files = [*course.root.glob("*.md"), *course.root.glob("classroom/*.md")]
    files += course.root.glob("source/**/*.*")
    files += course.root.glob("helpers/**/*.py")
    names = [path.relative_to(course.root).as_posix() for path in files if path.is_file()]
    for line in _said(course, "codespell_lib", *sorted(names)):
        if found := re.match(r"(.+?):(\d+): (.+)", line):
            fix = "Correct it; if it is right, add it to ignore-words-list under [tool.codespell]"
            yield Problem(_slashes(found[1]), f"spelling: {found[3]}", fix, int(found[2]))


def _said(course: Course, module: str, *arguments: str) -> list[str]:
    """Return the lines that a tool prints when it runs in the course's folder."""
    command = [sys.executable, "-m", module, *arguments]
    environment = {**os.environ, "NO_COLOR": "1", "RUFF_OUTPUT_FORMAT": "concise"}
    run = subprocess.run(
        command, cwd=course.root, env=environment, capture_output=True, encoding="utf-8"
    )
    if run.returncode not in (0, 1) and not run.stdout:
        return [f"error: {module} could not run: {run.stderr.strip()}"]
    return [line.removeprefix("./") for line in (run.stdout + run.stderr).splitlines()]


def _slashes(name: str) -> str:
    return name.replace("\\", "/")


def nothing_of_this_machine(course: Course) -> Iterator[Problem]:
    """Yield a problem for a path of one machine or the address of a package index in a file."""
    places = {str(course.root), str(Path.home()), sys.prefix, sys.base_prefix}
    here = [
        place for place in places if len(Path(place).parts) > 2
    ]  # "/root" is in other words too
    for name in tracked_files(course.root):
        for number, line in enumerate(_lines(course.root / name), 1):
            found = HOME.search(line) or next((place for place in here if place in line), None)
            if found:
                fix = "Write it relative to the course, or without the folders above"
                yield Problem(name, "names a path of one machine", fix, number)
            if INDEX.search(line):
                fix = "Remove it: each machine has its own index, set in pip's configuration"
                yield Problem(name, "names the address of a package index", fix, number)


def tracked_files(root: Path) -> Iterable[str]:
    """Return the files that git tracks; without git, all files that are not hidden."""
    command = ["git", "ls-files", "-z"]
    try:
        run = subprocess.run(command, cwd=root, capture_output=True, check=True, encoding="utf-8")
        return [name for name in run.stdout.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        found = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
        return [
            path.as_posix()
            for path in found
            if not any(fnmatch(part, pattern) for part in path.parts for pattern in NOT_OURS)
        ]


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (UnicodeDecodeError, OSError):  # a picture; or deleted, and not yet committed so
        return []


RULES = (
    claims_are_known,
    partners_exist,
    nothing_stray,
    readme_map_is_fresh,
    ruff_is_content,
    spelling_is_right,
    nothing_of_this_machine,
)
