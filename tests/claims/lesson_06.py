"""What shows each claim of lesson 06, what contradicts it, and what decides nothing."""

from __future__ import annotations

from types import SimpleNamespace

BROKEN = "BrokenProcessPool"
QUIET = {"cpu_contention": lambda run: ""}  # no other program uses the cores
BUSY = "other programs kept 1.0 cores busy in the meantime"
DISTURBED = {"cpu_contention": lambda run: BUSY}


def run(idle_share, *, processes=2, results=(3, 5, 8)):
    return SimpleNamespace(
        idle_share=idle_share, processes=set(range(processes)), results=list(results)
    )


def ended_with(code):
    return SimpleNamespace(exit_code=code)


# What the cells before leave behind if the claim holds.
HOLDS = {
    "A3": {"static": run(0.32), "dynamic": run(0.04)} | QUIET,
    "A5": {
        "by_submit": [0, 1, 2, "ValueError", 4, 5],
        "errors": [BROKEN] * 7,
        "with_executor": ended_with(1),
        "with_pool": ended_with(None),
        "stopped": BROKEN,
    },
}
# What contradicts it, one thing at a time.
CONTRADICTS = [
    ("A3", "dynamic is as idle as static", {"dynamic": run(0.32)}),
    ("A3", "dynamic is only a little less idle", {"dynamic": run(0.2)}),
    ("A3", "one process did all", {"dynamic": run(0.04, processes=1)}),
    ("A3", "static used one process", {"static": run(0.5, processes=1)}),
    ("A3", "the results differ", {"dynamic": run(0.04, results=(3, 5, 7))}),
    (
        "A3",
        "the results differ beside other programs",
        {"dynamic": run(0.04, results=(3, 5, 7))} | DISTURBED,
    ),
    ("A5", "the error is lost", {"by_submit": [0, 1, 2, None, 4, 5]}),
    ("A5", "an error costs other results", {"by_submit": [0, 1, 2, "ValueError"]}),
    ("A5", "a finished result is lost", {"errors": [BROKEN] * 8}),
    ("A5", "the deadly task is tried again", {"errors": []}),
    ("A5", "another error comes", {"errors": [BROKEN] * 6 + ["CancelledError"]}),
    ("A5", "the executor hangs", {"with_executor": ended_with(None)}),
    ("A5", "the executor ends well", {"with_executor": ended_with(0)}),
    ("A5", "the Pool ends", {"with_pool": ended_with(1)}),
    ("A5", "the parent learns nothing of the killed worker", {"stopped": "NoneType"}),
]
# What decides nothing, and why.
LEFT_OPEN = [
    ("A3", "others use the cores", {"dynamic": run(0.32)} | DISTURBED, BUSY),
]
# What holds although the machine was disturbed.
HELD_ANYWAY = [
    ("A3", "others use the cores", DISTURBED),
]
