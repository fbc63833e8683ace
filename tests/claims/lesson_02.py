"""What shows each claim of lesson 02, and what contradicts it."""

from __future__ import annotations

import os
from types import SimpleNamespace

HERE, ELSEWHERE = os.getpid(), os.getpid() + 1  # process ids
MADE, RUNS, ENDED = (False, False, None), (True, True, None), (True, False, 0)
READ = {"before_join": [0, 42, 0], "after_join": [42, 42, 42]}


def left(*names):
    """Return the report on the program whose main process gets SIGTERM."""
    return {"report": SimpleNamespace(left=names)}


# What the cells before leave behind if the claim holds.
HOLDS = {
    "S1": {"states": [MADE, RUNS, ENDED]},
    "S2": {"of_thread": (HERE, 1), "of_process": (ELSEWHERE, 2)},
    "S3": READ,
    "S4": READ,
    "S5": {"plain": ["main", "child"], "daemon": ["main"]}
    | left("Process-1", "Process-2", "Process-3"),
    "S6": {"hangs": True, "codes": {"raise ValueError": 1}, "asked": True, "terminated": False},
}
# What contradicts it, one thing at a time.
CONTRADICTS = [
    ("S1", "it runs before its start", {"states": [RUNS, RUNS, ENDED]}),
    ("S1", "it has ended right after its start", {"states": [MADE, ENDED, ENDED]}),
    ("S1", "it runs after join", {"states": [MADE, RUNS, RUNS]}),
    ("S2", "the thread ran in another process", {"of_thread": (ELSEWHERE, 1)}),
    ("S2", "the process is ours", {"of_process": (HERE, 2)}),
    ("S3", "a value is read too early after join", {"after_join": [42, 0, 42]}),
    ("S4", "no value is read too early without join", {"before_join": [42, 42, 42]}),
    ("S5", "an ordinary child does not end its work", {"plain": ["main"]}),
    ("S5", "a daemon ends its work", {"daemon": ["main", "child"]}),
    ("S5", "no process is left", left()),
    ("S6", "join waits no longer than the child", {"hangs": False}),
    ("S6", "the exception has the exit code 0", {"codes": {"raise ValueError": 0}}),
    ("S6", "the child that was asked does not clean up", {"asked": False}),
    ("S6", "the terminated child cleans up", {"terminated": True}),
]
