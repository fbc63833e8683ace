"""The outline of the course: its lessons, labs and puzzles, and what each of them asks for.

    source/outline.toml                      -> numbers, titles, minutes, claims, labs, puzzles
    helpers/checks/lab_NN.py                 -> what lab "NN" asks for   | its REQUIREMENTS, which
    helpers/checks/puzzles/puzzle_S_N.py     -> what puzzle "S.N" asks for | are read and not run

What a check can judge is an exercise: a lab, whose id is its lesson's number, such as "01", or a
puzzle, whose id has its set's number and its own, such as "1.3".

This is the one reader of outline.toml. tools/outline.py builds on it and names each fault in the
file. Only the standard library is needed, so that `python3 course.py progress` works before
anything is installed.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from helpers.validation import one_of

ROOT = Path(__file__).parents[2]
IN_CHECKOUT = (ROOT / "course.py").is_file()  # else this is an installed wheel, without notebooks
OUTLINE = "source/outline.toml"
_HELPERS = Path(__file__).parents[1]
_CHECKS = _HELPERS / "checks"
_SHIPPED = _HELPERS / "data" / "outline.toml"  # setup.py puts a copy into the wheel
_OUTLINE = ROOT / OUTLINE if IN_CHECKOUT else _SHIPPED


@dataclass(frozen=True)
class Lab:
    """A lesson's lab, as the outline describes it: its title and how many minutes it takes."""

    title: str
    minutes: int = 0


class InLabs:
    """What has a notebook in labs/ and a solved one in solutions/, both with its `name`."""

    @property
    def name(self) -> str:
        """Return the stem of its files in every folder."""
        raise NotImplementedError

    @property
    def lab_file(self) -> str:
        """Return the path of the notebook in labs/, relative to the course."""
        return f"labs/{self.name}.ipynb"

    @property
    def solution_file(self) -> str:
        """Return the path of the solved notebook, relative to the course."""
        return f"solutions/{self.name}.ipynb"


@dataclass(frozen=True)
class Lesson(InLabs):
    """One lesson, as the outline describes it.

    A first reading takes `minutes`, and the optional sections take `deeper` minutes more. `written`
    is False if the lesson has a lab but no notebook yet. `measures` is True if the lesson compares
    speeds.
    """

    number: str
    slug: str
    title: str
    minutes: int = 0
    goal: str = ""
    claims: tuple[str, ...] = ()
    lab: Lab | None = None
    written: bool = True
    deeper: int = 0
    measures: bool = False

    @property
    def name(self) -> str:
        """Return the stem of this lesson's files in every folder, such as `01_processes`."""
        return f"{self.number}_{self.slug}"

    @property
    def file(self) -> str:
        """Return the path of the lesson's notebook, relative to the course."""
        return f"notebooks/{self.name}.ipynb"

    @property
    def source(self) -> str:
        """Return the path of the lesson's source, relative to the course."""
        return f"source/lessons/{self.name}.py"


@dataclass(frozen=True)
class PuzzleSet(InLabs):
    """A notebook of puzzles, as the outline describes it: it needs the lesson `after` and no later.

    `number` is a digit. A puzzle's id is this number, a dot, and the puzzle's place from 1.
    """

    number: str
    slug: str
    title: str
    minutes: int = 0
    after: str = ""

    @property
    def name(self) -> str:
        """Return the stem of this set's files in every folder, `puzzles_1_start_and_join`."""
        return f"puzzles_{self.number}_{self.slug}"


Entry = TypeVar("Entry", Lesson, PuzzleSet)


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file. Raise OSError, or ValueError if it is not valid."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def lesson_from(entry: dict[str, Any]) -> Lesson:
    """Return the lesson that an entry [[lesson]] describes.

    Raise KeyError, TypeError or AttributeError if the entry lacks what a lesson needs; the values
    are not checked.
    """
    lab = entry.get("lab")
    return Lesson(
        number=entry["number"],
        slug=entry["slug"],
        title=entry["title"],
        minutes=entry.get("minutes", 0),
        goal=entry.get("goal", ""),
        claims=tuple(entry.get("claims", ())),
        lab=Lab(**lab) if lab else None,
        written=entry.get("written", True),
        deeper=entry.get("deeper", 0),
        measures=entry.get("measures", False),
    )


def puzzles_from(entry: dict[str, Any]) -> PuzzleSet:
    """Return the set that an entry [[puzzles]] describes; raise TypeError for an odd one."""
    return PuzzleSet(**entry)


def lessons() -> tuple[Lesson, ...]:
    """Return every lesson, in the order of the course; () if the outline can't be read."""
    return _entries("lesson", lesson_from, _can_be_shown)


def puzzle_sets() -> tuple[PuzzleSet, ...]:
    """Return every set of puzzles, in the order of the course; () if the outline can't be read."""
    return _entries("puzzles", puzzles_from, _set_can_be_shown)


def _entries(
    name: str, made: Callable[[dict[str, Any]], Entry], can_be_shown: Callable[[Entry], bool]
) -> tuple[Entry, ...]:
    """Return what is made of each entry of that name, or () if one of them can't be used."""
    try:
        found = tuple(made(entry) for entry in read_toml(_OUTLINE).get(name, ()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ()  # a map without lessons is better than an error; `course.py check` says more
    return found if all(map(can_be_shown, found)) else ()


def _can_be_shown(lesson: Lesson) -> bool:
    texts = (lesson.number, lesson.slug, lesson.title, lesson.lab.title if lesson.lab else "")
    return all(isinstance(text, str) for text in texts)


def _set_can_be_shown(puzzles: PuzzleSet) -> bool:
    texts = (puzzles.number, puzzles.slug, puzzles.title, puzzles.after)
    return all(isinstance(text, str) for text in texts)


def lab_numbers() -> tuple[str, ...]:
    """Return the number of each lab that can be checked, such as `01`."""
    return tuple(path.stem[4:] for path in sorted(_CHECKS.glob("lab_*.py")))


def puzzle_ids() -> tuple[str, ...]:
    """Return the id of each puzzle that can be checked, such as `1.3`."""
    stems = [path.stem for path in sorted((_CHECKS / "puzzles").glob("puzzle_*.py"))]
    return tuple(stem.removeprefix("puzzle_").replace("_", ".") for stem in stems)


def puzzles_of(puzzles: PuzzleSet) -> tuple[str, ...]:
    """Return the ids of a set's puzzles, in order."""
    return tuple(id_ for id_ in puzzle_ids() if id_.startswith(f"{puzzles.number}."))


def known_lab(lab: object, example: str = "check('01')") -> str:
    """Return the number of the lab as its files have it, such as `01` for "1" and for 1.

    Raise TypeError or ValueError if there is no such lab.
    """
    known, number = lab_numbers(), _as_id(lab)
    return number if number in known else one_of("lab", lab, known, _pass_its_number(example))


def known_exercise(exercise: object, example: str = "check('01')") -> str:
    """Return the id of a lab or puzzle, such as `01` for "1" and 1, and `1.3` for "1.3" and 1.3.

    Raise TypeError or ValueError if there is no such lab or puzzle.
    """
    id_ = _as_id(exercise)
    if id_ in (*lab_numbers(), *puzzle_ids()):
        return id_
    advice = f"{_pass_its_number(example)} A puzzle's number has a dot, e.g. '1.3'."
    return one_of("lab", exercise, (*lab_numbers(), *puzzle_ids()), advice)


def _as_id(given: object) -> str:
    """Return the id that is meant by a lab's or puzzle's number or text; "" for anything else."""
    if isinstance(given, int) and not isinstance(given, bool):
        return f"{given:02}"
    text = str(given) if isinstance(given, (str, float)) else ""
    return text.zfill(2) if text.isdecimal() else text


def _pass_its_number(example: str) -> str:
    return f"Pass the lab's number, e.g. {example}."


def is_puzzle(exercise: str) -> bool:
    """Return whether this id is a puzzle's, and not a lab's."""
    return "." in exercise


def answer_name(exercise: str) -> str:
    """Return the name of the module that holds the answer: `work_01` or `work_1_3`."""
    return f"work_{exercise.replace('.', '_')}"


def check_name(exercise: str) -> str:
    """Return the name, below helpers.checks, of the module that judges it."""
    name = exercise.replace(".", "_")
    return f"puzzles.puzzle_{name}" if is_puzzle(exercise) else f"lab_{name}"


def page_of(exercise: str) -> Lesson | PuzzleSet:
    """Return the lesson, or the set of puzzles, to which an exercise of that id belongs.

    If the outline can't be read, it has a general title.
    """
    if not is_puzzle(exercise):
        return lesson_of(exercise)
    number = exercise.partition(".")[0]
    found = [puzzles for puzzles in puzzle_sets() if puzzles.number == number]
    return found[0] if found else PuzzleSet(number, "puzzles", f"Puzzles {number}")


def lesson_of(lab: str) -> Lesson:
    """Return the lesson that the lab of that number belongs to.

    If the outline can't be read, the lesson has a general title. Raise TypeError or ValueError if
    there is no such lab.
    """
    lab = known_lab(lab, "lesson_of('01')")
    found = [lesson for lesson in lessons() if lesson.number == lab]
    return found[0] if found else Lesson(lab, "lab", f"Lesson {lab}", lab=Lab(f"Lab {lab}"))


def requirements(exercise: str) -> tuple[str, ...]:
    """Return the names of the requirements of a lab or puzzle, in order.

    This parses the check's source instead of importing it, because an import would need more than
    the standard library. Raise TypeError or ValueError if there is no such lab or puzzle.
    """
    name = check_name(known_exercise(exercise, "requirements('01')"))
    try:
        text = (_CHECKS / f"{name.replace('.', '/')}.py").read_text(encoding="utf-8")
        body = ast.parse(text).body
    except (OSError, ValueError, SyntaxError):
        return ()  # the check itself says what is wrong with that file
    for node in body:
        if isinstance(node, ast.AnnAssign):
            targets: list[ast.expr] = [node.target]
        elif isinstance(node, ast.Assign):
            targets = node.targets
        else:
            continue
        named = any(isinstance(one, ast.Name) and one.id == "REQUIREMENTS" for one in targets)
        if named and node.value is not None:
            return tuple(ast.literal_eval(node.value))
    return ()
