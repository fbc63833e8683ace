"""Check of puzzle 1.1: a target that the parent has called."""

from __future__ import annotations

import os
from collections.abc import Iterator
from types import ModuleType

from helpers.checks.verdict import OK, Judgment, Verdict, not_yet, one_line

REQUIREMENTS = ("each cake was baked by a process of its own",)
HINTS = {
    REQUIREMENTS[0]: (
        "Put a print into bake, and another one before the loop of starts. Which one comes first?",
        "Process needs the function itself as its target. What does bake(cake, done) return, and"
        " who runs it?",
        "Name the function, and give what it takes in args:\n"
        "    Process(target=bake, args=(cake, done))",
    )
}
EXPLANATION = (
    "target=bake(cake, done) calls bake first, in the parent, and gives Process what it returns:"
    " None. A process whose target is None starts, does nothing and ends with exit code 0, so"
    " nothing warns you. A subclass of Process with a method run() would be another way."
)
_CAKES = ["apple", "lemon", "plum"]


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield the verdict on `bake_all`."""
    yield Verdict(REQUIREMENTS[0], *_each_by_its_own(answer.bake_all(list(_CAKES))))


def _each_by_its_own(baked_by: object) -> Judgment:
    if not isinstance(baked_by, dict) or sorted(baked_by) != _CAKES:
        return not_yet(f"expected a dict with the keys {_CAKES}, got {one_line(baked_by)}")
    if os.getpid() in baked_by.values():
        return not_yet("a cake was baked by the parent, the process that called bake_all")
    if len(set(baked_by.values())) < len(_CAKES):
        return not_yet(f"two cakes were baked by the same process: {one_line(baked_by)}")
    return OK
