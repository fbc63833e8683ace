"""A watch on a call of an answer: if it does not return in time, judge it and end the process.

Without this the run's own time limit would end the call, and the learner would read a diagnosis of
the run instead of a verdict on the requirement.

    main thread      answer.supervise(...) ------------------- returns
    watching thread  is_due()? no   no   yes ... `grace` ...   else: send verdicts, kill, exit
"""

from __future__ import annotations

import linecache
import math
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from multiprocessing import connection
from multiprocessing.process import BaseProcess
from types import FrameType, ModuleType, TracebackType

from helpers.checks.lifecycle import Lifecycle, popen_of
from helpers.checks.verdict import Verdict, one_line

_INTERVAL = 0.1  # seconds between two looks


class Overdue:
    """A `with` block in which a call of `answer` must return `grace` seconds after it is due.

    The call is due when `is_due()` returns True, which means that nothing is left to wait for. If
    the call does not return in time, this sends the verdicts that `judge(where)` returns, kills the
    processes that the answer started, and ends this process. `where` is the line of the answer that
    waits, in words.
    """

    def __init__(
        self,
        answer: ModuleType,
        lifecycle: Lifecycle,
        grace: float,
        is_due: Callable[[], bool],
        judge: Callable[[str], Iterable[Verdict]],
    ) -> None:
        self._file = answer.__file__ or ""
        self._lifecycle = lifecycle
        self._grace = grace
        self._is_due = is_due
        self._judge = judge
        self._caller = threading.get_ident()
        self._returned = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Overdue:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._returned.set()
        self._thread.join()

    def _watch(self) -> None:
        deadline = math.inf
        # There is no single event for "several processes have ended", so look again and again.
        while not self._returned.wait(_INTERVAL):
            if not self._is_due():
                deadline = math.inf
            elif math.isinf(deadline):
                deadline = time.monotonic() + self._grace
            if time.monotonic() > deadline:
                for verdict in self._judge(self._waiting_line()):
                    verdict.send()
                kill_all(self._lifecycle)
                os._exit(0)  # the main thread may wait forever, so sys.exit would not end it

    def _waiting_line(self) -> str:
        """Return the line of the answer in which the call is now, in words."""
        frame: FrameType | None = sys._current_frames()[self._caller]
        while frame is not None and frame.f_code.co_filename != self._file:
            frame = frame.f_back
        if frame is None:
            return "in no line of yours"
        text = linecache.getline(self._file, frame.f_lineno)
        return f"in line {frame.f_lineno}: {one_line(text)}"


def alive(lifecycle: Lifecycle) -> list[BaseProcess]:
    """Return the started processes that still run, without collecting any that has ended."""
    return [process for process in list(lifecycle.started) if not _has_ended(process)]


def _has_ended(process: BaseProcess) -> bool:
    popen = popen_of(process)
    if popen is None:  # closed, and only a process that has ended can be
        return True
    if popen.returncode is not None:
        # With a fork server the sentinel is not ready until a moment after the exit code was read.
        return True
    try:
        return bool(connection.wait([process.sentinel], 0))
    except (ValueError, OSError):  # closed meanwhile, by the answer's thread
        return True


def kill_all(lifecycle: Lifecycle) -> None:
    """Kill and join the processes that the answer started and that are still alive."""
    lifecycle.before_stop = None
    for process in alive(lifecycle):
        with suppress(ValueError, OSError):
            process.kill()
            process.join()
