"""The arguments of `course.py diagnose`, read and refused before an environment is needed.

diagnose [--method M] [--limit S] [--compare] [--picture FILE] PROGRAM [ITS ARGUMENTS]
"""

import multiprocessing
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.launcher.paths import Problem
from tools.launcher.program_files import checked_program

METHODS = ("fork", "spawn", "forkserver")
LIMIT = 30.0  # seconds, where none is given
SHORTEST, LONGEST = 0.1, 86_400.0  # seconds
PICTURES = (".png", ".svg")
_VALUES = ("--method", "--limit", "--picture")  # the options that take a value
USAGE = "python3 course.py diagnose [OPTIONS] FILE [ARGUMENTS]"
_HELP = "Type: python3 course.py diagnose --help"


@dataclass(frozen=True)
class Wanted:
    """What a command line asks for. `method` is "" for the program's own, or Python's default."""

    program: str
    arguments: tuple[str, ...]
    method: str = ""
    limit: float = LIMIT
    compare: bool = False
    picture: str = ""


def asks_for_help(arguments: Sequence[str]) -> bool:
    """Return whether -h or --help stands before the program: after it, it is the program's."""
    options, _ = _divided(arguments)
    return bool({"-h", "--help"} & set(options))


def read_arguments(arguments: Sequence[str]) -> Wanted:
    """Return what the arguments ask for; raise Problem if that is not possible."""
    options, rest = _divided(arguments)
    given: dict[str, str] = {}
    words = iter(options)
    for word in words:
        name, equals, value = word.partition("=")
        if name in _VALUES:
            value = value if equals else next(words, "")
            if not value:
                raise Problem(f"{name} needs a value after it. {_HELP}")
        elif word != "--compare":
            raise Problem(
                f"diagnose has no option {word}. Its options are --method, --limit, --compare and"
                f" --picture.\nWhat is for your program goes after its name: {USAGE}"
            )
        if name in given:
            raise Problem(f"{name} is given twice. Give it once.")
        given[name] = value
    if not rest:
        raise Problem(f"Say which program to run: {USAGE}\n{_HELP}")
    compare, picture = "--compare" in given, given.get("--picture", "")
    if compare and "--method" in given:
        raise Problem("--compare runs every start method, so leave --method out, or --compare.")
    if compare and picture:
        raise Problem("--picture draws one run, and --compare makes several: leave one out.")
    checked_program(rest[0], "a program")
    return Wanted(
        program=rest[0],
        arguments=tuple(rest[1:]),
        method=_method(given.get("--method", "")),
        limit=_limit(given.get("--limit", str(LIMIT))),
        compare=compare,
        picture=_picture(picture),
    )


def _divided(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the words before the program's name, and the others."""
    place = 0
    while place < len(arguments) and arguments[place].startswith("-"):
        if arguments[place] == "--":
            return list(arguments[:place]), list(arguments[place + 1 :])
        place += 2 if arguments[place] in _VALUES else 1
    return list(arguments[:place]), list(arguments[place:])


def _method(method: str) -> str:
    have = multiprocessing.get_all_start_methods()
    there = [one for one in METHODS if one in have]
    if method and method not in METHODS:
        raise Problem(
            f"{method} is no start method. Pass --method {', '.join(there[:-1])} or {there[-1]}."
            "\nWithout it, the program runs with its own, or with Python's default."
        )
    if method and method not in have:
        raise Problem(f"This system has no {method}. It has {', '.join(there)}: pass one of these.")
    return method


def _limit(text: str) -> float:
    try:
        limit = float(text)
    except ValueError:
        limit = float("nan")
    if not SHORTEST <= limit <= LONGEST:
        raise Problem(
            f"The limit must be a number of seconds, from {SHORTEST:g} to {LONGEST:,.0f} (a day),"
            f" and is {text}. Pass, for example, --limit 60."
        )
    return limit


def _picture(name: str) -> str:
    path = Path(name)
    if not name:
        return ""
    if path.suffix.lower() not in PICTURES:
        raise Problem(f"The picture's name must end in .png or .svg, and is {name}.")
    if path.is_dir() or not os.access(path.parent, os.W_OK) or not _can_be_replaced(path):
        raise Problem(
            f"The picture {name} can't be written: is its folder there, and yours to write?"
        )
    return name


def _can_be_replaced(path: Path) -> bool:
    return not path.exists() or os.access(path, os.W_OK)
