"""The rule about words: plain American English in the prose that we write.

Python files: docstrings, comments and other strings, without names. Other text files: every line.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator

from tools.check.files import tracked_files
from tools.check.problem import Problem
from tools.outline import Course

# The files and folders whose prose is checked. The lessons in source/ will follow.
OURS = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "CODE_OF_CONDUCT.md",
    "course.py",
    ".ci/",
    ".github/",
    "classroom/",
    "docs/",
    "helpers/",
    "tests/",
    "tools/",
)
PROSE = (".md", ".toml", ".yml", ".cfg", ".py", ".ci/run", ".ci/inside")
# These two name the words themselves.
EXCEPT = ("tools/check/words.py", "tests/tools/test_words.py")

# A pattern for the word, and what to write in its place.
WORDS = {
    r"for ever": "forever",
    r"at the most": "at most",
    r"shall": "must",
    r"anew": "again",
    r"nobody": "no process",
    r"everybody": "every process",
    r"somebody": "a user",
    r"whoever": "the process that",
    r"mend(?:s|ed|ing)?": "fix",
    r"reckon\w*": "estimate",
    r"spoilt": "spoiled",
    r"learnt": "learned",
    r"misspelt": "misspelled",
    r"whilst": "while",
    r"afterwards": "afterward",
    r"towards": "toward",
    r"time-outs?": "timeout",
    r"speed-ups?": "speedup",
    r"colour\w*": "color",
    r"grey\w*": "gray",
    r"neighbour\w*": "neighbor",
    r"behaviour\w*": "behavior",
    r"favour\w*": "favor",
    r"judgements?": "judgment",
    r"catalogue\w*": "catalog",
    r"centre\w*": "center",
    r"(?:serial|initial|optim|recogn|organ|synchron|normal|summar|minim|maxim|real|visual)is"
    r"(?:e[sd]?|ing|ations?)": "the ending -ize",
}
_ANY = re.compile(
    rf"\b(?:{'|'.join(WORDS)})\b".replace(" ", r"\s+"),
    re.IGNORECASE,
)


def words_are_plain(course: Course) -> Iterator[Problem]:
    """Yield a problem for each word that is British, old-fashioned or misleading."""
    for name in sorted(tracked_files(course.root)):
        if not name.startswith(OURS) or not name.endswith(PROSE) or name in EXCEPT:
            continue
        try:
            text = (course.root / name).read_text(encoding="utf-8")
        except OSError:  # deleted, and not yet committed so
            continue
        for line, word in _found(text, is_python=name.endswith(".py")):
            yield Problem(name, f"says {word!r}", f"Write {_better(word)!r}, or rephrase it", line)


def _found(text: str, *, is_python: bool) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each word, in the order of the lines."""
    prose = _prose_of_python(text) if is_python else text
    for found in _ANY.finditer(prose):
        yield prose.count("\n", 0, found.start()) + 1, " ".join(found[0].split())


def _prose_of_python(text: str) -> str:
    """Return the strings and comments, each in its place, and blanks for all other characters."""
    lines = text.split("\n")
    rows = [[" "] * len(line) for line in lines]
    for first, last in _places(text):
        for row in range(first[0], last[0] + 1):
            start = first[1] if row == first[0] else 0
            end = last[1] if row == last[0] else len(lines[row - 1])
            rows[row - 1][start:end] = lines[row - 1][start:end]
    return "\n".join("".join(row) for row in rows)


Position = tuple[int, int]


def _places(text: str) -> Iterator[tuple[Position, Position]]:
    """Yield where each string and comment starts and ends; in an f-string, its plain parts."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:  # without its #, so that a comment reads on
                yield (token.start[0], token.start[1] + 1), token.end
            elif tokenize.tok_name[token.type] == "FSTRING_MIDDLE":  # since Python 3.12
                yield token.start, token.end
            elif token.type == tokenize.STRING:
                yield from _places_in_string(token)
    except (tokenize.TokenError, SyntaxError):  # ruff reports it
        return


def _places_in_string(token: tokenize.TokenInfo) -> Iterator[tuple[Position, Position]]:
    """Yield the whole string, or the parts of an f-string between its braces (Python 3.11)."""
    if "f" not in re.match(r"[A-Za-z]*", token.string)[0].lower():
        yield token.start, token.end
        return
    depth = 0
    for part in re.finditer(r"\{\{|\}\}|[{}]|[^{}]+", token.string):
        if part[0] in ("{", "}") or (depth and part[0] in ("{{", "}}")):
            depth += part[0].count("{") - part[0].count("}")
        elif not depth:
            yield _moved(token, part.start()), _moved(token, part.end())


def _moved(token: tokenize.TokenInfo, by: int) -> Position:
    """Return the position of a character of the token in its file."""
    before = token.string[:by]
    row = token.start[0] + before.count("\n")
    return row, len(before.rpartition("\n")[2]) + (token.start[1] if "\n" not in before else 0)


def _better(word: str) -> str:
    """Return what to write instead of the word."""
    return next(
        better for pattern, better in WORDS.items() if re.fullmatch(pattern, word, re.IGNORECASE)
    )


RULES = (words_are_plain,)
