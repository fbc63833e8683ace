"""The pages of lab 03, and the counting that its learner is given."""

from __future__ import annotations

from helpers.jobs import report
from helpers.refusals import texts


def count_word(page: str, word: str) -> int:
    """How often the word stands on the page, between spaces. TypeError for what is no text."""
    texts(page=page, word=word)
    report(page)
    return page.split().count(word)
