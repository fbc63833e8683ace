"""What shows each claim of lesson 09, what contradicts it, and what decides nothing."""

from __future__ import annotations

from types import SimpleNamespace

# The lesson measures three functions, in a dict by function; here their names stand for them.
EACH, FOUR, LOOP = "a_message_each", "four_messages", "a_loop"
SECONDS = {EACH: [0.5, 0.6, 0.7], FOUR: [0.002, 0.003, 0.004], LOOP: [0.0001, 0.0002, 0.0003]}
STUCK = {"outcome": "hangs", "right": True, "healed": True}
ZOMBIES, GONE = ["zombie"] * 4, ["gone"] * 4
LINUX, WINDOWS = SimpleNamespace(platform="linux"), SimpleNamespace(platform="win32")
NO_GUARD = {"fork": "works", "spawn": "error: no guard", "forkserver": "error: no guard"}
GUARD = dict.fromkeys(NO_GUARD, "works")


def printed_by_parent(total):
    return SimpleNamespace(output=f"the parent sees:  {total}\n")


def lens(outcomes):
    return SimpleNamespace(outcomes=outcomes)


def visited(right=True, healed=True, exit_code=0, left=()):
    report = SimpleNamespace(exit_code=exit_code, left=left)
    return SimpleNamespace(right=right, healed=healed, report=report)


def fetched(seconds, cpu_seconds, pages=12):
    output = f"pages: {pages}\nseconds: {seconds}\n"
    return [SimpleNamespace(output=output, cpu_seconds=cpu_seconds)] * 3


RUNS = {
    "processes": fetched(0.5, 1.5), "threads": fetched(0.3, 0.2), "asyncio": fetched(0.3, 0.3)
}  # fmt: skip

# What the cells before leave behind if the claim holds.
HOLDS = {
    "M1": {"seconds": SECONDS, EACH: EACH, FOUR: FOUR, LOOP: LOOP},
    "M2": {"report": printed_by_parent(0), "cured": printed_by_parent(3)},
    "M3": {"stuck": SimpleNamespace(**STUCK)},
    "M4": {"runs": RUNS},
    "M5": {"lost": visited(), "left": visited(left=("Process-1",))},
    "R4": {"unjoined": ZOMBIES, "joined": GONE, "sys": LINUX},
    "R9": {"written": {"plain": 3, "knows its process": 1}},
    "R12": {"no_guard": lens(NO_GUARD), "guard": lens(GUARD)},
}
# What contradicts it, one thing at a time.
CONTRADICTS = [
    ("M1", "the loop is slowest", {"seconds": SECONDS | {LOOP: [0.9, 0.9, 0.9]}}),
    ("M1", "the loop is slower than four messages", {"seconds": SECONDS | {LOOP: [0.01] * 3}}),
    ("M1", "packing is no faster", {"seconds": SECONDS | {FOUR: [0.7, 0.7, 0.7]}}),
    ("M2", "the memory is shared", {"report": printed_by_parent(3)}),
    ("M2", "the total ends in 0 and is not 0", {"report": printed_by_parent(30)}),
    ("M2", "what is sent is lost", {"cured": printed_by_parent(0)}),
    ("M3", "it ends", {"stuck": SimpleNamespace(**STUCK | {"outcome": "ends"})}),
    ("M3", "it has another name", {"stuck": SimpleNamespace(**STUCK | {"right": False})}),
    ("M3", "the cure fails", {"stuck": SimpleNamespace(**STUCK | {"healed": False})}),
    ("M4", "threads are slow", {"runs": RUNS | {"threads": fetched(2.4, 0.2)}}),
    ("M4", "asyncio is slow", {"runs": RUNS | {"asyncio": fetched(2.4, 0.2)}}),
    ("M4", "threads are as expensive", {"runs": RUNS | {"threads": fetched(0.3, 1.5)}}),
    ("M4", "asyncio is as expensive", {"runs": RUNS | {"asyncio": fetched(0.3, 1.5)}}),
    ("M4", "a page is missing", {"runs": RUNS | {"threads": fetched(0.3, 0.2, pages=11)}}),
    ("M5", "the program fails", {"lost": visited(exit_code=1)}),
    ("M5", "no exception is lost", {"lost": visited(right=False)}),
    ("M5", "the cured program loses it", {"lost": visited(healed=False)}),
    ("M5", "no process is left", {"left": visited()}),
    ("M5", "the cured one leaves some", {"left": visited(left=("Process-1",), healed=False)}),
    ("R4", "one is no zombie", {"unjoined": [*ZOMBIES[:3], "gone"]}),
    ("R4", "one stays after join", {"joined": [*GONE[:3], "zombie"]}),
    ("R9", "children don't write", {"written": {"plain": 1, "knows its process": 1}}),
    ("R9", "the cure fails", {"written": {"plain": 3, "knows its process": 3}}),
    ("R12", "spawn needs no guard", {"no_guard": lens(NO_GUARD | {"spawn": "works"})}),
    ("R12", "the guard does not help", {"guard": lens(GUARD | {"spawn": "hangs: x"})}),
]
# What decides nothing, and why.
LEFT_OPEN = [
    (
        "M4",
        "the rounds disagree",
        {"runs": RUNS | {"threads": [*fetched(2.4, 0.2)[:2], *fetched(0.3, 0.2)[:1]]}},
        "some rounds were above 0.67 times",
    ),
    ("R9", "the system has no fork", {"written": {}}, "this system has no fork"),
    ("R4", "the system keeps no zombies", {"sys": WINDOWS}, "Windows keeps no zombies"),
]
