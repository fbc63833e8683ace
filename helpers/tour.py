"""A walk through the museum: the programs of its pieces run, several at a time, within limits.

visit("join_before_get")  ->  Visit        visit_hall("never ends")  ->  a Visit by each id
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from helpers.diagnosis import diagnose
from helpers.museum import HALLS, Piece, Visit, pieces
from helpers.runner.deadlock import can_be_seen
from helpers.runner.limits import Limits
from helpers.runner.report import Report
from helpers.runner.run import SafeRun
from helpers.validation import bad_type, bad_value, one_of, whole_number

_PATIENCE = 20.0  # seconds for each program: a busy machine needs many, and a hang is seen before
_UNSEEN = 4.0  # the same, where the system does not tell that nobody can go on
_STILL = 1.0  # seconds for which everybody in it may wait without end
_OUTPUT = 100_000  # bytes
_LOOK = 0.02  # seconds between two looks at who is done

Progress = Callable[[int, int], None]


def visit(name: str, method: str = "") -> Visit:
    """What happens when the piece's two programs run: about two seconds, if it hangs.

    `method` is a start method for it, instead of its own or the default. Raises ValueError for a
    piece that there is not, or that this system has not got the start method for.
    """
    return _visits([_known(name)], method, None, 2)[name]


def visit_hall(
    hall: str, *, progress: Progress | None = None, together: int = 2, method: str = ""
) -> dict[str, Visit]:
    """A Visit by its id for each piece of the hall that this system can show; see `visit_all`."""
    one_of("hall", hall, HALLS, "Pass a hall of the museum.")
    names = [piece.id for piece in pieces().values() if piece.hall == hall]
    return visit_all(names, progress=progress, together=together, method=method)


def visit_all(
    names: Iterable[str], *, progress: Progress | None = None, together: int = 2, method: str = ""
) -> dict[str, Visit]:
    """A Visit by its id for each of these pieces, those apart that can't be shown here.

    `together` is how many programs run at once. With `method`, those that need another start method
    are left out. Whatever ends it early, no program runs on.
    """
    whole_number("together", together, 1, 16, "Pass how many programs may run at once.")
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise bad_type("names", names, "ids of pieces", "Pass a list of them.")
    known = [pieces()[one_of("name", n, tuple(pieces()), "Pass ids of pieces.")] for n in names]
    shown = [piece for piece in known if piece.here_too and method in ("", *piece.methods)]
    return _visits(shown, method, progress, together)


def _known(name: str) -> Piece:
    piece = pieces()[one_of("name", name, tuple(pieces()), "Pass the id of a piece.")]
    if not piece.here_too:
        what = f"a piece that this system can show; this one needs {piece.method}"
        raise bad_value("name", name, what, "Pick another one.")
    return piece


def _visits(
    shown: list[Piece], method: str, progress: Progress | None, together: int
) -> dict[str, Visit]:
    jobs = [(piece, path) for piece in shown for path in (piece.broken, piece.cured)]
    reports: dict[Path, Report] = {}
    for path, report in _reports(jobs, method, together):
        reports[path] = report
        if progress is not None:
            progress(len(reports), len(jobs))
    found = {}
    for piece in shown:
        broken, cured = reports[piece.broken], reports[piece.cured]
        found[piece.id] = Visit(piece, broken, diagnose(broken), cured, diagnose(cured))
    return found


def _reports(
    jobs: list[tuple[Piece, Path]], method: str, together: int
) -> Iterator[tuple[Path, Report]]:
    """Each program with its Report, as they end."""
    waiting, running = list(jobs), {}
    with ExitStack() as stack:
        stack.callback(lambda: [run.give_up() for run in running.values()])  # all, then wait
        while waiting or running:
            while waiting and len(running) < together:
                piece, path = waiting.pop(0)
                run = SafeRun(path, limits=_limits(), method=method or piece.method)
                stack.enter_context(run)
                running[path] = run
            done = [path for path, run in running.items() if run.is_done()]
            for path in done:
                yield path, running.pop(path).report()
            if not done:
                time.sleep(_LOOK)  # no event tells that one of several is done


def _limits() -> Limits:
    seconds = _PATIENCE if can_be_seen(os.getpid()) else _UNSEEN
    return Limits(seconds=seconds, output=_OUTPUT, still=Limits().still or _STILL)
