"""What shows each claim of lesson 03, and what contradicts it."""

from __future__ import annotations


def by_method(spawn: str, forkserver: str, fork: str) -> dict[str, str]:
    """Return what a lens gives for one row of its table."""
    return {"spawn": spawn, "forkserver": forkserver, "fork": fork}


class Rows(dict):
    """The rows of a lens, by their names."""

    def printed(self, key: str) -> dict[str, str]:
        """Return the row of that name."""
        return self[key]


ALONE = [(1, [1])] * 3  # what three children send that share nothing
TOGETHER = [(1, [1]), (2, [1, 2]), (3, [1, 2, 3])]
SAME_300, SAME_0 = by_method("300", "300", "300"), by_method("0", "0", "0")
LAST_BY_FORK = by_method("0", "0", "300")
WRONG_BY_SPAWN = by_method("100", "300", "300")
ARRIVES = by_method("arrives", "arrives", "arrives")
REFUSED = by_method("refused", "refused", "arrives")
LIST_REFUSED = by_method("refused", "arrives", "arrives")
PASSED = Rows({"a list": ARRIVES, "a lock of threading": REFUSED})
BY_GLOBAL = {
    "by_global": by_method("100", "100", "300"), "by_argument": SAME_300, "in_parent": SAME_0
}  # fmt: skip

# What the cells before leave behind if the claim holds.
HOLDS = {
    "I1": {"reports": ALONE, "left_by_processes": (0, [])},
    "I2": BY_GLOBAL,
    "I3": {
        "threads_box": (1, [1, 1]),
        "processes_box": (0, [1, 1]),
        "processes_value": (1, [1, 1]),
        "locked_value": (2, [1, 2]),
    },
    "I4": {"reports": ALONE, "left_by_processes": (0, []), "left_by_threads": (3, [1, 2, 3])},
    "R5": {"at_start": ["arrives"] * 12, "later": ["RuntimeError"] * 12},
    "R8": {"global_value": by_method("0", "0", "7"), "argument_value": by_method("7", "7", "7")},
    "R10": {"arrived": by_method("2", "2", "7"), "passed": PASSED},
    "R11": BY_GLOBAL,
}
# What contradicts it, one thing at a time.
CONTRADICTS = [
    ("I1", "the children count together", {"reports": TOGETHER}),
    ("I1", "the parent has what they changed", {"left_by_processes": (3, [1, 2, 3])}),
    ("I2", "a forked child's result arrives", {"in_parent": LAST_BY_FORK}),
    ("I2", "the argument does not arrive", {"by_argument": WRONG_BY_SPAWN}),
    ("I3", "threads lose nothing", {"threads_box": (2, [1, 2])}),
    ("I3", "processes share a box", {"processes_box": (1, [1, 1])}),
    ("I3", "processes lose nothing in a Value", {"processes_value": (2, [1, 2])}),
    ("I3", "processes lose one with the lock", {"locked_value": (1, [1, 1])}),
    ("I4", "threads share nothing", {"left_by_threads": (0, [])}),
    ("I4", "processes share", {"left_by_processes": (3, [1, 2, 3])}),
    ("I4", "a message is lost", {"reports": ALONE[:2]}),
    ("R5", "one does not arrive at the start", {"at_start": ["arrives", "fails"]}),
    ("R5", "one arrives later", {"later": ["RuntimeError", "arrives"]}),
    ("R8", "the global one arrives", {"global_value": by_method("7", "7", "7")}),
    ("R8", "the argument does not arrive", {"argument_value": by_method("0", "7", "7")}),
    ("R10", "another number arrives", {"arrived": by_method("3", "2", "7")}),
    ("R10", "a list is refused", {"passed": Rows(PASSED, **{"a list": LIST_REFUSED})}),
    ("R10", "a lock arrives", {"passed": Rows(PASSED, **{"a lock of threading": ARRIVES})}),
    ("R11", "the global has the new value everywhere", {"by_global": SAME_300}),
    ("R11", "the argument does not arrive", {"by_argument": WRONG_BY_SPAWN}),
]
