"""Limits of a program's run, with their allowed values and the words for a limit that is passed."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from helpers.validation import number, whole_number

_MEGA = 1_000_000


def _still_from_environment() -> float:
    """Return the default of `still` in seconds.

    Tests set it, so that a program that hangs is stopped as soon as it hangs, not at its limit.
    """
    return float(os.environ.get("COURSE_RUN_STILL", "0"))


@dataclass(frozen=True)
class Limits:
    """What a program may use before it is stopped.

    `still` is how many seconds all of its processes may be blocked without a timeout at the same
    time; deadlock.py detects that.
    """

    seconds: float = 10.0
    output: int = 1_000_000  # bytes; a pool whose workers keep failing writes this in seconds
    memory: int = 2_000_000_000  # bytes, of all its processes together
    processes: int = 64  # alive at once
    depth: int = 5  # levels of children below the program
    starts: int = 1_000  # processes in all, ended ones included
    still: float = field(default_factory=_still_from_environment)  # seconds; 0: no such limit

    def check(self) -> Limits:
        """Return these limits; raise TypeError or ValueError if no program can run within them."""
        number("limit", self.seconds, 0.1, 86_400, "Pass seconds, e.g. limit=5.")
        whole_number("output", self.output, 1000, 10**9, "Pass bytes, e.g. output=1_000_000.")
        whole_number("memory", self.memory, 10**7, 10**13, "Pass bytes, e.g. memory=10**9.")
        whole_number("processes", self.processes, 1, 10_000, "Pass a number, e.g. processes=64.")
        whole_number("depth", self.depth, 1, 100, "Pass a number, e.g. depth=5.")
        number("still", self.still, 0, 600, "Pass seconds, e.g. still=1, or 0 for no such limit.")
        return self

    def words(self, kind: str) -> str:
        """Return why a program that passed the limit `kind` was stopped; "" if `kind` is ""."""
        return {
            "": "",
            "time": f"it had not ended after {self.seconds:g} s",
            "output": f"it wrote more than {self.output:,} bytes",
            "memory": f"it used more than {self.memory // _MEGA:,} MB of memory",
            "processes": f"more than {self.processes} of its processes lived at once",
            "depth": f"its children had children, more than {self.depth} deep",
            "starts": f"it started more than {self.starts:,} processes",
            "still": "all of its processes wait, and none of them can wake another",
            "watcher": "its supervisor was killed or was too late",
            "abandoned": "the run was given up before the program had ended",
        }[kind]


def usual_processes() -> int:
    """Return how many processes may be alive at once: enough for a few pools of all cores."""
    return max(64, 4 * (os.cpu_count() or 1))
