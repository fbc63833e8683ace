"""The learner's own copies of the notebooks, without outputs, in my_course/.

    shipped notebook -> no copy yet             -> a copy without outputs
                     -> a copy never touched    -> replaced when the course has a newer one
                     -> a copy that was touched -> kept, and named

The folders inside have the names of the course's own, so that every link between lessons, labs and
the glossary leads from copy to copy. my_course/.manifest.json says what was copied.

No lock is needed for two starts at once: each file is written beside its place and then renamed.
"""

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from helpers.files import (
    abandoned_versions,
    keep_as,
    make_folder,
    move,
    put_in_place,
    reason,
    staged,
)
from helpers.files import read as read_file
from helpers.files import write as write_file
from helpers.progress.store import notes_file, why_not_kept
from tools.launcher.environment import installed_names
from tools.launcher.shipped import (
    Fingerprint,
    find_shipped,
    fingerprint,
    is_large,
    is_shipped,
    joined,
    read_shipped,
    read_text,
    text_fingerprint,
    without_outputs,
)
from tools.outline import LAB, LESSON, SOLUTION, Course, OutlineError

MY_COURSE = "my_course"
MANIFEST = ".manifest.json"
PAGES = "docs/glossary.md"  # what the notebooks link to besides each other
CARRIED = ("*.ipynb", "*.py")  # a learner's own files, from when people worked in the shipped ones
MOST_NAMED = 5
SAVING = 1.0  # seconds in which a program that has emptied a file writes it again


class Changed(OSError):
    """The file was changed, by another program, since it was read."""


class Record(NamedTuple):
    """What my_course/.manifest.json says about one copy."""

    copied: str  # fingerprint of what was copied; "" if the learner's own file became the copy
    newest: str  # fingerprint of the newest version that the learner knows of


@dataclass
class Report:
    """What became of the copies; each list holds names such as `labs/01_processes.ipynb`."""

    first: bool = False
    made: list[str] = field(default_factory=list)
    refreshed: list[str] = field(default_factory=list)
    brought_back: list[str] = field(default_factory=list)
    carried: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)  # name -> why it could not be written
    read_only: bool = False  # whether the learner can't save anything in my_course
    in_the_way: list[str] = field(default_factory=list)  # they have the names of modules
    no_notes: str = ""  # why the learner's notes can't be kept

    @property
    def complete(self) -> bool:
        """Return whether the learner has everything that the course has."""
        return not self.failed and not self.missing

    def lines(self) -> list[str]:
        """Return what the learner must know: one line, or more if something went wrong."""
        made = [] if self.first else [name for name in self.made if not name.startswith("docs/")]
        parts = [
            (self.carried, "carried over from before"),
            (made, "new"),
            (self.refreshed, "refreshed, as you had not touched them"),
            (self.brought_back, "brought back"),
            (self.removed, "removed, as the course no longer has them"),
            (self.kept, "kept as you left them, though the course has newer ones"),
            (self.retired, "kept, though the course no longer has them"),
        ]
        said = [f"{words}: {_listed(names)}" for names, words in parts if names]
        if self.first and (self.made or self.carried):
            said.insert(0, "here are your copies of the course")
        return [*([f"{MY_COURSE}: {'; '.join(said)}."] if said else []), *self._advice()]

    def _advice(self) -> Iterator[str]:
        """Yield what to do about what the learner may want to change."""
        if self.kept:
            name = _short(self.kept[0])
            yield f"The newer one, with yours kept beside it: python3 course.py reset {name}"
        for name in self.unreadable:
            yield (
                f"{MY_COURSE}/{name} can't be read as a notebook; it is kept. To have the course's"
                f" again, with yours beside it: python3 course.py reset {_short(name)}"
            )
        for name in self.missing:
            yield (
                f"{name} is not as it was shipped, and git does not have it, so there is no copy"
                f" of it. To make it again: python3 course.py reset {_short(name)}"
            )
        for why in dict.fromkeys(self.failed.values()):
            names = [name for name, its_reason in self.failed.items() if its_reason == why]
            yield (
                f"Could not be written: {_listed(names)} ({why}). What was there is unchanged."
                " Fix that, close what has the file open, and start again."
            )
        if self.read_only:
            yield (
                f"{MY_COURSE} can't be written, so JupyterLab can't save what you change. To keep"
                " your work, copy the course to a folder of your own, and start it there."
            )
        for name in self.in_the_way:
            yield (
                f"{MY_COURSE}/{name} has the name of a module of Python or of the course, and a"
                " notebook beside it may load it in place of that module, or not start at all."
                " Rename it."
            )
        if self.no_notes:
            yield self.no_notes


def make_copies(root: Path) -> Report:
    """Make and refresh the copies of the course in `root`; what can't be written is reported."""
    report = Report(first=not (root / MY_COURSE / MANIFEST).exists())
    try:
        _Copier(root, report).run()
    except OutlineError as error:
        report.failed[MY_COURSE] = str(error)
    except OSError as error:
        report.failed[MY_COURSE] = reason(error)
    mine = root / MY_COURSE
    report.read_only = mine.is_dir() and not all(map(_is_writable, folders_of(mine)))
    report.in_the_way = [
        path.relative_to(mine).as_posix()
        for path in found_in_the_way(folders_of(mine), installed_names(root / ".venv"))
    ]
    report.no_notes = why_not_kept(notes_of(root))
    return report


def found_in_the_way(folders: Sequence[Path], more: Collection[str] = ()) -> list[Path]:
    """Return what in these folders Python would load in place of a module that notebooks need.

    Those are the modules of Python, the course's package, and `more`.
    """
    names = {*sys.stdlib_module_names} - {*sys.builtin_module_names} | {"helpers", *more}
    found: list[Path] = []
    for folder in folders:
        with contextlib.suppress(OSError):
            packages = [path.parent for path in folder.glob("*/__init__.py")]
            found += [p for p in (*folder.glob("*.py"), *packages) if p.stem in names]
    return sorted(found)


def folders_of(mine: Path) -> list[Path]:
    """Return the folders in which the learner's notebooks are."""
    return [path for path in (mine / LESSON, mine / LAB) if path.is_dir()]


def _is_writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK | os.X_OK)


class _Copier:
    """One round of copying, from the course in `root`."""

    def __init__(self, root: Path, report: Report) -> None:
        self.root = root
        self.report = report
        self.pages = Course(root).pages
        self.folder = root / MY_COURSE
        self.shipped = read_shipped(root)
        self.known = read_records(root)
        self.records = dict(self.known)

    def run(self) -> None:
        """Look at each file of the course in turn; one that can't be written stops no other."""
        notebooks, pages = self._notebooks(), self._pages()
        if self.folder.is_symlink() and not self.folder.exists():
            raise OSError(f"it is a link to {self.folder.readlink()}, which is not there")
        make_folder(self.folder)
        remove_unfinished(self.root)
        for names, copy in ((notebooks, self._copy_notebook), (pages, self._copy_page)):
            for name in names:
                try:
                    self._twice(copy, name)
                except OSError as error:
                    self.report.failed[name] = reason(error)
        for name in sorted(set(self.records) - {*notebooks, *pages}):
            self._retire(name)
        if self.report.first:
            self._carry_files()
        if self.records != self.known or self.report.first:
            write_records(self.root, self.records)

    def _twice(self, copy: Callable[[str], None], name: str) -> None:
        """Copy; look again at a file that another start or the learner changed meanwhile."""
        wait_for_writer(self.folder / name)
        try:
            copy(name)
        except Changed:
            copy(name)

    def _notebooks(self) -> list[str]:
        """Return the notebooks that the learner is to have.

        A solution is among them once the learner has opened it, by solution("01"): before that,
        nothing in my_course gives the answer away.
        """
        opened = opened_solutions(self.root)
        return [
            page.file
            for page in self.pages
            if page.folder != SOLUTION or page.lesson.number in opened or page.file in self.known
        ]

    def _pages(self) -> list[str]:
        return [path.relative_to(self.root).as_posix() for path in self.root.glob(PAGES)]

    def _copy_notebook(self, name: str) -> None:
        """Bring one notebook's copy to what the course has, unless it was touched."""
        record, wanted = self.records.get(name), self._wanted(name)
        if is_large(self.folder / name):  # all of it is outputs: the learner's
            self._keep(name, record, wanted)
            return
        mine = read_text(self.folder / name)
        if not mine and not self._is_empty(name):  # it is there, and not text
            self.report.unreadable.append(name)
        elif not mine:  # an empty file is what a full disk leaves, and no learner's work
            self._copy_again(name, record, wanted)
        elif (found := fingerprint(mine)) is None:
            self.report.unreadable.append(name)
        elif is_untouched(found, record, wanted):
            if found.cells != wanted:
                self._write_copy(name, mine, self.report.refreshed)
            else:
                self.records[name] = Record(wanted, wanted)
        else:
            self._keep(name, record, wanted)

    def _keep(self, name: str, record: Record | None, wanted: str) -> None:
        """Leave a touched copy as it is; name it once for each newer version that there is."""
        if record is None or record.newest != wanted:
            self.report.kept.append(name)
            self.records[name] = Record(record.copied if record else "", wanted)

    def _copy_again(self, name: str, record: Record | None, wanted: str) -> None:
        """Write a copy that is not there."""
        before = read_text(self.root / name)
        if record is None and (own := self._edited(before, self.shipped.get(name))):
            put(self.folder / name, own, None)
            self.records[name] = Record("", wanted)
            self.report.carried.append(name)
        else:
            self._write_copy(name, None, self.report.brought_back if record else self.report.made)

    def _edited(self, text: str | None, wanted: Fingerprint | None) -> str | None:
        """Return what a learner made of a shipped notebook, when people worked in those.

        Stored outputs that are the course's own are not carried over: they give answers away.
        """
        found = fingerprint(text) if text else None
        if found is None or wanted is None:
            return None
        if found.outputs not in ("", wanted.outputs):
            return text
        if found.cells == wanted.cells:
            return None
        return without_outputs(text) if found.outputs else text

    def _write_copy(self, name: str, before: str | None, done: list[str]) -> None:
        text = find_shipped(self.root, name, self.shipped.get(name), outputs=False)
        if text is None:
            self.report.missing.append(name)
            return
        text = without_outputs(text)
        put(self.folder / name, text, before)
        cells = fingerprint(text).cells
        self.records[name] = Record(cells, cells)
        done.append(name)

    def _wanted(self, name: str) -> str:
        """Return the fingerprint of the cells as shipped, "" if that can't be known."""
        if name in self.shipped:
            return self.shipped[name].cells
        text = read_text(self.root / name)
        found = fingerprint(text) if text else None
        return found.cells if found else ""

    def _is_empty(self, name: str) -> bool:
        path = self.folder / name
        return not path.exists() or (path.is_file() and path.stat().st_size == 0)

    def _copy_page(self, name: str) -> None:
        """Bring one page, such as the glossary, to what the course has, unless it was touched."""
        text, mine = read_text(self.root / name), read_text(self.folder / name)
        record = self.records.get(name)
        if not text:
            return
        wanted, found = text_fingerprint(text), text_fingerprint(mine or "")
        if not mine or (record and record.copied == found != wanted):
            put(self.folder / name, text, mine)
            done = self.report.brought_back if record else self.report.made
            (self.report.refreshed if mine else done).append(name)
        elif found != wanted:
            if record is None or record.newest != wanted:
                self.report.kept.append(name)
            self.records[name] = Record(record.copied if record else "", wanted)
            return
        self.records[name] = Record(wanted, wanted)

    def _retire(self, name: str) -> None:
        """Remove the copy of what the course no longer has; keep it if it was touched."""
        path, record = self.folder / name, self.records[name]
        mine = read_text(path)
        try:
            if mine is not None and self._is_as_copied(name, mine, record):
                path.unlink(missing_ok=True)
                self.report.removed.append(name)
            elif mine is not None:
                self.report.retired.append(name)
            del self.records[name]
        except OSError as error:
            self.report.failed[name] = reason(error)

    def _is_as_copied(self, name: str, text: str, record: Record) -> bool:
        if not name.endswith(".ipynb"):
            return text_fingerprint(text) == record.copied
        return fingerprint(text) == Fingerprint(record.copied, "")

    def _carry_files(self) -> None:
        """Copy what a learner made beside the shipped notebooks: labs/work_01.py, own notebooks.

        What a lesson's cell wrote (notebooks/work_00.py) is written again when the cell runs.
        """
        shipped = {page.file for page in self.pages}
        for folder in (LESSON, LAB):
            for pattern in CARRIED:
                for path in sorted((self.root / folder).glob(pattern)):
                    name = f"{folder}/{path.name}"
                    written = path.match("work_*.py") and folder == LESSON
                    if name not in shipped and not written and not path.name.startswith("."):
                        self._carry(name, path)

    def _carry(self, name: str, path: Path) -> None:
        try:
            text = read_text(path)
            if text and not (self.folder / name).exists() and not self._is_the_stub(path, text):
                put(self.folder / name, text, None)
                self.report.carried.append(name)
        except OSError as error:
            self.report.failed[name] = reason(error)

    def _is_the_stub(self, path: Path, text: str) -> bool:
        """Return whether a work_NN.py is what the lab ships, without an answer."""
        body = text.partition("\n")[2].strip()
        for lab in path.parent.glob(f"{path.stem.removeprefix('work_')}_*.ipynb"):
            shipped = read_text(lab)
            if is_shipped(shipped, self.shipped.get(f"{LAB}/{lab.name}")):
                sources = [joined(cell["source"]) for cell in json.loads(shipped)["cells"]]
                cells = [one.partition("\n") for one in sources if one.startswith("%%module")]
                return body in [rest.strip() for _first, _end, rest in cells]
        return False


def is_untouched(found: Fingerprint, record: Record | None, wanted: str) -> bool:
    """Return whether a copy holds nothing of the learner's.

    Outputs are the learner's, even if no cell was edited: the numbers were measured on this
    machine, and a slider stands where it was put. So a copy that was run is kept. One that was
    only opened, or whose cells ran and printed nothing, is not touched.
    """
    return not found.outputs and found.cells in (wanted, record.copied if record else wanted)


def notes_of(root: Path) -> Path:
    """Return the file in which the learner's notes are kept."""
    return notes_file() if os.environ.get("COURSE_STATE") else root / ".course" / "notes.json"


def opened_solutions(root: Path) -> set[str]:
    """Return the numbers of the labs whose solution the learner has opened."""
    try:
        labs = json.loads(read_file(notes_of(root)))["labs"].items()
        return {number for number, lab in labs if lab.get("solution_opened")}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return set()


# --- the manifest ------------------------------------------------------------------------------


def read_records(root: Path) -> dict[str, Record]:
    """Return what was copied, by name; {} if nothing was, or the manifest can't be read.

    Without it, a copy that differs from the course counts as touched: it is kept.
    """
    try:
        table = json.loads(read_file(root / MY_COURSE / MANIFEST))
        return {name: Record(one["copied"], one["newest"]) for name, one in table.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def write_records(root: Path, records: dict[str, Record]) -> None:
    """Note what was copied; of two starts at once, both write the same."""
    table = {name: records[name]._asdict() for name in sorted(records)}
    write_file(root / MY_COURSE / MANIFEST, json.dumps(table, indent=1) + "\n")


# --- writing -----------------------------------------------------------------------------------


def put(path: Path, text: str, before: str | None) -> None:
    """Write a file beside its place, then rename it; raise Changed if it is not as it was before.

    A full disk or a crash leaves the old file, whole. JupyterLab may have saved the learner's work
    since the file was read; then that stays.
    """
    path = Path(os.path.realpath(path))  # a symbolic link stays one
    make_folder(path.parent)
    with staged(path, text) as new:
        if (read_text(path) or None) != (before or None):
            raise Changed("it was changed just now")
        put_in_place(new, path)


def wait_for_writer(path: Path) -> None:
    """Wait a moment if a file has just been emptied: JupyterLab and editors do so when they save.

    What they write would go into the old file, and be lost if a new one had its name.
    """
    with contextlib.suppress(OSError):
        until = time.monotonic() + SAVING
        while time.monotonic() < until:
            status = path.stat()
            if status.st_size or abs(time.time() - status.st_mtime) > SAVING:
                return
            time.sleep(0.02)


class Exchange(NamedTuple):
    """A file that is to get a new text (None: to go away), and the name its old one is kept under.

    `aside` is None where the old one holds nothing of the learner's.
    """

    path: Path
    text: str | None
    aside: Path | None


def exchange(exchanges: Sequence[Exchange]) -> None:
    """Keep old files under another name and put new ones in their place.

    All new texts are on the disk before the first file is moved, so a full disk changes nothing. At
    each moment there is an old or a new file, whole, under the name of a file that gets a new text.
    """
    with contextlib.ExitStack() as stack:
        ready: list[tuple[Path, Path | None, Path | None]] = []
        for path, text, aside in exchanges:
            make_folder(path.parent)
            new = None if text is None else stack.enter_context(staged(path, text))
            ready.append((path, new, aside))
        for path, new, aside in ready:
            _exchange_one(path, new, aside)


def _exchange_one(path: Path, new: Path | None, aside: Path | None) -> None:
    if aside is not None and path.exists():
        if new is None:
            move(path, aside)
            return
        keep_as(path, aside)
    if new is None:
        return
    try:
        put_in_place(new, path)
    except OSError:
        if aside is not None and aside.exists():
            if path.exists():
                aside.unlink()
            else:
                move(aside, path)
        raise


def remove_unfinished(root: Path) -> None:
    """Remove the unfinished files of writers that were killed."""
    mine = [root / MY_COURSE, *(path for path in (root / MY_COURSE).glob("*/") if path.is_dir())]
    shipped = [root / name for name in (LESSON, LAB, SOLUTION)]  # `reset` writes there
    for folder in [*mine, *shipped, notes_of(root).parent]:
        for path in abandoned_versions(folder):
            with contextlib.suppress(OSError):
                path.unlink()


def _short(name: str) -> str:
    return name.removesuffix(".ipynb")


def _listed(names: Sequence[str]) -> str:
    """Return the names on one line; if there are many, the first few and how many more."""
    shown = ", ".join(_short(name) for name in names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown
