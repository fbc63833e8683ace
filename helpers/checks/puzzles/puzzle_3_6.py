"""Check of puzzle 3.6: a list that is changed after it was put."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from helpers.checks.lifecycle import Lifecycle
from helpers.checks.queue_faults import late_reader
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
_LATE = 0.2  # seconds, so that a short sleep after put() is no correction
# The first page is larger than a pipe, so while it is not read, nothing behind it is pickled. The
# number is odd, for the last batch.
_PAGES = ["page 1".ljust(1_000_000), *(f"page {number}" for number in range(2, 102))]


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield the verdict on `scan_book`, of which the first page is read late."""
    with Lifecycle() as lifecycle, late_reader(_LATE):
        judgment = _all_pages(answer.scan_book(list(_PAGES)))
    if judgment == OK and not lifecycle.started:
        judgment = not_yet("no process was started")
    yield Verdict(REQUIREMENTS[0], *judgment)


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
