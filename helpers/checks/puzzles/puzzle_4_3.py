"""Check of puzzle 4.3: an iterator of results that goes on after an error."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from helpers.checks.results import Case, right_results_by_processes
from helpers.checks.verdict import Verdict

REQUIREMENTS = ("each country gets its own answer",)
HINTS = {
    REQUIREMENTS[0]: (
        "What does next(answers) do in the turn of the loop after the KeyError?",
        "The iterator of executor.map is finished when it has raised an error. What would keep a"
        " result, or an error, for each country?",
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
    yield Verdict(REQUIREMENTS[0], *right_results_by_processes(answer.capitals, (case,)))
