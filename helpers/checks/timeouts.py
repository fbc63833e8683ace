"""A watch on a call of an answer: if it does not return in time, judge it and end the process.

Without this the run's own time limit would end the call, and the learner would read a diagnosis of
the run instead of a verdict on the requirement.

    main thread      answer.supervise(...) ------------------- returns
    watching thread  is_due()? no   no   yes ... `grace` ...   else: send verdicts, kill, exit

A call that starts no process may wait for one forever, or ask for its answer again and again. Such
a call is due when its main thread is blocked for good, or after _NOTHING_STARTED seconds.
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
from pathlib import Path
from types import FrameType, ModuleType, TracebackType

from helpers.checks.lifecycle import Lifecycle, popen_of
from helpers.checks.verdict import Judgment, Verdict, not_yet, one_line
from helpers.runner import deadlock

_INTERVAL = 0.1  # seconds between two looks
_NOTHING_STARTED = 5.0  # seconds; more than a right answer needs until it starts its first process
_BLOCKED = 2.0  # seconds for which the main thread must be blocked without a timeout


class Overdue:
    """A `with` block in which a call of `answer` must return `grace` seconds after it is due.

    The call is due when `is_due()` returns True, which means that nothing is left to wait for, or
    when it has started nothing and waits. If the call does not return in time, this sends the
    verdicts that `judge(where)` returns, kills the processes that the answer started, and ends this
    process. `where` is the line of the answer that waits, in words.

    Without `is_due`, this watches only until the first process is started: from then on the runner
    can tell whether all processes wait for each other, since no thread of this one looks around.
    """

    def __init__(
        self,
        answer: ModuleType,
        lifecycle: Lifecycle,
        judge: Callable[[str], Iterable[Verdict]],
        grace: float = 0.0,
        is_due: Callable[[], bool] | None = None,
    ) -> None:
        self._file = answer.__file__ or ""
        self._lifecycle = lifecycle
        self._grace = grace
        self._is_due = is_due
        self._judge = judge
        self._caller = threading.get_ident()
        self._main = Path(f"/proc/self/task/{threading.get_native_id()}")
        self._look: int | None = None
        self._blocked_since = math.inf
        self._threads = 0  # that run when the call begins
        self._returned = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Overdue:
        self._began = time.monotonic()
        self._thread.start()
        self._threads = threading.active_count()
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
            if self._is_due is None and self._lifecycle.has_begun:
                return
            if self._is_due is None or not self._is_due():
                deadline = math.inf
            elif math.isinf(deadline):
                deadline = time.monotonic() + self._grace
            if time.monotonic() > deadline or self._starts_nothing():
                for verdict in self._judge(self._waiting_line()):
                    verdict.send()
                kill_all(self._lifecycle)
                os._exit(0)  # the main thread may wait forever, so sys.exit would not end it

    def _starts_nothing(self) -> bool:
        """Return whether the call has started no process, and waits."""
        if self._lifecycle.has_begun:  # start() itself waits until a fork server is there
            return False
        now = time.monotonic()
        look = deadlock.blocked_for_good(self._main)
        if look is None or look != self._look or threading.active_count() > self._threads:
            self._blocked_since = now
        self._look = look
        return now - self._blocked_since > _BLOCKED or now - self._began > _NOTHING_STARTED

    def _waiting_line(self) -> str:
        """Return the line of the answer in which the call is now, in words."""
        frame: FrameType | None = sys._current_frames()[self._caller]
        while frame is not None and frame.f_code.co_filename != self._file:
            frame = frame.f_back
        if frame is None:
            return "in no line of yours"
        text = linecache.getline(self._file, frame.f_lineno)
        return f"in line {frame.f_lineno}: {one_line(text)}"


def nothing_started(call: str, where: str) -> Judgment:
    """Return the judgment on a call that waits, in that line, and has started no process."""
    return not_yet(
        f"no process was started, and {call} still waits, {where}. A Process runs only after its "
        "start(): is that called for each, before anything is waited for?"
    )


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
