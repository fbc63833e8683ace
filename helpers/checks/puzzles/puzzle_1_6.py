"""Check of puzzle 1.6: a target that exists only inside a function."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from helpers.checks.results import Case, right_results_by_processes
from helpers.checks.verdict import Verdict

REQUIREMENTS = ("the words come back in capitals, under every start method",)
HINTS = {
    REQUIREMENTS[0]: (
        "With fork, the child is a copy of the parent and has everything. With spawn, the child"
        " begins empty and imports your module. Which names does it find there?",
        "A child that is spawned finds a function by its module and its name. shout has no name at"
        " the top of the module.",
        "Move shout to the top of the file. There it no longer sees answers, so it has to be given"
        " the queue:\n"
        "    def shout(place, word, answers):\n"
        "        answers.put((place, word.upper()))\n"
        "and in shout_all, args=(*pair, answers): the items of pair, and the queue.",
    )
}
EXPLANATION = (
    "pickle sends a function as its module and its name, and a function inside a function can't be"
    " found by name. fork needs no pickle, which is why it worked there. Since Python 3.14 the"
    " default on Linux is forkserver, which pickles as spawn does. A static method of a class at"
    " the top of the file can be found, too."
)


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield the verdict on `shout_all`."""
    cases = (
        Case("two words", (["hey", "you"],), ["HEY", "YOU"]),
        Case("the same word twice", (["ho", "ho"],), ["HO", "HO"]),
    )
    yield Verdict(REQUIREMENTS[0], *right_results_by_processes(answer.shout_all, cases))
