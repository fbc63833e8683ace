"""The arguments of `course.py check-lab`, read and refused before an environment is needed.

check-lab LAB FILE  ->  ("03", …/work_03.py)
"""

import keyword
import sys
from collections.abc import Sequence
from pathlib import Path

from helpers.progress.outline import answer_name, known_exercise, lab_numbers, lesson_of, puzzle_ids
from tools.launcher.paths import ROOT, Problem
from tools.launcher.program_files import checked_program

USAGE = "python3 course.py check-lab LAB FILE"
# A file with one of these names would be loaded in place of a module that the check needs.
_TAKEN = {*sys.stdlib_module_names, "helpers", "tools", "psutil", "driver"}


def read_check_lab_arguments(arguments: Sequence[str]) -> tuple[str, Path]:
    """Return the id of the lab or puzzle and the answer's path; raise Problem if one can't be."""
    options = [word for word in arguments if word.startswith("-")]
    if options:
        raise Problem(f"check-lab has no option {options[0]}. Type: {USAGE}")
    if len(arguments) != 2:
        raise Problem(f"Say which lab, and which file has the answer: {USAGE}\n{_known_labs()}")
    try:
        lab = known_exercise(arguments[0])
    except ValueError:
        raise Problem(f"There is no lab {arguments[0]}. {_known_labs()}") from None
    return lab, _answer(arguments[1], lab)


def _answer(name: str, lab: str) -> Path:
    """Return the path of the answer, which must be a file that a child can import by its name."""
    path = checked_program(name, "the lab's functions")
    fits = path.suffix == ".py" and "." not in path.stem
    if not fits or path.stem in _TAKEN or keyword.iskeyword(path.stem):
        why = "Python has a module of that name" if fits else "a child could not import it"
        raise Problem(
            f"{name} can't be judged under this name: {why}."
            f" Rename it, for example to {answer_name(lab)}.py."
        )
    in_the_way = [
        one for one in (path.with_name("helpers.py"), path.with_name("helpers")) if one.exists()
    ]
    if in_the_way and not in_the_way[0].samefile(ROOT / "helpers"):
        raise Problem(
            f"Beside {name} is {in_the_way[0].name}, which your children would import in place of"
            f" the course's helpers. Rename it, or copy {path.name} to another folder."
        )
    return path.absolute()


def _known_labs() -> str:
    labs = ", ".join(f"{lab} ({_title(lab)})" for lab in lab_numbers())
    return f"The labs are {labs}. The puzzles are {', '.join(puzzle_ids())}."


def _title(lab: str) -> str:
    found = lesson_of(lab).lab
    return found.title if found else lab
