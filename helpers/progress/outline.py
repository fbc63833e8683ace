"""The outline of the course: which lessons and labs there are, and what each lab asks for.

    source/outline.toml        -> numbers, titles, minutes, claims, which lesson has a lab
    helpers/checks/lab_NN.py   -> what the lab asks for (its REQUIREMENTS, read and not run)

This is the one reader of outline.toml. tools/outline.py builds on it and names each fault in the
file. Only the standard library is needed, so that `python3 course.py progress` works before
anything is installed.
"""

from __future__ import annotations

import ast
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


@dataclass(frozen=True)
class Lesson:
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

    @property
    def lab_file(self) -> str:
        """Return the path of the lab's notebook, relative to the course."""
        return f"labs/{self.name}.ipynb"

    @property
    def solution_file(self) -> str:
        """Return the path of the solved lab's notebook, relative to the course."""
        return f"solutions/{self.name}.ipynb"


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


def lessons() -> tuple[Lesson, ...]:
    """Return every lesson, in the order of the course; () if the outline can't be read."""
    try:
        found = tuple(lesson_from(entry) for entry in read_toml(_OUTLINE)["lesson"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ()  # a map without lessons is better than an error; `course.py check` says more
    return found if all(map(_can_be_shown, found)) else ()


def _can_be_shown(lesson: Lesson) -> bool:
    texts = (lesson.number, lesson.slug, lesson.title, lesson.lab.title if lesson.lab else "")
    return all(isinstance(text, str) for text in texts)


def lab_numbers() -> tuple[str, ...]:
    """Return the number of each lab that can be checked, such as `01`."""
    return tuple(path.stem[4:] for path in sorted(_CHECKS.glob("lab_*.py")))


def known_lab(lab: object, example: str = "check('01')") -> str:
    """Return the number of the lab as its files have it, such as `01` for "1" and for 1.

    Raise TypeError or ValueError if there is no such lab.
    """
    known, number = lab_numbers(), ""
    if isinstance(lab, int) and not isinstance(lab, bool):
        number = f"{lab:02}"
    elif isinstance(lab, str) and lab.isdecimal():
        number = lab.zfill(2)
    if number in known:
        return number
    return one_of("lab", lab, known, f"Pass the lab's number, e.g. {example}.")


def lesson_of(lab: str) -> Lesson:
    """Return the lesson that the lab of that number belongs to.

    If the outline can't be read, the lesson has a general title. Raise TypeError or ValueError if
    there is no such lab.
    """
    lab = known_lab(lab, "lesson_of('01')")
    found = [lesson for lesson in lessons() if lesson.number == lab]
    return found[0] if found else Lesson(lab, "lab", f"Lesson {lab}", lab=Lab(f"Lab {lab}"))


def requirements(lab: str) -> tuple[str, ...]:
    """Return the names of the lab's requirements, in order.

    This parses the check's source instead of importing it, because an import would need more than
    the standard library. Raise TypeError or ValueError if there is no such lab.
    """
    lab = known_lab(lab, "requirements('01')")
    try:
        body = ast.parse((_CHECKS / f"lab_{lab}.py").read_text(encoding="utf-8")).body
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
