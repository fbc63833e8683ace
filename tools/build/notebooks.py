"""The build of the notebooks from source/: `python3 course.py build [NAMES…] [--force|--fresh]`.

    outline + claims + source -> compose -> run what changed -> notebooks/ labs/ solutions/
                                                             -> the map in README.md, docs/*.md

A notebook runs again only if its code changed. If only prose or links changed, the build keeps the
outputs. If a build fails, the old notebook stays in place.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tools.build.claims_page import CLAIMS_PAGE, claims_text
from tools.build.compose import compose
from tools.build.execute import ExecutionFault, Show, execute
from tools.build.failures_page import FAILURES_PAGE, failures_text
from tools.build.glossary import GLOSSARY_PAGE, glossary_text
from tools.build.percent import SourceError, has_solution, read_source
from tools.build.readme import README, NoMarkers, fresh_readme
from tools.build.stored_outputs import outputs_compare_equal
from tools.launcher.shipped import (
    SHIPPED,
    Fingerprint,
    fingerprint,
    read_shipped,
    read_text,
    shipped_text,
)
from tools.outline import ROOT, Course, OutlineError, Page

UNCHANGED, PROSE, BUILT = "unchanged", "prose changed, outputs kept", "built"


MADE_PAGES = {
    CLAIMS_PAGE: claims_text,
    GLOSSARY_PAGE: glossary_text,
    FAILURES_PAGE: failures_text,
}


class BuildError(Exception):
    """A notebook can't be built; the message says why and what to do."""


@dataclass(frozen=True)
class Result:
    """The result of building one page."""

    page: Page
    what: str
    seconds: float = 0.0


def build_page(
    page: Page,
    course: Course,
    *,
    force: bool = False,
    fresh: bool = False,
    show: Show | None = None,
) -> Result:
    """Build one notebook if it needs it; raise BuildError and keep the old one if it fails.

    `force` runs it in any case, and keeps what is stored if the two runs compare equal; `fresh`
    stores the new run, so that a notebook's numbers and its pictures are always of one run.
    """
    began = time.perf_counter()
    target = course.root / page.file
    new, old = _composed(page, course), read_notebook(target)
    same = old is not None and same_code(old, new)
    if same and not (force or fresh):
        _take_outputs(new, old)
        if _text(new) == target.read_text(encoding="utf-8"):
            return Result(page, UNCHANGED)
        what = PROSE
    else:
        _run(page, new, course, show or (lambda _done, _total: None))
        if same and not fresh and outputs_compare_equal(code_cells(new), code_cells(old)):
            _take_outputs(new, old)
        what = BUILT
    _write(target, _text(new))
    return Result(page, what, time.perf_counter() - began)


def _composed(page: Page, course: Course) -> NotebookNode:
    source = course.root / page.source
    if not source.exists():
        raise BuildError(
            f"{page.source} is missing, though source/outline.toml asks for it. Write it, or take"
            " it out of the outline"
        )
    try:
        _check_markers_belong(page, course)
        return compose(page, course)
    except SourceError as error:
        raise BuildError(str(error)) from None


def _check_markers_belong(page: Page, course: Course) -> None:
    marked = has_solution(read_source(course.root / page.source, page.source))
    is_lab = page.source.startswith("source/labs/")
    if marked and not is_lab:
        raise BuildError(f"{page.source} is a lesson with a marked solution. Move it to the lab")
    if is_lab and not marked:
        raise BuildError(
            f"{page.source} has no ### BEGIN SOLUTION, so its lab would be shipped solved. Mark"
            " what the learner is to write"
        )


def read_notebook(path: Path) -> NotebookNode | None:
    """Return the notebook at `path`, or None if there is none that can be read."""
    try:
        return nbformat.from_dict(nbformat.read(path, as_version=4))
    except (OSError, ValueError, AttributeError, nbformat.ValidationError):
        return None


def same_code(old: NotebookNode, new: NotebookNode) -> bool:
    """Return whether the old outputs belong to the new code."""
    built = old.metadata.get("course", {}).get("code") == new.metadata.course.code
    cells = [[cell.source for cell in code_cells(notebook)] for notebook in (old, new)]
    run = all(cell.execution_count is not None for cell in code_cells(old))
    return built and run and cells[0] == cells[1]


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the notebook's code cells."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _take_outputs(new: NotebookNode, old: NotebookNode) -> None:
    for cell, before in zip(code_cells(new), code_cells(old), strict=True):
        cell.execution_count, cell.outputs = before.execution_count, before.outputs


def _run(page: Page, notebook: NotebookNode, course: Course, show: Show) -> None:
    folder = course.root / page.folder
    folder.mkdir(exist_ok=True)
    try:
        execute(notebook, folder, course.root, show)
    except ExecutionFault as error:
        raise BuildError("\n".join(f"{page.source}: {fault}" for fault in error.faults)) from None


def _text(notebook: NotebookNode) -> str:
    return nbformat.writes(notebook) + "\n"


def _write(path: Path, text: str) -> None:
    """Write the whole text or nothing, with the same line endings on every system."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    temporary.replace(path)


def build_readme(course: Course) -> bool:
    """Put a fresh map into README.md; return whether that changed it."""
    path = course.root / README
    try:
        old = path.read_text(encoding="utf-8")
        new = fresh_readme(old, course)
    except FileNotFoundError:
        raise BuildError(f"{README} is missing") from None
    except NoMarkers as error:
        raise BuildError(str(error)) from None
    if new != old:
        _write(path, new)
    return new != old


def build_made_pages(course: Course) -> list[str]:
    """Write the generated pages; return the names of those that changed."""
    changed = []
    for name, text_of in MADE_PAGES.items():
        path, new = course.root / name, text_of(course)
        if not path.exists() or path.read_text(encoding="utf-8") != new:
            path.parent.mkdir(exist_ok=True)
            _write(path, new)
            changed.append(name)
    return changed


def fingerprints(course: Course) -> dict[str, Fingerprint]:
    """Return the fingerprint of each notebook that is in place and can be read."""
    found = {
        page.file: fingerprint(read_text(course.root / page.file) or "") for page in course.pages
    }
    return {name: one for name, one in found.items() if one}


def note_shipped(course: Course, page: Page) -> None:
    """Note in docs/shipped.json the fingerprint of the notebook that was just built.

    The others keep theirs: one of them may hold a learner's edits, and those were not shipped.
    """
    now, path = fingerprints(course), course.root / SHIPPED
    noted = read_shipped(course.root)
    noted[page.file] = now[page.file]
    names = [one.file for one in course.pages if one.file in noted]
    new = shipped_text({name: noted[name] for name in names})
    if read_text(path) != new:
        path.parent.mkdir(exist_ok=True)
        _write(path, new)


def chosen_pages(course: Course, names: Sequence[str]) -> list[Page]:
    """Return the pages that `names` mean: `01`, `01_processes`, `labs/01_processes` or a path."""
    if not names:
        return list(course.pages)
    chosen = []
    for name in names:
        found = [page for page in course.pages if page.is_meant(name)]
        if not found:
            known = ", ".join(lesson.name for lesson in course.outline.lessons)
            raise BuildError(f"there is no {name!r}. Lessons are {known}; or labs/…, solutions/…")
        chosen += found
    return [page for page in course.pages if page in chosen]


class Progress:
    """One line per notebook; on a terminal it shows the cell that runs."""

    def __init__(self, page: Page) -> None:
        self.label = page.file.ljust(40)
        self.live = sys.stdout.isatty()

    def show(self, done: int, total: int) -> None:
        """Show the cell that starts."""
        if self.live:
            print(f"\r{self.label} cell {done} of {total} ", end="", flush=True)

    def end(self, words: str) -> None:
        """Show the result of the notebook's build."""
        start = "\r\x1b[K" if self.live else ""
        print(f"{start}{self.label} {words}", flush=True)


def build_all(
    course: Course, names: Sequence[str], *, force: bool = False, fresh: bool = False
) -> int:
    """Build what `names` mean and README's map, and say so; return the number of failures."""
    counts = {UNCHANGED: 0, PROSE: 0, BUILT: 0}
    failed = 0
    for page in chosen_pages(course, names):
        progress = Progress(page)
        try:
            result = build_page(page, course, force=force, fresh=fresh, show=progress.show)
        except BuildError as error:
            failed += 1
            progress.end("FAILED; the old one is left as it was\n")
            print(f"{error}\n", flush=True)
            continue
        note_shipped(course, page)
        counts[result.what] += 1
        ran = f", {result.seconds:.1f} s"
        progress.end(result.what + (ran if result.what == BUILT else ""))
    failed += _readme_failed(course)
    for name in build_made_pages(course):
        print(f"{name.ljust(40)} written")
    print(_summary(counts, failed))
    return failed


def _readme_failed(course: Course) -> int:
    try:
        changed = build_readme(course)
    except BuildError as error:
        print(f"{error}\n")
        return 1
    if changed:
        print(f"{README.ljust(40)} map of the course written")
    return 0


def _summary(counts: dict[str, int], failed: int) -> str:
    done = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    if failed:
        return f"Failed: {failed}. Fix the errors above and build again. {done}".rstrip()
    return f"Done: {done}." if done else "Done."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the build command; return 0 if all could be built, else 1."""
    parser = argparse.ArgumentParser(
        prog="course.py build", description=__doc__.splitlines()[0], allow_abbrev=False
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="01, 01_processes, labs/01_processes; all if none"
    )
    parser.add_argument(
        "--force", action="store_true", help="run them even if their code did not change"
    )
    parser.add_argument(
        "--fresh", action="store_true", help="as --force, and store this run's numbers and pictures"
    )
    options = parser.parse_args(arguments)
    try:
        course, how = Course(ROOT), {"force": options.force, "fresh": options.fresh}
        return 1 if build_all(course, options.names, **how) else 0
    except (BuildError, OutlineError) as error:
        print(error)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. What was built before is in place.")
        return 130


if __name__ == "__main__":
    sys.exit(main())
