"""What a learner has done in labs and puzzles, kept in the learner's notes, and what to do next.

    check() -> record_try    hint() -> record_hint    solution() -> record_solution_opened
                        notes, section "labs"
               lab_progress, course_progress -> the map of the course

The notes may have an older shape, or the learner may have edited them. So each value is checked,
and one of another type counts as missing.
"""

from __future__ import annotations

import ast
import hashlib
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from helpers.progress import store
from helpers.progress.outline import (
    OUTLINE,
    Lesson,
    PuzzleSet,
    lab_numbers,
    lessons,
    puzzle_sets,
    puzzles_of,
    requirements,
)

_SECTION = "labs"


@dataclass(frozen=True)
class RequirementProgress:
    """One requirement of a lab, and how far the learner is with it.

    `ok` tells whether it is met now; `first_ok` is when it was first met (ISO 8601, UTC; "" if
    never) and `first_ok_try` at which try. `hints` is how many of the three hints were shown.
    """

    name: str
    ok: bool = False
    first_ok: str = ""
    first_ok_try: int = 0
    hints: int = 0


@dataclass(frozen=True)
class LabProgress:
    """One lab or puzzle, by its id, and how far the learner is with it.

    `checked` tells whether it was ever checked and `tries` is the number of honest tries. `solved`
    and `solution_opened` are when that first happened (ISO 8601, UTC; "" if never).
    """

    lab: str
    requirements: tuple[RequirementProgress, ...] = ()
    checked: bool = False
    tries: int = 0
    solved: str = ""
    solution_opened: str = ""

    @property
    def hints(self) -> int:
        """Return how many hints were shown."""
        return sum(requirement.hints for requirement in self.requirements)

    @property
    def met(self) -> int:
        """Return how many requirements are met now."""
        return sum(requirement.ok for requirement in self.requirements)

    @property
    def begun(self) -> bool:
        """Return whether the learner has made an honest try or asked for a hint."""
        return bool(self.tries or self.hints or self.met or self.solved)

    @property
    def done(self) -> bool:
        """Return whether the lab was solved and each of today's requirements was met once."""
        return bool(self.solved) and all(one.first_ok for one in self.requirements)

    @property
    def first_open(self) -> str:
        """Return the name of the first requirement that is not met now; "" if all are."""
        return next((one.name for one in self.requirements if not one.ok), "")

    @property
    def state(self) -> str:
        """Return how far the learner is, in words: `not begun`, `2 of 5` or `done`."""
        if self.done:
            return "done"
        return f"{self.met} of {len(self.requirements)}" if self.begun else "not begun"


@dataclass(frozen=True)
class PuzzleProgress:
    """One set of puzzles, and how far the learner is with each of them, in order."""

    puzzles: PuzzleSet
    each: tuple[LabProgress, ...]

    @property
    def solved(self) -> int:
        """Return how many are solved."""
        return sum(puzzle.done for puzzle in self.each)

    @property
    def tries(self) -> int:
        """Return the number of honest tries, in all of them."""
        return sum(puzzle.tries for puzzle in self.each)

    @property
    def hints(self) -> int:
        """Return how many hints were shown, in all of them."""
        return sum(puzzle.hints for puzzle in self.each)

    @property
    def begun(self) -> bool:
        """Return whether the learner has made an honest try or asked for a hint."""
        return any(puzzle.begun for puzzle in self.each)

    @property
    def done(self) -> bool:
        """Return whether every puzzle was solved."""
        return self.solved == len(self.each)

    @property
    def state(self) -> str:
        """Return how far the learner is, in words: `not begun`, `2 of 6` or `done`."""
        if self.done:
            return "done"
        return f"{self.solved} of {len(self.each)}" if self.begun else "not begun"

    @property
    def first_open(self) -> str:
        """Return the id of the first puzzle that is not solved; "" if all are."""
        return next((puzzle.lab for puzzle in self.each if not puzzle.done), "")


@dataclass(frozen=True)
class CourseProgress:
    """Each lesson with the progress in its lab (None if it has no lab), and what to do next.

    `puzzles` has the progress in each set of puzzles.
    """

    lessons: tuple[tuple[Lesson, LabProgress | None], ...]
    next: str
    puzzles: tuple[PuzzleProgress, ...] = ()


def record_try(lab: str, states: dict[str, str], answer: str) -> bool:
    """Note what a check said of each requirement; return whether it was kept.

    `states` is the state ("ok", "todo" or "not yet") of each requirement, `answer` the text of the
    learner's module. The check counts as a try if the answer is not empty and differs from the last
    one by more than comments and blanks.
    """
    return _change(lab, lambda kept: _with_try(kept, states, _fingerprint(answer)))


def record_hint(lab: str, requirement: str, step: int) -> bool:
    """Note that this hint (1 to 3) of the requirement was shown; return whether it was kept."""

    def changed(kept: dict) -> dict:
        hints = _table(kept.get("hints"))
        return {**kept, "hints": {**hints, requirement: max(step, _count(hints.get(requirement)))}}

    return _change(lab, changed)


def record_solution_opened(lab: str) -> bool:
    """Note when the solution was opened first; return whether it was kept."""
    return _change(lab, lambda kept: {**kept, "solution_opened": _since(kept, "solution_opened")})


def can_be_kept(lab: str) -> bool:
    """Return whether the notes can be written; if not, no try is ever counted."""
    return _change(lab, lambda kept: kept)


def lab_progress(lab: str) -> LabProgress:
    """Return what the learner has done in the lab or puzzle so far.

    Raise TypeError or ValueError if there is no such lab or puzzle.
    """
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
    """Return every lesson, the progress in its lab, and one sentence on what to do next."""
    rows = tuple((lesson, _progress_in(lesson)) for lesson in lessons())
    if not rows:
        words = f"get {OUTLINE} again. It lists the lessons, and it is missing or can't be read."
        return CourseProgress((), words)
    puzzles = tuple(
        PuzzleProgress(one, tuple(map(lab_progress, puzzles_of(one)))) for one in puzzle_sets()
    )
    return CourseProgress(rows, _next(rows, puzzles), puzzles)


def _progress_in(lesson: Lesson) -> LabProgress | None:
    if lesson.lab is None:
        return None
    has_check = lesson.number in lab_numbers()  # it may not be written yet
    return lab_progress(lesson.number) if has_check else LabProgress(lesson.number)


Exercises = tuple[Lesson, LabProgress] | tuple[PuzzleSet, PuzzleProgress]


def _next(
    rows: tuple[tuple[Lesson, LabProgress | None], ...], puzzles: tuple[PuzzleProgress, ...]
) -> str:
    """Return the sentence on what to do next: what is begun, else what comes first."""
    still_open = [one for one in _in_order(rows, puzzles) if not one[1].done]
    begun = [one for one in still_open if one[1].begun]
    if not still_open:
        return "every lab is done. Explain one of your answers to a friend: why is each line there?"
    page, done = (begun or still_open)[0]
    if isinstance(page, PuzzleSet) or isinstance(done, PuzzleProgress):
        return f"{'go on with' if begun else 'do'} {page.lab_file}, puzzle {done.first_open}."
    if begun:
        return f"go on with {page.lab_file}: {_what_is_open(done)}"
    before = f"read {page.file}, then " if page.written else ""
    return f"{before}do {'its' if before else 'the'} lab, {page.lab_file}."


def _in_order(
    rows: tuple[tuple[Lesson, LabProgress | None], ...], puzzles: tuple[PuzzleProgress, ...]
) -> Iterator[Exercises]:
    """Yield each lab, and after it the puzzles that need its lesson and no later one."""
    for lesson, done in rows:
        if done is not None:
            yield lesson, done
        yield from ((one.puzzles, one) for one in puzzles if one.puzzles.after == lesson.number)


def _what_is_open(done: LabProgress) -> str:
    if not done.first_open:
        return "check it once more."
    return f'the first thing that is not ok yet is "{done.first_open}".'


def _change(lab: str, changed: Callable[[dict], dict]) -> bool:
    return store.change(_SECTION, lab, lambda kept: changed(_table(kept)))


def _with_try(kept: dict, states: dict[str, str], fingerprint: str) -> dict:
    """Return the lab's notes after one more check."""
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
    """Return the notes on one requirement after one more check."""
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


def _fingerprint(answer: str) -> str:
    """Return a hash that is the same for answers that differ in comments and blanks only."""
    try:
        with warnings.catch_warnings(action="ignore"):  # about the learner's "\\d", for example
            code = ast.dump(ast.parse(answer))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        code = answer.strip()
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()[:16]


def _since(kept: dict, name: str) -> str:
    """Return the time that was noted under this name, or now if none was."""
    return _text(kept.get(name)) or _now()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _table(value: object) -> dict:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
