"""The verdict on one requirement: its name, its state, and the reason if it is not met yet.

driver.py sends each verdict as a note of the bounded runner; the checking process reads the notes.
"""

from __future__ import annotations

import sys
import textwrap
from dataclasses import dataclass

NOTE = "verdict"
INDENT = " " * 9  # of the lines on which a reason goes on
_WIDTH = 96  # characters; JupyterLab would break a longer line in the middle of a word
_LONGEST = 1500  # characters of a reason; a note has a limit of its own
Judgment = tuple[str, str]  # a state, and the reason where it is not "ok"
OK: Judgment = ("ok", "")


def not_yet(reason: str) -> Judgment:
    """Return the judgment that something is not right yet, for this reason."""
    return "not yet", reason


@dataclass(frozen=True)
class Verdict:
    """A check's verdict on one requirement, by the requirement's name.

    `state` is "ok", "todo" or "not yet". `reason` says what was expected, what came, and what to
    look at; it is "" for "ok".
    """

    name: str
    state: str
    reason: str = ""

    def line(self) -> str:
        """Return the verdict as one line of text."""
        return f"{self.state:>7}  {self.name}" + (f": {self.reason}" if self.reason else "")

    def lines(self) -> str:
        """Return the text of `line`, wrapped to a notebook's width."""
        return textwrap.fill(
            self.line(),
            _WIDTH,
            subsequent_indent=INDENT,
            drop_whitespace=True,
            break_long_words=False,
            break_on_hyphens=False,
        )

    def send(self) -> None:
        """Send it to the checking process, as a note. This works only in the bounded runner."""
        course_events = sys.modules["course_events"]  # imported by every process of a run
        course_events.note(NOTE, name=self.name, state=self.state, reason=self.reason[:_LONGEST])


def one_line(text: object, most: int = 160) -> str:
    """Return `text`, or the repr of another object, on one line of at most `most` characters."""
    try:
        words = " ".join((text if isinstance(text, str) else repr(text)).split())
    except Exception as error:  # an answer's own __repr__
        words = f"something whose repr raises {type(error).__name__}"
    return words if len(words) <= most else f"{words[: most - 1]}…"
