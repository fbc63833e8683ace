"""The work of lab 03: count a word on a page, and send the count through a queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.rendezvous.meeting import report
from helpers.validation import bad_type, texts

if TYPE_CHECKING:
    from multiprocessing.queues import SimpleQueue


def count_word(page: str, word: str) -> int:
    """Return how often the word is on the page, between spaces; raise TypeError if not text."""
    texts(page=page, word=word)
    report(page)
    return page.split().count(word)


def send_count(page: str, word: str, counts: SimpleQueue) -> None:
    """Put how often the word is on the page into the queue `counts`.

    Raises TypeError if `page` or `word` is not text, or `counts` is not a queue.
    """
    if not hasattr(counts, "put"):
        raise bad_type("counts", counts, "a queue", "Make a SimpleQueue before the children.")
    counts.put(count_word(page, word))
