"""What shows each claim of lesson 05, what contradicts it, and what decides nothing."""

from __future__ import annotations

from types import SimpleNamespace

FASTEST = {"results": "process queue", "talk": "pipe", "image": "shared memory", "all": "manager"}
ALL_BY_PIPE = dict.fromkeys(FASTEST, "pipe")
LINUX, WINDOWS = SimpleNamespace(platform="linux"), SimpleNamespace(platform="win32")

# What the cells before leave behind if the claim holds.
HOLDS = {
    "Q3": {"whole": 3, "whole_with_lock": 100, "fastest": FASTEST, "sys": LINUX},
    "Q4": {"small": {"pipe": 800, "manager": 4_000}, "large": {"pipe": 90, "manager": 300}},
    "R2": {"refused": True, "words": ["ox", "pipe", "queue"]},
    "R3": {"bare_threads": 212, "locked_threads": 400},
}
# What contradicts it, one thing at a time.
CONTRADICTS = [
    ("Q3", "all messages are whole without a lock", {"whole": 100}),
    ("Q3", "a message is broken with a lock", {"whole_with_lock": 99}),
    ("Q3", "pipes are fastest for everything", {"fastest": ALL_BY_PIPE}),
    ("Q4", "a small message costs less", {"small": {"pipe": 0.9, "manager": 4_000}}),
    ("Q4", "a large message costs as much", {"large": {"pipe": 1.1, "manager": 300}}),
    ("R2", "the lambda is not refused", {"refused": False}),
    ("R2", "the words are not sorted", {"words": ["pipe", "queue", "ox"]}),
    ("R3", "threads lose nothing without a lock", {"bare_threads": 400}),
    ("R3", "a press is lost with the lock", {"locked_threads": 399}),
]
# What decides nothing, and why.
LEFT_OPEN = [
    (
        "Q3",
        "Windows keeps the messages whole",
        {"whole": 100, "sys": WINDOWS},
        "Windows kept all messages whole",
    ),
]
