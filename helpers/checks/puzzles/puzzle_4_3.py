"""Check of puzzle 4.3: an iterator of results that goes on after an error."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from helpers.checks.lifecycle import Lifecycle
from helpers.checks.results import Case, right_results
from helpers.checks.verdict import OK, Verdict, not_yet

REQUIREMENTS = ("each country gets its own answer",)
HINTS = {
    REQUIREMENTS[0]: (
        "What does next(answers) do in the turn of the loop after the KeyError?",
        "An iterator that has raised an error is finished. What would keep a result, or an error,"
        " for each country?",
        "Submit each country. Each future has an answer of its own:\n"
        "    futures = [pool.submit(capital, country) for country in countries]\n"
        "and in the loop, inside try, future.result() instead of next(answers).",
    )
}
EXPLANATION = (
    "executor.map gives one iterator for all results. The first error ends it: it cancels what it"
    " can of the other tasks, and next() raises StopIteration from then on. A future keeps the"
    " result or the error of one task. Or catch the error inside the task and return None. The"
    " iterator of Pool.imap, without a chunksize, goes on after an error."
)


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield the verdict on `capitals`."""
    countries = ["Peru", "Atlantis", "Oman", "Utopia"]
    case = Case("Atlantis and Utopia", (countries,), ["Lima", None, "Muscat", None])
    with Lifecycle() as lifecycle:
        judgment = right_results(answer.capitals, (case,))
    if judgment == OK and not lifecycle.started:
        judgment = not_yet("no worker process was started")
    yield Verdict(REQUIREMENTS[0], *judgment)
