"""The glossary: a page of terms, and a link to it from where a lesson introduces each.

    helpers/data/glossary.toml -> read_glossary -> glossary_text(course) -> docs/glossary.md
                                                -> linked(cells, lesson, terms): **term** -> a link

The sources stay plain; links are made in the built notebooks only.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tools.build.lesson_sources import readable_lessons
from tools.build.percent import Cell
from tools.check.problem import Problem
from tools.outline import LESSON, Course, Lesson, OutlineError, Page

GLOSSARY = "helpers/data/glossary.toml"
GLOSSARY_PAGE = "docs/glossary.md"

HEAD = """# Glossary

The terms of this course, each with the lesson that introduces it. You can link to every heading.

This page is made by `python3 course.py build` from `{file}`."""

_KEYS = {"name", "also", "lesson", "words"}


@dataclass(frozen=True)
class Term:
    """A term: the lesson that first has it in bold, what it means, and its other forms."""

    name: str
    lesson: str
    words: str
    also: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """Return the part of a link to the term that follows the #.

        To make an anchor from a heading, code hosts change it to lower case and remove punctuation;
        JupyterLab changes neither. So the page uses these slugs as its headings, and links work in
        both.
        """
        return re.sub(r"[^a-z0-9-]", "", self.name.lower().replace(" ", "-"))

    @property
    def in_bold(self) -> re.Pattern[str]:
        """Return a pattern for the term, or a form of it, in bold and not yet a link."""
        forms = "|".join(re.escape(form) for form in (self.name, *self.also))
        return re.compile(rf"\*\*(`?(?:{forms})`?)\*\*", re.IGNORECASE)


def read_glossary(root: Path) -> tuple[Term, ...]:
    """Return the terms in the order of the file; raise OutlineError for any fault.

    Without a file there are no terms.
    """
    path = root / GLOSSARY
    if not path.exists():
        return ()
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("term", [])
    except tomllib.TOMLDecodeError as error:
        raise OutlineError(GLOSSARY, [f"not valid TOML: {error}"]) from None
    faults = [fault for place, entry in enumerate(entries, 1) for fault in _faults(entry, place)]
    if faults:
        raise OutlineError(GLOSSARY, faults)
    terms = tuple(Term(**{**entry, "also": tuple(entry.get("also", ()))}) for entry in entries)
    twice = _twice(form.lower() for term in terms for form in (term.name, *term.also))
    twice += _twice(term.slug for term in terms if term.slug != term.name.lower())
    if twice:
        raise OutlineError(GLOSSARY, [f"{form!r} is there twice; keep one" for form in twice])
    return terms


def _faults(entry: dict, place: int) -> Iterator[str]:
    who = f"term {entry.get('name', f'no. {place}')!r}"
    for key in entry.keys() - _KEYS:
        yield f"{who}: unknown key {key!r}; allowed are {', '.join(sorted(_KEYS))}"
    for key in ("name", "words"):
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            yield f"{who}: {key} must be a line of text"
    if not re.fullmatch(r"\d\d", str(entry.get("lesson"))):
        yield f'{who}: lesson must be two digits, such as "03"; got {entry.get("lesson")!r}'
    also = entry.get("also", [])
    if not isinstance(also, list) or not all(isinstance(form, str) for form in also):
        yield f"{who}: also must be a list of other forms; got {also!r}"


def _twice(forms: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return [form for form in forms if form in seen or seen.add(form)]


def linked(cells: Iterable[Cell], lesson: Lesson, terms: Iterable[Term]) -> tuple[Cell, ...]:
    """Return the cells with the first bold mention of each of the lesson's terms as a link."""
    done = list(cells)
    for term in terms:
        if term.lesson != lesson.number:
            continue
        for place, cell in enumerate(done):
            if cell.kind == "markdown" and (found := term.in_bold.search(cell.text)):
                link = f"**[{found[1]}](../{GLOSSARY_PAGE}#{term.slug})**"
                text = cell.text[: found.start()] + link + cell.text[found.end() :]
                done[place] = replace(cell, text=text)
                break
    return tuple(done)


def glossary_text(course: Course) -> str:
    """Return the text of the whole page, with the terms in alphabetical order."""
    lessons = {lesson.number: lesson for lesson in course.outline.lessons}
    parts = [HEAD.format(file=GLOSSARY), ""]
    for term in sorted(read_glossary(course.root), key=lambda term: term.slug):
        parts += [f"## {term.slug}", "", f"**{term.name}**{_forms(term)}: {term.words}", ""]
        parts += [_where(term, lessons.get(term.lesson)), ""]
    return "\n".join(parts)


def _forms(term: Term) -> str:
    """Return other names of the term, without plurals and similar forms."""
    stem = term.name.lower()[:4]
    others = [form for form in term.also if not form.lower().startswith(stem)]
    return f" ({', '.join(others)})" if others else ""


def _where(term: Term, lesson: Lesson | None) -> str:
    if lesson is None or not lesson.written:
        return f"Lesson {term.lesson}"
    return f"Lesson [{lesson.number} {lesson.title}](../{Page(LESSON, lesson).file})"


def glossary_page_is_fresh(course: Course) -> Iterator[Problem]:
    """Yield a problem if the glossary page differs from what its source says."""
    path = course.root / GLOSSARY_PAGE
    if not (course.root / GLOSSARY).exists():
        return
    if not path.exists():
        yield Problem(GLOSSARY_PAGE, "is missing", "Run: python3 course.py build")
    elif path.read_text(encoding="utf-8") != glossary_text(course):
        yield Problem(GLOSSARY_PAGE, "is stale", "Run: python3 course.py build")


def terms_are_introduced(course: Course) -> Iterator[Problem]:
    """Yield a problem for each term that is not in bold in its lesson, if that is written."""
    prose: dict[str, str] = {}
    for page, cells in readable_lessons(course):
        prose[page.lesson.number] = "\n".join(c.text for c in cells if c.kind == "markdown")
    for term in read_glossary(course.root):
        text = prose.get(term.lesson)
        if text is not None and not term.in_bold.search(text):
            what = f"the term {term.name!r} is never in bold in lesson {term.lesson}"
            fix = f"Write **{term.name}** where the lesson first uses it, or correct `lesson`"
            yield Problem(GLOSSARY, what, fix)


RULES = (glossary_page_is_fresh, terms_are_introduced)
