"""Check of puzzle 2.3: a generator of random numbers with the same state in each child."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from types import ModuleType

from helpers.checks.lifecycle import Lifecycle
from helpers.checks.verdict import OK, Judgment, Verdict, not_yet, one_line

REQUIREMENTS = ("no two players throw the same",)
HINTS = {
    REQUIREMENTS[0]: (
        "How many generators are there when three processes run, and with which state does each"
        " one begin?",
        "A generator is an object like any other: each child has its own, and each of them begins"
        " with the seed 6. What differs from one child to the next?",
        "Make the generator in the child, with a seed of its own (it may be a text):\n"
        '    dice = random.Random(f"6 {player}")',
    )
}
EXPLANATION = (
    "Each child has its own generator, forked or made by the import, and all of them begin with the"
    " state that the seed 6 makes. A seed of its own for each child can be repeated."
    " random.Random() made in the child takes its seed from the system, and the functions of the"
    " module random do so again after a fork. A NumPy generator made before a fork does not."
)
_PLAYERS = ["Ada", "Bob", "Cyd"]
_THROWS = 12  # by chance, two of three throw the same in one of 700 million games


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield the verdict on `play`."""
    with Lifecycle() as lifecycle:
        judgment = _all_differ(answer.play(list(_PLAYERS)))
    if judgment == OK and not lifecycle.started:
        judgment = not_yet("no process was started")
    yield Verdict(REQUIREMENTS[0], *judgment)


def _all_differ(thrown: object) -> Judgment:
    if not isinstance(thrown, dict) or sorted(map(str, thrown)) != _PLAYERS:
        return not_yet(f"expected a dict with the keys {_PLAYERS}, got {one_line(thrown)}")
    for player, numbers in thrown.items():
        if not _is_game(numbers):
            return not_yet(f"expected {_THROWS} numbers for {player}, got {one_line(numbers)}")
    for one, other in combinations(_PLAYERS, 2):
        if list(thrown[one]) == list(thrown[other]):
            return not_yet(f"{one} and {other} threw the same {_THROWS} numbers")
    return OK


def _is_game(numbers: object) -> bool:
    if not isinstance(numbers, list | tuple) or len(numbers) != _THROWS:
        return False
    return all(number in range(1, 7) for number in numbers)
