"""The course's outline, checked: the one place for order, titles, minutes and claims.

source/outline.toml -> read_outline(root) -> Outline -> headers, links, README map, checks

helpers/progress/outline.py reads the file; this names each fault in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from helpers.progress.outline import (
    OUTLINE,
    Lesson,
    PuzzleSet,
    lesson_from,
    puzzles_from,
    read_toml,
)

ROOT = Path(__file__).resolve().parent.parent
CLAIMS = "helpers/data/claims.toml"

LESSON, LAB, SOLUTION = "notebooks", "labs", "solutions"
SOURCE_FOLDER = {LESSON: "source/lessons", LAB: "source/labs", SOLUTION: "source/labs"}

BEING_WRITTEN = "still being written"  # said where a link to the lesson would stand

FLAGS = {"measures", "written"}
LESSON_KEYS = {"number", "slug", "title", "minutes", "deeper", "goal", "claims", "lab", *FLAGS}
LAB_KEYS = {"title", "minutes"}
PUZZLE_KEYS = {"number", "slug", "title", "minutes", "after"}


class OutlineError(Exception):
    """The outline (or the list of claims) can't be used; the message has a line for each fault."""

    def __init__(self, file: str, faults: list[str]) -> None:
        super().__init__("\n".join(f"{file}: {fault}" for fault in faults))
        self.file = file
        self.faults = faults


@dataclass(frozen=True)
class Outline:
    """All lessons and all sets of puzzles, in the order of the course."""

    lessons: tuple[Lesson, ...]
    puzzles: tuple[PuzzleSet, ...] = ()

    @property
    def labs(self) -> tuple[Lesson, ...]:
        """Return the lessons that have a lab."""
        return tuple(lesson for lesson in self.lessons if lesson.lab)

    def before(self, lesson: Lesson) -> Lesson | None:
        """Return the last written lesson before this one, or None."""
        earlier = self.lessons[: self.lessons.index(lesson)]
        return next((other for other in reversed(earlier) if other.written), None)

    def after(self, lesson: Lesson) -> Lesson | None:
        """Return the first written lesson after this one, or None."""
        later = self.lessons[self.lessons.index(lesson) + 1 :]
        return next((other for other in later if other.written), None)


def read_outline(root: Path = ROOT) -> Outline:
    """Return the outline of the course in `root`; raise OutlineError that names every fault."""
    table = _read_toml(root, OUTLINE)
    entries, puzzles = table.pop("lesson", []), table.pop("puzzles", [])
    faults = [
        f"unknown entry {key!r} at the top; lessons are written as [[lesson]], and sets of puzzles"
        " as [[puzzles]]"
        for key in table
    ]
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise OutlineError(OUTLINE, [*faults, "a lesson must be a table that starts [[lesson]]"])
    if not entries:
        raise OutlineError(OUTLINE, [*faults, "no [[lesson]] found; write at least one"])
    for place, entry in enumerate(entries, 1):
        faults += _faults_of_lesson(entry, f"lesson {entry.get('number', f'no. {place}')}")
    faults += _faults_of_puzzles(puzzles, {entry.get("number") for entry in entries})
    if not faults:
        faults = _faults_between(entries)
    if faults:
        raise OutlineError(OUTLINE, faults)
    return Outline(tuple(map(lesson_from, entries)), tuple(map(puzzles_from, puzzles)))


def read_claims(root: Path = ROOT) -> dict[str, str]:
    """Return the words of each claim by its id, from helpers/data/claims.toml."""
    claims = _read_toml(root, CLAIMS).get("claims")
    if not isinstance(claims, dict) or not all(isinstance(w, str) for w in claims.values()):
        raise OutlineError(CLAIMS, ['write a table [claims] with lines such as P1 = "the claim"'])
    return claims


@dataclass(frozen=True)
class Page:
    """One notebook of the course; `folder` is notebooks, labs or solutions."""

    folder: str
    lesson: Lesson | PuzzleSet

    @property
    def file(self) -> str:
        """Return the notebook's path, relative to the course, such as `labs/01_processes.ipynb`."""
        return f"{self.folder}/{self.lesson.name}.ipynb"

    @property
    def source(self) -> str:
        """Return the path of its source, such as `source/labs/01_processes.py`."""
        return f"{SOURCE_FOLDER[self.folder]}/{self.lesson.name}.py"

    def is_meant(self, name: str) -> bool:
        """Return whether a name that a learner typed means this notebook.

        It may be 1, 01, processes, 01_processes, or one of these with the notebook's folder, with
        the source's, or with the folder of the learner's copy.
        """
        folder, bare = folder_and_name(name)
        folders = ("", self.folder, SOURCE_FOLDER[self.folder])
        return folder in folders and is_called(self.lesson, bare)

    @property
    def has_puzzles(self) -> bool:
        """Return whether this notebook is a set of puzzles, or its solution."""
        return isinstance(self.lesson, PuzzleSet)


def folder_and_name(typed: str, root: Path = ROOT) -> tuple[str, str]:
    """Return the folder in the course, and the name without its ending, of what a learner typed."""
    plain = typed.strip().replace("\\", "/").removeprefix("./")
    plain = plain.removeprefix(f"{root.as_posix()}/").removeprefix("my_course/")
    plain = plain.casefold().removesuffix(".ipynb").removesuffix(".py")
    folder, _, name = plain.rpartition("/")
    return folder, name


def is_called(lesson: Lesson | PuzzleSet, name: str) -> bool:
    """Return whether a name that folder_and_name() returned is this lesson's or set's."""
    if isinstance(lesson, PuzzleSet):  # its slug and number may be a lesson's, too
        return name in (lesson.name, f"puzzles_{lesson.number}")
    return name in (lesson.slug, lesson.name) or (name != "" and name.zfill(2) == lesson.number)


def lesson_is_meant(lesson: Lesson, typed: str) -> bool:
    """Return whether a learner who typed this means this lesson, or one of its notebooks."""
    folder, name = folder_and_name(typed)
    known = {"", *SOURCE_FOLDER.keys(), *SOURCE_FOLDER.values()}
    return folder in known and is_called(lesson, name)


def pages_of(lesson: Lesson | PuzzleSet) -> tuple[Page, ...]:
    """Return the notebooks of a lesson, its own if it is written and its lab's two, or of a set."""
    if isinstance(lesson, PuzzleSet):
        return Page(LAB, lesson), Page(SOLUTION, lesson)
    folders = ((LESSON,) if lesson.written else ()) + ((LAB, SOLUTION) if lesson.lab else ())
    return tuple(Page(folder, lesson) for folder in folders)


@dataclass(frozen=True)
class Course:
    """The course in the folder `root`; reads what it is asked for, once."""

    root: Path = ROOT

    @cached_property
    def outline(self) -> Outline:
        """Return what source/outline.toml says."""
        return read_outline(self.root)

    @cached_property
    def claims(self) -> dict[str, str]:
        """Return the words of each claim by its id."""
        return read_claims(self.root)

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """Return every notebook: each lesson, then its lab and solution; then the puzzles."""
        parts = (*self.outline.lessons, *self.outline.puzzles)
        return tuple(page for part in parts for page in pages_of(part))


def _read_toml(root: Path, name: str) -> dict[str, Any]:
    try:
        return read_toml(root / name)
    except FileNotFoundError:
        raise OutlineError(name, ["this file is missing"]) from None
    except ValueError as error:  # not TOML, or no text
        raise OutlineError(name, [f"not valid TOML: {error}"]) from None


def _faults_of_lesson(entry: dict[str, Any], where: str) -> list[str]:
    faults = [
        f"{where}: unknown key {key!r}; allowed are {', '.join(sorted(LESSON_KEYS))}"
        for key in entry
        if key not in LESSON_KEYS
    ]
    faults += _wrong(entry, where, "number", r"\d\d", 'two digits, such as "03"')
    faults += _wrong(entry, where, "slug", r"[a-z][a-z0-9_]*", 'lower snake case: "start_and_join"')
    faults += _wrong(
        entry, where, "goal", r".+", "one sentence: what the learner will be able to do"
    )
    faults += _wrong_title_or_times(entry, where)
    faults += _wrong_claims(entry.get("claims", []), where)
    if "lab" in entry:
        faults += _faults_of_lab(entry["lab"], f"{where}, lab")
    return faults + _wrong_flags(entry, where)


def _faults_of_lab(lab: object, where: str) -> list[str]:
    if not isinstance(lab, dict):
        return [f"{where}: must be a table [lesson.lab] with title and minutes, got {lab!r}"]
    unknown = [
        f"{where}: unknown key {key!r}; allowed are minutes, title"
        for key in lab
        if key not in LAB_KEYS
    ]
    return unknown + _wrong_title_or_times(lab, where)


def _faults_of_puzzles(entries: object, lessons: set) -> list[str]:
    """Return the faults of all sets of puzzles; `lessons` are the numbers of all lessons."""
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return ["a set of puzzles must be a table that starts [[puzzles]]"]
    faults = []
    for place, entry in enumerate(entries, 1):
        where = f"puzzles {place}"
        faults += [
            f"{where}: unknown key {key!r}; allowed are {', '.join(sorted(PUZZLE_KEYS))}"
            for key in entry
            if key not in PUZZLE_KEYS
        ]
        faults += _wrong(entry, where, "number", r"[1-9]", 'a digit, such as "1"')
        faults += _wrong(entry, where, "slug", r"[a-z][a-z0-9_]*", 'lower snake case: "pools"')
        faults += _wrong_title_or_times(entry, where)
        if entry.get("after") not in lessons:
            faults.append(f"{where}: after must be a lesson's number; got {entry.get('after')!r}")
    numbers = [str(entry.get("number")) for entry in entries]
    if numbers != sorted(set(numbers)):
        faults.append(f"puzzles: numbers must rise down the file; got {', '.join(numbers)}")
    return faults


def _wrong(entry: dict[str, Any], where: str, key: str, pattern: str, allowed: str) -> list[str]:
    value = entry.get(key)
    if isinstance(value, str) and re.fullmatch(pattern, value):
        return []
    got = f"got {value!r}" if key in entry else "it is missing"
    return [f"{where}: {key} must be {allowed}; {got}"]


def _wrong_title_or_times(entry: dict[str, Any], where: str) -> list[str]:
    faults = _wrong(entry, where, "title", r".+", "a line of text")
    for key, value in (("minutes", entry.get("minutes")), ("deeper", entry.get("deeper", 1))):
        if type(value) is not int or not 1 <= value <= 240:
            faults.append(f"{where}: {key} must be a whole number from 1 to 240; got {value!r}")
    return faults


def _wrong_claims(claims: object, where: str) -> list[str]:
    if isinstance(claims, list) and all(isinstance(claim, str) for claim in claims):
        return []
    return [f'{where}: claims must be a list of claim ids, such as ["P1", "P2"]; got {claims!r}']


def _wrong_flags(entry: dict[str, Any], where: str) -> list[str]:
    for flag in sorted(FLAGS & entry.keys()):
        if type(entry[flag]) is not bool:
            return [f"{where}: {flag} must be true or false, without quotes; got {entry[flag]!r}"]
    if entry.get("written", True) or "lab" in entry:
        return []
    return [
        f"{where}: written = false is for a lesson whose lab came first, and this one has no"
        " [lesson.lab]; add it, or take the lesson out until it is written"
    ]


def _faults_between(entries: list[dict[str, Any]]) -> list[str]:
    """Return faults that show only when all lessons are compared."""
    numbers = [entry["number"] for entry in entries]
    faults = [
        f"lesson {later}: comes after lesson {earlier}; numbers must rise down the file"
        for earlier, later in pairwise(numbers)
        if later <= earlier
    ]
    owners: dict[str, str] = {}
    for entry in entries:
        for claim in entry.get("claims", ()):
            if claim in owners:
                faults.append(
                    f"lesson {entry['number']}: claim {claim} already belongs to lesson"
                    f" {owners[claim]}; keep it in one of them"
                )
            owners.setdefault(claim, entry["number"])
    return faults
