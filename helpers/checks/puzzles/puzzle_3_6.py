"""Check of puzzle 3.6: a list that is changed after it was put."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from types import ModuleType

from helpers.checks.verdict import OK, Judgment, Verdict, not_yet, one_line

REQUIREMENTS = ("every page comes out, in its order",)
HINTS = {
    REQUIREMENTS[0]: (
        "How many lists does the scanner make?",
        "put() keeps the list itself, and a thread pickles it a moment later. What is in the list"
        " then?",
        "Don't touch a list that was put; begin a new one:\n    batches.put(batch)\n    batch = []",
    )
}
EXPLANATION = (
    "put() of a Queue returns before the item is pickled; the feeder thread does that later, and"
    " sends the list as it is then. So put a list that will not change: a new one for each batch,"
    " or a copy, such as tuple(batch). A SimpleQueue or a pipe pickles at once, in put() or send(),"
    " so there the list may be cleared."
)


class _Heavy(str):
    """A page that takes a child a while to pickle, so that a short sleep is no correction."""

    __slots__ = ()

    def __reduce__(self) -> tuple[type[_Heavy], tuple[str]]:
        """Return how to make it again; in a child, after a while."""
        if multiprocessing.parent_process() is not None:
            time.sleep(_WHILE)
        return _Heavy, (str(self),)


_WHILE = 0.2  # seconds
# So many that a feeder thread that is quick by chance can't save all batches; an odd number, for
# the last batch.
_PAGES = [_Heavy("page 1"), *(f"page {number}" for number in range(2, 102))]


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield the verdict on `scan_book`."""
    yield Verdict(REQUIREMENTS[0], *_all_pages(answer.scan_book(list(_PAGES))))


def _all_pages(scanned: object) -> Judgment:
    if not isinstance(scanned, list):
        return not_yet(f"expected a list of pages, got {one_line(scanned)}")
    if scanned == _PAGES:
        return OK
    missing = any(page not in scanned for page in _PAGES)
    repeated = any(scanned.count(page) > 1 for page in _PAGES)
    if missing or repeated:
        seen = ["never came out"] * missing + ["came out more than once"] * repeated
        return not_yet(f"some of the {len(_PAGES)} pages {', and some '.join(seen)}")
    return not_yet(f"expected the {len(_PAGES)} pages in their order, got {one_line(scanned)}")
