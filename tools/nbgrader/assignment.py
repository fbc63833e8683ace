"""The source of an nbgrader assignment, made from a lab: `python -m tools.nbgrader.assignment 01`.

    source/labs/01_processes.py -> classroom/source/01_processes/01_processes.ipynb

It holds the solution between its marks, so that `nbgrader generate_assignment` makes the students'
version of it: the same as labs/01_processes.ipynb. What a teacher does: classroom/README.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat

from helpers import files
from tools.build.compose import compose_assignment
from tools.build.percent import SourceError
from tools.outline import LAB, ROOT, Course, Lesson, OutlineError, Page, lesson_is_meant

CLASSROOM = "classroom"


def write_assignment(lesson: Lesson, course: Course, classroom: Path) -> Path:
    """Write the notebook that nbgrader uses as the assignment's source; return its path.

    Raise SourceError if the lab's source can't be read.
    """
    path = classroom / "source" / lesson.name / f"{lesson.name}.ipynb"
    text = nbformat.writes(compose_assignment(Page(LAB, lesson), course)) + "\n"
    files.write(path, text)
    return path


def labs_named(course: Course, names: Sequence[str]) -> list[Lesson]:
    """Return the lessons whose labs the names mean, or all; raise SystemExit for others."""
    labs = course.outline.labs
    for name in names:
        if not any(lesson_is_meant(lab, name) for lab in labs):
            known = ", ".join(lab.name for lab in labs)
            raise SystemExit(f"There is no lab {name!r}. Labs are {known}.")
    return [lab for lab in labs if not names or any(lesson_is_meant(lab, name) for name in names)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the assignments that are named; return 0 if all could be written."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.nbgrader.assignment",
        description=__doc__.splitlines()[0],
        allow_abbrev=False,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="01, 01_processes; all if none")
    options = parser.parse_args(arguments)
    course = Course(ROOT)
    try:
        for lab in labs_named(course, options.names):
            path = write_assignment(lab, course, ROOT / CLASSROOM)
            print(f"{path.relative_to(ROOT).as_posix()} written. Now, in {CLASSROOM}/:")
            print(f"    nbgrader generate_assignment {lab.name}")
    except (SourceError, OutlineError) as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
