"""A call that does not come back when it should: told in words of the lab's own, and ended.

Without this the run's own limit would end it, and the words would be those of a diagnosis.
"""

from __future__ import annotations

import linecache
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from multiprocessing import connection
from multiprocessing.process import BaseProcess
from types import FrameType, ModuleType, TracebackType

from helpers.checks.lifecycle import Lifecycle
from helpers.checks.verdict import Verdict, one_line

_LOOK = 0.1  # seconds between two looks


class Overdue:
    """While it is entered, a call of `answer` must come back, `seconds` after it is due.

    `due()` says whether it is. If the call stays away, the verdicts of `tell(where)` are sent, in
    which `where` is the line that waits, and this process ends with what the answer started.
    """

    def __init__(
        self,
        answer: ModuleType,
        lifecycle: Lifecycle,
        seconds: float,
        due: Callable[[], bool],
        tell: Callable[[str], Iterable[Verdict]],
    ) -> None:
        self._file, self._lifecycle = answer.__file__, lifecycle
        self._seconds, self._due, self._tell = seconds, due, tell
        self._caller = threading.get_ident()
        self._back = threading.Event()
        self._watch = threading.Thread(target=self._wait, daemon=True)

    def __enter__(self) -> Overdue:
        self._watch.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._back.set()
        self._watch.join()

    def _wait(self) -> None:
        until = float("inf")
        while not self._back.wait(_LOOK):  # no event tells of the ends of several processes
            if not self._due():
                until = float("inf")
            elif until == float("inf"):
                until = time.monotonic() + self._seconds
            if time.monotonic() > until:
                for verdict in self._tell(self._where()):
                    verdict.send()
                end_all(self._lifecycle)
                os._exit(0)  # the caller may never come back

    def _where(self) -> str:
        frame: FrameType | None = sys._current_frames()[self._caller]
        while frame is not None and frame.f_code.co_filename != self._file:
            frame = frame.f_back
        if frame is None:
            return "in no line of yours"
        text = linecache.getline(self._file, frame.f_lineno)
        return f"in line {frame.f_lineno}: {one_line(text)}"


def alive(lifecycle: Lifecycle) -> list[BaseProcess]:
    """Those that were started and still run; looking does not collect those that have ended."""
    return [process for process in list(lifecycle.started) if not _has_ended(process)]


def _has_ended(process: BaseProcess) -> bool:
    try:
        # With a fork server the sentinel is still for a moment after the exit code was read.
        return process._popen.returncode is not None or bool(connection.wait([process.sentinel], 0))
    except (AttributeError, ValueError, OSError):  # closed: only what has ended can be
        return True


def end_all(lifecycle: Lifecycle) -> None:
    """Kill what the answer started and did not end."""
    lifecycle.before_stop = lambda: None
    for process in alive(lifecycle):
        with suppress(ValueError, OSError):
            process.kill()
            process.join()
