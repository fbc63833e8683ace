"""What a learner has done in the labs: kept in the learner's notes, and what to do next.

    check() -> record_try    hint() -> record_hint    solution() -> record_solution_opened
                        notes, section "labs"
               lab_progress, course_progress -> the map of the course

Whatever the notes hold, an older shape or somebody else's, is read as far as it makes sense.
"""

from __future__ import annotations

import ast
import hashlib
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from helpers.progress import store
from helpers.progress.outline import Lesson, known_lab, lab_numbers, lessons, requirements
from helpers.validation import bad_type, bad_value, texts, whole_number

STATES = ("ok", "todo", "not yet")
_SECTION = "labs"


@dataclass(frozen=True)
class RequirementProgress:
    """One requirement: is it met now, since when (ISO, UTC; "" if never), at which try first.

    `hints` is how many of the three steps were shown.
    """

    name: str
    ok: bool = False
    first_ok: str = ""
    first_ok_try: int = 0
    hints: int = 0


@dataclass(frozen=True)
class LabProgress:
    """One lab: its requirements as they are now, honest tries, when it was solved first.

    `checked` tells whether it was ever checked; `solved` and `solution_opened` are ISO times in
    UTC, or "".
    """

    lab: str
    requirements: tuple[RequirementProgress, ...] = ()
    checked: bool = False
    tries: int = 0
    solved: str = ""
    solution_opened: str = ""

    @property
    def hints(self) -> int:
        """How many steps of hints were shown."""
        return sum(requirement.hints for requirement in self.requirements)

    @property
    def met(self) -> int:
        """How many requirements are met now."""
        return sum(requirement.ok for requirement in self.requirements)

    @property
    def begun(self) -> bool:
        """Whether anything was tried or asked."""
        return bool(self.tries or self.hints or self.met or self.solved)

    @property
    def done(self) -> bool:
        """Whether it was solved once, and everything that it asks for today was met."""
        return bool(self.solved) and all(one.first_ok for one in self.requirements)

    @property
    def first_open(self) -> str:
        """The first requirement that is not met now, or ""."""
        return next((one.name for one in self.requirements if not one.ok), "")

    @property
    def state(self) -> str:
        """`not begun`, `2 of 5` or `done`."""
        if self.done:
            return "done"
        return f"{self.met} of {len(self.requirements)}" if self.begun else "not begun"


@dataclass(frozen=True)
class CourseProgress:
    """Each lesson with what was done in its lab, None where it has none; and what to do next."""

    lessons: tuple[tuple[Lesson, LabProgress | None], ...]
    next: str


def record_try(lab: str, states: dict[str, str], answer: str) -> bool:
    """Note what a check of `answer`, the text of the learner's module, said of each requirement.

    Counts as a try if something is written and it is not what was tried last; a comment makes no
    difference. Returns whether it could be kept.
    """
    known_lab(lab, "record_try('01', states, answer)")
    _check_states(states)
    texts(answer=answer)
    return _change(lab, lambda kept: _with_try(kept, states, _fingerprint(answer)))


def record_hint(lab: str, requirement: str, step: int) -> bool:
    """Note that this step (1 to 3) of the requirement's hints was shown; whether it was kept."""
    known_lab(lab, "record_hint('01', name, 1)")
    texts(requirement=requirement)
    whole_number("step", step, 1, 3, "Pass 1, 2 or 3.")

    def changed(kept: dict) -> dict:
        hints = _table(kept.get("hints"))
        return {**kept, "hints": {**hints, requirement: max(step, _count(hints.get(requirement)))}}

    return _change(lab, changed)


def record_solution_opened(lab: str) -> bool:
    """Note when the solution was opened first; whether it was kept."""
    known_lab(lab, "record_solution_opened('01')")
    return _change(lab, lambda kept: {**kept, "solution_opened": _since(kept, "solution_opened")})


def can_be_kept(lab: str) -> bool:
    """Whether the notes can be written at all: in a folder that can't, no try is ever counted."""
    known_lab(lab, "can_be_kept('01')")
    return _change(lab, lambda kept: kept)


def lab_progress(lab: str) -> LabProgress:
    """What was done in the lab so far."""
    known_lab(lab, "lab_progress('01')")
    kept = _table(store.read(_SECTION).get(lab))
    known, hints = _table(kept.get("requirements")), _table(kept.get("hints"))
    return LabProgress(
        lab,
        tuple(_requirement(name, known.get(name), hints.get(name)) for name in requirements(lab)),
        checked=bool(known),
        tries=_count(kept.get("tries")),
        solved=_text(kept.get("solved")),
        solution_opened=_text(kept.get("solution_opened")),
    )


def course_progress() -> CourseProgress:
    """Every lesson, what was done in its lab, and one sentence: what to do next."""
    rows = tuple((lesson, _of(lesson)) for lesson in lessons())
    return CourseProgress(rows, _next(rows))


def _of(lesson: Lesson) -> LabProgress | None:
    if not lesson.lab:
        return None
    here = lesson.number in lab_numbers()  # its check may not be written yet
    return lab_progress(lesson.number) if here else LabProgress(lesson.number)


def _next(rows: tuple[tuple[Lesson, LabProgress | None], ...]) -> str:
    labs = [(lesson, done) for lesson, done in rows if done is not None and not done.done]
    begun = [(lesson, done) for lesson, done in labs if done.begun]
    if begun:
        lesson, done = begun[0]
        return f"go on with {lesson.lab_file}: {_what_is_open(done)}"
    if labs:
        lesson, _ = labs[0]
        before = f"read {lesson.file}, then " if lesson.written else ""
        return f"{before}do {'its' if before else 'the'} lab, {lesson.lab_file}."
    return (
        "every lab is done. Explain one of your answers to somebody else: why is each line there?"
    )


def _what_is_open(done: LabProgress) -> str:
    if not done.first_open:
        return "check it once more."
    return f'the first thing that is not ok yet is "{done.first_open}".'


def _change(lab: str, changed: Callable[[dict], dict]) -> bool:
    return store.change(_SECTION, lab, lambda kept: changed(_table(kept)))


def _with_try(kept: dict, states: dict[str, str], fingerprint: str) -> dict:
    honest = set(states.values()) != {"todo"} and fingerprint != kept.get("last_answer")
    tries = _count(kept.get("tries")) + honest
    before = _table(kept.get("requirements"))
    now = {name: _judged(before.get(name), state, tries) for name, state in states.items()}
    changed = {**kept, "requirements": {**before, **now}, "tries": tries}
    if honest:
        changed["last_answer"] = fingerprint
    if all(state == "ok" for state in states.values()):
        changed["solved"] = _since(kept, "solved")
    return changed


def _judged(before: object, state: str, tries: int) -> dict:
    one = _requirement("", before, 0)
    if state == "ok" and not one.first_ok:
        return {"ok": True, "first_ok": _now(), "first_ok_try": tries}
    return {"ok": state == "ok", "first_ok": one.first_ok, "first_ok_try": one.first_ok_try}


def _requirement(name: str, kept: object, hints: object) -> RequirementProgress:
    one = _table(kept)
    first_ok, first_ok_try = _text(one.get("first_ok")), _count(one.get("first_ok_try"))
    return RequirementProgress(
        name, one.get("ok") is True, first_ok, first_ok_try, min(3, _count(hints))
    )


def _check_states(states: object) -> None:
    allowed = "a dict of requirement: state"
    if not isinstance(states, dict) or not all(isinstance(name, str) for name in states):
        raise bad_type("states", states, allowed, "Pass what the check said of each.")
    if not states or not all(state in STATES for state in states.values()):
        words = f"{allowed}, each of them one of {', '.join(STATES)}"
        raise bad_value("states", states, words, "Pass what the check said of each.")


def _fingerprint(answer: str) -> str:
    """The same for two answers that differ in comments and blanks only."""
    try:
        with warnings.catch_warnings(action="ignore"):  # of the learner's own "\\d", say
            essence = ast.dump(ast.parse(answer))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        essence = answer.strip()
    return hashlib.sha256(essence.encode("utf-8", "replace")).hexdigest()[:16]


def _since(kept: dict, name: str) -> str:
    return _text(kept.get(name)) or _now()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _table(value: object) -> dict:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
