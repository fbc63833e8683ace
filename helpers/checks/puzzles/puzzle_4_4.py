"""Check of puzzle 4.4: a method of an object that holds the pool."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from helpers.checks.lifecycle import Lifecycle
from helpers.checks.verdict import OK, Judgment, Verdict, not_yet, one_line

REQUIREMENTS = ("workers frame the pictures",)
HINTS = {
    REQUIREMENTS[0]: (
        "What has to be pickled so that a worker can call self.frame?",
        "A method is sent as its object and its name. Which of the studio's attributes can't be"
        " pickled?",
        "Give the workers a function at the top of the file, and send it what it needs:\n"
        "    def frame(edge, picture):\n"
        '        return f"{edge}{picture}{edge}"\n'
        "    …\n"
        "    self.pool.submit(frame, self.edge, picture)",
    )
}
EXPLANATION = (
    "A method is pickled as its object and its name, so the whole object goes along with each task:"
    " here with the pool, which has threads and locks. Send a function, and only the data that it"
    " needs. A static method, a small class without the pool, or a __getstate__ that leaves the"
    " pool out are other ways."
)
_PICTURES = ["sea", "cat"]
_FRAMED = ["|sea|", "|cat|"]


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield the verdict on `exhibit`."""
    with Lifecycle() as lifecycle:
        judgment = _framed(answer)
    if judgment == OK and not lifecycle.started:
        judgment = not_yet("no worker process was started")
    yield Verdict(REQUIREMENTS[0], *judgment)


def _framed(answer: ModuleType) -> Judgment:
    try:
        pictures = answer.exhibit("|", list(_PICTURES))
    except Exception as error:  # NotImplementedError, too: multiprocessing.Pool can't be pickled
        return not_yet(f"it raised {one_line(f'{type(error).__name__}: {error}')}")
    return OK if pictures == _FRAMED else not_yet(f"expected {_FRAMED}, got {one_line(pictures)}")
