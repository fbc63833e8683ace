"""Each claim of lesson 09 can fail: its cell prints a cross for data that contradict it."""

from __future__ import annotations

from statistics import median
from types import SimpleNamespace

import pytest

from helpers.claims import claim
from tools.build.percent import read_source
from tools.outline import ROOT

LESSON = "source/lessons/09_common_mistakes.py"
EACH, FOUR, LOOP = "a_message_each", "four_messages", "a_loop"
SECONDS = {EACH: [0.5, 0.6, 0.7], FOUR: [0.002, 0.003, 0.004], LOOP: [0.0001, 0.0002, 0.0003]}
STUCK = {"outcome": "hangs", "right": True, "healed": True}
ZOMBIES, GONE = ["zombie"] * 4, ["gone"] * 4
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
    "M1": {"seconds": SECONDS},
    "M2": {"report": printed_by_parent(0), "cured": printed_by_parent(3)},
    "M3": {"stuck": SimpleNamespace(**STUCK)},
    "M4": {"runs": RUNS},
    "M5": {"lost": visited(), "left": visited(left=("Process-1",))},
    "R4": {"unjoined": ZOMBIES, "joined": GONE, "sys": SimpleNamespace(platform="linux")},
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


def printed(name, data, capsys):
    """Run the lesson's cell that proves the claim, with these data, and return what it prints."""
    cells = read_source(ROOT / LESSON, LESSON)
    (cell,) = (one for one in cells if "claim" in one.tags and f'claim("{name}"' in one.text)
    (helper,) = (one for one in cells if "def seconds_of(" in one.text)
    names = {"claim": claim, "median": median, EACH: EACH, FOUR: FOUR, LOOP: LOOP} | data
    exec(helper.text.split("\n\n\ncompare(")[0], names)  # the two functions alone
    exec(cell.text, names)
    return capsys.readouterr().out


@pytest.mark.parametrize("name", HOLDS)
def test_the_claim_holds_for_what_the_lesson_sees(name, capsys):
    assert printed(name, HOLDS[name], capsys).startswith(f"✓ {name}  ")


@pytest.mark.parametrize(
    ("name", "data"),
    [pytest.param(name, data, id=f"{name}: {what}") for name, what, data in CONTRADICTS],
)
def test_the_claim_fails_for_data_that_contradict_it(name, data, capsys):
    assert printed(name, HOLDS[name] | data, capsys).startswith(f"✗ {name}  ")


@pytest.mark.parametrize(("name", "data"), [("R9", {"written": {}}), ("R4", {"sys": "win32"})])
def test_what_a_system_lacks_is_said(name, data, capsys):
    data = {
        key: SimpleNamespace(platform=one) if key == "sys" else one for key, one in data.items()
    }
    assert printed(name, HOLDS[name] | data, capsys).startswith(f"– {name}  ")


def test_each_claim_of_the_lesson_is_here():
    cells = read_source(ROOT / LESSON, LESSON)
    shown = {name for name in HOLDS for one in cells if f'claim("{name}"' in one.text}
    assert shown == set(HOLDS) == {name for name, _, _ in CONTRADICTS}
