"""Which lessons and labs there are, read where it is written already: nothing is said twice.

    source/outline.toml        -> numbers, titles, which lesson has a lab
    helpers/checks/lab_NN.py   -> what the lab asks for (its REQUIREMENTS, read and not run)

Standard library only, so that `python3 course.py progress` works before anything is installed.
"""

from __future__ import annotations

import ast
import tomllib
from dataclasses import dataclass
from pathlib import Path

from helpers.validation import one_of

ROOT = Path(__file__).parents[2]
IN_CHECKOUT = (ROOT / "course.py").is_file()  # else this is an installed wheel, without notebooks
_HELPERS = Path(__file__).parents[1]
_CHECKS = _HELPERS / "checks"
_SHIPPED = _HELPERS / "data" / "outline.toml"  # setup.py puts a copy into the wheel
_OUTLINE = ROOT / "source" / "outline.toml" if IN_CHECKOUT else _SHIPPED


@dataclass(frozen=True)
class Lesson:
    """A lesson, as the map shows it; `lab` is its lab's title, empty if it has none.

    `written` is False where the lab came first, and there is no notebook of the lesson yet.
    """

    number: str
    name: str
    title: str
    lab: str = ""
    written: bool = True

    @property
    def file(self) -> str:
        """The lesson's notebook, relative to the course."""
        return f"notebooks/{self.name}.ipynb"

    @property
    def source(self) -> str:
        """The lesson's source, relative to the course."""
        return f"source/lessons/{self.name}.py"

    @property
    def lab_file(self) -> str:
        """The lab's notebook, relative to the course."""
        return f"labs/{self.name}.ipynb"

    @property
    def solution_file(self) -> str:
        """The solved lab, relative to the course."""
        return f"solutions/{self.name}.ipynb"


def lessons() -> tuple[Lesson, ...]:
    """Every lesson, in the order of the course; none where the outline can't be read."""
    try:
        entries = tomllib.loads(_OUTLINE.read_text(encoding="utf-8"))["lesson"]
        return tuple(_lesson(entry) for entry in entries)
    except (OSError, ValueError, KeyError, TypeError):  # `course.py check` says what is wrong
        return ()


def _lesson(entry: dict) -> Lesson:
    name = f"{entry['number']}_{entry['slug']}"
    lab, written = entry.get("lab", {}).get("title", ""), entry.get("written", True)
    return Lesson(entry["number"], name, entry["title"], lab, written)


def lab_numbers() -> tuple[str, ...]:
    """The number of each lab that can be checked, such as `01`."""
    return tuple(path.stem[4:] for path in sorted(_CHECKS.glob("lab_*.py")))


def known_lab(lab: object, example: str = "check('01')") -> str:
    """`lab` as it is, if it is the number of a lab; else TypeError or ValueError."""
    return one_of("lab", lab, lab_numbers(), f"Pass the lab's number, e.g. {example}.")


def lesson_of(lab: str) -> Lesson:
    """The lesson that the lab of that number belongs to."""
    known_lab(lab, "lesson_of('01')")
    found = [lesson for lesson in lessons() if lesson.number == lab]
    return found[0] if found else Lesson(lab, lab, f"Lesson {lab}", f"Lab {lab}")


def requirements(lab: str) -> tuple[str, ...]:
    """What the lab asks for, by name and in order."""
    known_lab(lab, "requirements('01')")
    for node in ast.parse((_CHECKS / f"lab_{lab}.py").read_text(encoding="utf-8")).body:
        targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", ())
        if any(isinstance(target, ast.Name) and target.id == "REQUIREMENTS" for target in targets):
            return tuple(ast.literal_eval(node.value))
    return ()
