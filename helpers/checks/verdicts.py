"""One requirement, judged: its name, the state, and the reason where it is not right yet."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

MARK = "#verdict# "  # starts a line of the driver's output that is a verdict


@dataclass(frozen=True)
class Verdict:
    """`state` is "ok", "todo" or "not yet"; `reason` says what came and where to look."""

    name: str
    state: str
    reason: str = ""

    def line(self) -> str:
        """The line that a learner reads."""
        return f"{self.state:>7}  {self.name}" + (f": {self.reason}" if self.reason else "")

    def send(self) -> None:
        """Print it for the checking process to read, on a line of its own."""
        print("\n" + MARK + json.dumps(asdict(self)), flush=True)
