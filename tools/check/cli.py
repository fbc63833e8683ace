"""The check command: `python3 course.py check` finds inconsistencies in the course.

    rules about files, sources and notebooks -> problems: file, what is wrong, how to fix it

Nothing is run but ruff and codespell; `python3 course.py test` runs the notebooks, and this check.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence

from tools.build import claim_links, claims_page, failures_page, glossary
from tools.build.failures_page import read_failures
from tools.build.glossary import read_glossary
from tools.check import code, failures, files, notebooks, reading_time, shown, sources, words
from tools.check.problem import Problem, Rule
from tools.outline import ROOT, Course, OutlineError

RULES: tuple[Rule, ...] = (
    *files.RULES,
    *code.RULES,
    *sources.RULES,
    *shown.RULES,
    *reading_time.RULES,
    *notebooks.RULES,
    *claims_page.RULES,
    *claim_links.RULES,
    *glossary.RULES,
    *failures_page.RULES,
    *failures.RULES,
    *words.RULES,
)


def outline_problems(course: Course) -> list[Problem]:
    """Return the faults of the files that every rule reads; with them nothing can be checked."""
    try:
        _ = course.outline, course.claims, read_glossary(course.root)
        read_failures(course.root)
        return []
    except OutlineError as error:
        return [Problem(error.file, fault, "Correct it there") for fault in error.faults]


def problems(course: Course) -> Iterator[Problem]:
    """Yield every problem that a rule finds."""
    if found := outline_problems(course):
        yield from found
        return
    for rule in RULES:
        yield from rule(course)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print every problem; return 0 if there is none, else 1."""
    argparse.ArgumentParser(
        prog="course.py check", description=__doc__.splitlines()[0], allow_abbrev=False
    ).parse_args(arguments)
    found = list(problems(Course(ROOT)))
    for problem in found:
        print(f"{problem}\n")
    count = "1 problem" if len(found) == 1 else f"{len(found)} problems"
    print(f"{count}. Each says how to fix it." if found else f"All {len(RULES)} rules hold.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
