"""What shows each claim of lesson 05, what contradicts it, and what decides nothing."""

from __future__ import annotations

from types import SimpleNamespace

from helpers.measure.channels import Exchange, Exchanges

SMALL, LARGE = 256, 2**28
CAN = {
    "results": (("process queue", "manager"), SMALL),
    "talk": (("process queue", "pipe", "manager"), SMALL),
    "image": (("process queue", "pipe", "shared memory", "manager"), LARGE),
}
ROUNDS = {  # microseconds of an exchange in each round
    "process queue": (90, 80, 85),
    "pipe": (40, 35, 42),
    "shared memory": (10, 9, 12),
    "manager": (300, 250, 280),
}


def exchanges(**other: tuple[int, ...]) -> Exchanges:
    """Return the measured rounds, with others for some channels."""
    rounds = ROUNDS | {name.replace("_", " "): values for name, values in other.items()}
    return Exchanges(
        tuple(
            Exchange(name, size, values, 0)
            for name, values in rounds.items()
            for size in (SMALL, LARGE)
        )
    )


LINUX, WINDOWS = SimpleNamespace(platform="linux"), SimpleNamespace(platform="win32")

# What the cells before leave behind if the claim holds.
HOLDS = {
    "Q3": {
        "whole": 3,
        "whole_with_lock": 100,
        "can": CAN,
        "measured": exchanges(),
        "sys": LINUX,
    },
    "Q4": {"small": {"pipe": 800, "manager": 4_000}, "large": {"pipe": 90, "manager": 300}},
    "R2": {"refused": True, "words": ["ox", "pipe", "queue"]},
    "R3": {"bare_threads": 212, "locked_threads": 400},
}
# What contradicts it, one thing at a time.
CONTRADICTS = [
    ("Q3", "all messages are whole without a lock", {"whole": 100}),
    ("Q3", "a message is broken with a lock", {"whole_with_lock": 99}),
    ("Q3", "a manager is faster than a queue", {"measured": exchanges(manager=(50, 60, 55))}),
    ("Q3", "a queue is faster than a pipe", {"measured": exchanges(process_queue=(20, 21, 22))}),
    ("Q3", "a pipe is faster than memory", {"measured": exchanges(pipe=(5, 6, 7))}),
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
    (
        "Q3",
        "one round of the pipe was disturbed",
        {"measured": exchanges(pipe=(40, 100, 110))},
        "from 0.77 to 2.25",
    ),
]
