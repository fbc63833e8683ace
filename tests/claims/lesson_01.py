"""What shows each claim of lesson 01, what contradicts it, and what decides nothing."""

from __future__ import annotations

from types import SimpleNamespace

# Thirty tasks of 10 ms: when each began and ended, and its CPU seconds.
ALONE = [(i * 0.01, i * 0.01 + 0.01, 0.01) for i in range(30)]
IN_TURNS = [(t, t + 0.01, 0.005) for t in (i * 0.01 for i in range(30)) for _ in range(2)]
AT_ONCE = [(t, t + 0.01, 0.01) for t in (i * 0.01 for i in range(30)) for _ in range(2)]
MOSTLY_WAITING = [(t, t + 0.01, 0.001) for t in (i * 0.01 for i in range(30)) for _ in range(2)]

# What the cells before leave behind if the claim holds.
HOLDS = {
    "P1": {
        "here": (1, 10), "in_a_process": (2, 20), "imported_there": True, "imported_here": False,
        "there": 130.0, "grown": 0.1,
    },
    "P2": {
        "numbers": [1, 2, 3, 4], "seen_by_the_child": [1, 2, 3, 4], "own_numbers": [1, 2, 3],
    },
    "P3": {"process_rounds": [MOSTLY_WAITING, AT_ONCE]},
    "P4": {"shared_count": 1_000, "counts": [1_000, 1_000], "box": [0]},
}  # fmt: skip
# What contradicts it, one thing at a time.
CONTRADICTS = [
    ("P1", "it was a thread of this process", {"in_a_process": (1, 20)}),
    ("P1", "what the child imports is imported here", {"imported_here": True}),
    ("P1", "the child does not import it", {"imported_there": False}),
    ("P1", "our memory grows", {"grown": 100.0}),
    ("P1", "the child's memory does not grow", {"there": 20.0}),
    ("P2", "the thread changed a copy", {"numbers": [1, 2, 3]}),
    ("P2", "the process changed our list", {"own_numbers": [1, 2, 3, 4]}),
    ("P2", "the child did not change its list", {"seen_by_the_child": [1, 2, 3]}),
    ("P3", "processes take turns", {"process_rounds": [IN_TURNS] * 5}),
    ("P3", "one process works", {"process_rounds": [ALONE] * 5}),
    ("P3", "processes mostly wait", {"process_rounds": [MOSTLY_WAITING] * 5}),
    ("P4", "threads lose nothing", {"shared_count": 2_000}),
    ("P4", "a process lost some", {"counts": [1_000, 998]}),
    ("P4", "all of it arrived in our list", {"box": [2_000]}),
    ("P4", "a part of it arrived in our list", {"box": [1_000]}),
]
# What decides nothing, and why.
LEFT_OPEN = [
    (
        "P3",
        "there is one core",
        {"process_rounds": [IN_TURNS], "machine": SimpleNamespace(usable_cores=lambda: 1)},
        "this process may use one core only",
    ),
]
