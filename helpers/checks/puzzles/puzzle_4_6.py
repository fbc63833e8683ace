"""Check of puzzle 4.6: a large argument that is sent with each task."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from helpers.checks.lifecycle import Lifecycle
from helpers.checks.results import Case, right_results
from helpers.checks.verdict import OK, Judgment, Verdict, not_yet

REQUIREMENTS = ("a large dictionary makes no word slower",)
HINTS = {
    REQUIREMENTS[0]: (
        "What does each task carry from the parent to a worker?",
        "All tasks need the same dictionary. When could a worker get it, other than with a task?",
        "Give it to an initializer, which keeps it in a global of the worker:\n"
        "    def keep(dictionary):\n"
        '        kept["dictionary"] = dictionary\n'
        "    …\n"
        "    ProcessPoolExecutor(2, initializer=keep, initargs=(dictionary,))",
    )
}
EXPLANATION = (
    "Arguments are pickled again for each message, even if all tasks have the same object. An"
    " initializer gets it once in each worker: with spawn and forkserver by one pickle, with fork"
    " by none. Two large chunks of words would be another way. Such small tasks remain slower than"
    " a loop. Where a task needs only a part of the data, send that part."
)
_WORKERS = 2
_NAMES = [f"word {number}" for number in range(30)]
_ENTRIES = [name.upper() for name in _NAMES]


class _Entry(str):
    """An entry of the dictionary that counts how often this process pickles it."""

    pickles = 0

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        _Entry.pickles += 1
        return str, (str(self),)


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield the verdict on `translate_all`."""
    dictionary = dict(zip(_NAMES, _ENTRIES, strict=True)) | {"unused": _Entry("UNUSED")}
    case = Case("30 words", (list(_NAMES), dictionary), _ENTRIES)
    with Lifecycle() as lifecycle:
        judgment = right_results(answer.translate_all, (case,))
    if judgment == OK:
        judgment = _sent_once(len(lifecycle.started))
    yield Verdict(REQUIREMENTS[0], *judgment)


def _sent_once(started: int) -> Judgment:
    if not started:
        return not_yet("no worker process was started")
    workers = max(_WORKERS, started)  # an executor may not need its second one
    if _Entry.pickles > workers:
        return not_yet(f"it was pickled {_Entry.pickles} times for 30 words and {workers} workers")
    return OK
