"""Check of puzzle 4.2: results in the order in which they come, paired with the inputs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import partial
from types import ModuleType

from helpers.checks.results import Case, right_results
from helpers.checks.verdict import Verdict
from helpers.workers.late_shop import PRICES, ask

REQUIREMENTS = ("the lowest price comes with its own shop",)
HINTS = {
    REQUIREMENTS[0]: (
        "Write down which price each shop gets in `offers` if the first shop answers last.",
        "zip pairs the first shop with the first price that it gets. Whose price is that?",
        "Ask for the prices in the order of the shops:\n    prices = pool.imap(ask, shops)",
    )
}
EXPLANATION = (
    "imap_unordered gives each result when it is done, so zip can pair it with another input."
    " Nothing warns you, and while all tasks take about the same time, it often works. imap and map"
    " keep the order. Or let each task return its input along with its result. as_completed has the"
    " same trap: keep a dict from future to input."
)


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield the verdict on `cheapest`."""
    with tempfile.TemporaryDirectory() as folder:
        shops = list(PRICES)
        case = Case(f"a late answer from {shops[0]}", (partial(ask, folder), shops), ("Bob's", 2))
        yield Verdict(REQUIREMENTS[0], *right_results(answer.cheapest, (case,)))
