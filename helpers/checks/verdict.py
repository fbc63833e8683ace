"""One requirement, judged: its name, the state, and the reason where it is not right yet.

drive.py sends a verdict as a note of the bounded runner; the checking process reads the notes.
"""

from __future__ import annotations

import sys
import textwrap
from dataclasses import dataclass

NOTE = "verdict"
SET_IN = " " * 9  # how a line begins that goes on with the reason of the one above
_WIDTH = 96  # letters; JupyterLab would break a longer line in the middle of a word
_LONGEST = 1500  # letters of a reason; a note has its limit, and so has a reader
Judgement = tuple[str, str]  # a state, and the reason where it is not "ok"
OK: Judgement = ("ok", "")


def not_yet(reason: str) -> Judgement:
    """The judgement that something is not right yet, for that reason."""
    return "not yet", reason


@dataclass(frozen=True)
class Verdict:
    """`state` is "ok", "todo" or "not yet"; `reason` says what came and where to look."""

    name: str
    state: str
    reason: str = ""

    def line(self) -> str:
        """What a learner reads, in one line."""
        return f"{self.state:>7}  {self.name}" + (f": {self.reason}" if self.reason else "")

    def lines(self) -> str:
        """The same, set in lines that fit a notebook's width."""
        return textwrap.fill(
            self.line(),
            _WIDTH,
            subsequent_indent=SET_IN,
            drop_whitespace=True,
            break_long_words=False,
            break_on_hyphens=False,
        )

    def send(self) -> None:
        """Note it for the checking process to read; only inside the bounded runner."""
        course_events = sys.modules["course_events"]  # imported by every process of a run
        course_events.note(NOTE, name=self.name, state=self.state, reason=self.reason[:_LONGEST])


def one_line(text: object, most: int = 160) -> str:
    """`text`, or what `repr` says of another object, on one line and cut to `most` letters."""
    try:
        words = " ".join((text if isinstance(text, str) else repr(text)).split())
    except Exception as error:  # an answer's own __repr__
        words = f"something whose repr raises {type(error).__name__}"
    return words if len(words) <= most else f"{words[: most - 1]}…"
