"""The work of lab 03: count a word on a page, and send the count through a queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.rendezvous.meeting import report
from helpers.validation import bad_type, texts

if TYPE_CHECKING:
    from multiprocessing.queues import SimpleQueue


def count_word(page: str, word: str) -> int:
    """Return how often the word stands on the page, between spaces. Raise TypeError if not text."""
    texts(page=page, word=word)
    report(page)
    return page.split().count(word)


def send_count(page: str, word: str, counts: SimpleQueue) -> None:
    """Put how often the word stands on the page. Raise TypeError for anything but text or queue."""
    if not hasattr(counts, "put"):
        raise bad_type("counts", counts, "a queue", "Make a SimpleQueue before the children.")
    counts.put(count_word(page, word))
