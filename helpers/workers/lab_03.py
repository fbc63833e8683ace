"""The pages of lab 03, and the counting that its learner is given."""

from __future__ import annotations

from multiprocessing.queues import SimpleQueue

from helpers.rendezvous.meeting import report
from helpers.validation import bad_type, texts


def count_word(page: str, word: str) -> int:
    """How often the word stands on the page, between spaces. TypeError for what is no text."""
    texts(page=page, word=word)
    report(page)
    return page.split().count(word)


def send_count(page: str, word: str, counts: SimpleQueue) -> None:
    """Put how often the word stands on the page. TypeError for what is no text, or no queue."""
    if not hasattr(counts, "put"):
        raise bad_type("counts", counts, "a queue", "Make a SimpleQueue before the children.")
    counts.put(count_word(page, word))
