"""Records of the processes that an answer starts, stops and waits for.

the answer calls            the recorder's method        and then
----------------------      ------------------------     --------------------------
process.start()         ->  _start       records it   -> the original start()
process.join()          ->  _join                     -> the original, then _see_end
process.is_alive()      ->  _is_alive                 -> the original, then _see_end
process.exitcode        ->  _exitcode    _see_end     -> the original
active_children()       ->  _clean_up                 -> the original, then _see_end
process.terminate()     ->  _stop        _record_stop -> the original
process.kill()          ->  _stop        _record_stop -> the original
os.kill(pid, number)    ->  _os_kill     _record_stop -> the original

Why the calls are recorded, instead of looking at the processes when the answer has returned:

    the answer        child.start() ... return                    it never joined the child
    a check, later    child.exitcode -> 0                         which looks as if it had

Looking at a child that has ended also collects it (on POSIX, by waitpid). After that look, nothing
tells whether the answer or the check was the first to collect it.
"""

from __future__ import annotations

import functools
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from multiprocessing import process as process_module
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from helpers.checks.patching import replaced
from helpers.checks.verdict import OK, Judgment, not_yet
from helpers.rendezvous import meeting
from helpers.runner.events import read_notes

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Popen(Protocol):
    """The part that multiprocessing's classes named Popen, one a start method, have in common."""

    returncode: int | None


class Lifecycle:
    """Records every start, stop and seen end of a process inside its `with`.

    An answer sees the end of a child by `join()`, `exitcode`, `is_alive()` or `active_children()`.
    `before_stop` is called before each terminate(), kill() or os.kill() of a child is carried out.
    """

    def __init__(self, before_stop: Callable[[], None] | None = None) -> None:
        self.before_stop = before_stop
        self.has_begun = False  # whether a start() was called, which may not have returned yet
        self.started: list[BaseProcess] = []
        self.seen_ended: list[BaseProcess] = []  # the answer learned that each of them has ended
        self.stopped: list[BaseProcess] = []  # by any means, before their end was seen
        self.first_stop: dict[BaseProcess, float] = {}  # when, by time.monotonic(), in seconds
        self.first_kill: dict[BaseProcess, float] = {}  # likewise: by kill() or SIGKILL
        self.start_times: list[float] = []  # when, by time.monotonic(), in seconds
        self.pooled: list[BaseProcess] = []  # those that a pool or an executor started
        self.most_alive = 0  # at any start: how many had been started and not been seen to end
        self._by_pid: dict[int | None, BaseProcess] = {}
        self._exit_codes: dict[BaseProcess, int] = {}  # kept, since a closed process has none
        self._originals: dict[str, Any] = {}
        self._original_clean_up: Any = None
        self._original_os_kill = os.kill
        self._replaced = ExitStack()

    def __enter__(self) -> Lifecycle:
        # Read them here and not at import: another check may have replaced them, too.
        self._originals = {name: vars(BaseProcess)[name] for name in _RECORDED}
        self._original_clean_up = vars(process_module)["_cleanup"]
        self._original_os_kill = os.kill
        self._replaced.enter_context(
            replaced(
                BaseProcess,
                start=_as_method(self._start),
                join=_as_method(self._join),
                is_alive=_as_method(self._is_alive),
                exitcode=property(_as_method(self._exitcode)),
                terminate=_as_method(functools.partial(self._stop, "terminate")),
                kill=_as_method(functools.partial(self._stop, "kill")),
            )
        )
        self._replaced.enter_context(replaced(process_module, _cleanup=self._clean_up))
        self._replaced.enter_context(replaced(os, kill=self._os_kill))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._replaced.close()

    # --- what the answer's calls go to ---

    @property
    def last_start(self) -> float:
        """Return when the last process was started, 0 if none was."""
        return self.start_times[-1] if self.start_times else 0.0

    def _start(self, process: BaseProcess) -> None:
        self.has_begun = True
        target = vars(process).get("_target")  # start() deletes it
        self._originals["start"](process)
        self.started.append(process)
        if getattr(target, "__module__", "") in _POOLS:
            self.pooled.append(process)
        self._by_pid[process.pid] = process
        self.most_alive = max(self.most_alive, len(self.started) - len(self.seen_ended))
        self.start_times.append(time.monotonic())

    def _join(self, process: BaseProcess, timeout: float | None = None) -> None:
        # While the main thread waits, it starts no other worker: a meeting that waits for more
        # workers need not wait until its patience is used up.
        if threading.current_thread() is threading.main_thread() and process.pid:
            meeting.parent_joins(process.pid, len(self.started))
        self._originals["join"](process, timeout)
        self._see_end(process)  # a join with a timeout may have seen nothing

    def _is_alive(self, process: BaseProcess) -> bool:
        alive = self._originals["is_alive"](process)
        if not alive:
            self._see_end(process)
        return alive

    def _exitcode(self, process: BaseProcess) -> int | None:
        self._see_end(process)
        return self._read_exit_code(process)

    def _stop(self, method: str, process: BaseProcess) -> None:
        self._record_stop(process, killed=method == "kill")
        self._originals[method](process)

    def _os_kill(self, pid: int, number: int) -> None:
        process = self._by_pid.get(pid)
        if process is not None and number:  # signal 0 only asks whether the process is there
            self._record_stop(process, killed=number == _SIGKILL)
        self._original_os_kill(pid, number)

    def _clean_up(self) -> None:
        """Collect the children that have ended; if active_children() asked for it, record them.

        Every start() makes multiprocessing call this too, but then the answer does not learn which
        children have ended. So the caller's name decides.
        """
        self._original_clean_up()
        if sys._getframe(1).f_code.co_name == "active_children":
            for process in self.started:
                if (popen := popen_of(process)) and popen.returncode is not None:
                    self._see_end(process)

    # --- what is recorded ---

    def _record_stop(self, process: BaseProcess, *, killed: bool) -> None:
        # terminate() calls os.kill(), so one stop can come here twice.
        if process not in self.seen_ended:
            if process not in self.stopped:
                self.stopped.append(process)
            if killed:
                self.first_kill.setdefault(process, time.monotonic())
        self.first_stop.setdefault(process, time.monotonic())
        if self.before_stop is not None:
            self.before_stop()

    def _see_end(self, process: BaseProcess) -> None:
        """Record that the answer has seen the end of this process, if it has ended."""
        code = self._read_exit_code(process)
        if code is not None and process in self.started and process not in self.seen_ended:
            self.seen_ended.append(process)
            self._exit_codes[process] = code

    def _read_exit_code(self, process: BaseProcess) -> int | None:
        return self._originals["exitcode"].fget(process)

    # --- what checks ask ---

    @property
    def pids(self) -> set[int | None]:
        """Return the ids of all processes that were started, of closed ones too."""
        return set(self._by_pid)

    @property
    def never_joined(self) -> list[BaseProcess]:
        """Return the processes that were started and whose end the answer never saw."""
        return [process for process in self.started if process not in self.seen_ended]

    def ended_at_once(self) -> list[BaseProcess]:
        """Return the processes that ended by os._exit(), so without the end of a normal process.

        In the bounded runner, each process notes when multiprocessing ends it.
        """
        folder = os.environ.get("COURSE_RUN_NOTES")
        notes = read_notes(Path(folder)) if folder else []
        normal = {note["pid"] for note in notes if note["what"] == "end"}
        return [one for pid, one in self._by_pid.items() if folder and self._exited(pid, normal)]

    def _exited(self, pid: int | None, normal: set[int]) -> bool:
        """Return whether a process ended by an exit of its own that multiprocessing did not do."""
        process = self._by_pid[pid]
        if pid in normal or popen_of(process) is None:  # a closed one had been joined
            return False
        code = self._read_exit_code(process)
        return code is not None and code >= 0

    def all_joined(self) -> Judgment:
        """Judge whether the answer waited for the end of every process that it started."""
        if not self.started:
            return not_yet("no process was started")
        forgotten = len(self.never_joined)
        if forgotten:
            return not_yet(
                f"{forgotten} of {len(self.started)} processes were never joined: join() each"
            )
        return OK

    def all_ended_well(self) -> Judgment:
        """Judge whether every process was joined and ended with exit code 0."""
        judgment = self.all_joined()
        codes = list(self._exit_codes.values())
        if judgment == OK and any(codes):
            return not_yet(f"expected exit code 0 of every process, got {sorted(codes)}")
        return judgment


_SIGKILL = getattr(signal, "SIGKILL", None)  # Windows has none
_POOLS = ("multiprocessing.pool", "concurrent.futures.process")  # modules of workers' functions
_RECORDED = ("start", "join", "is_alive", "exitcode", "terminate", "kill")


def _as_method(
    record: Callable[Concatenate[BaseProcess, _P], _T],
) -> Callable[Concatenate[BaseProcess, _P], _T]:
    """Return a plain function that passes the process it is called on to `record`.

    `record` is a method bound to the recorder. As an attribute of BaseProcess it would get no
    process, because Python binds only plain functions to the object that they are called on.
    """

    def method(process: BaseProcess, *args: _P.args, **options: _P.kwargs) -> _T:
        return record(process, *args, **options)

    return method


def popen_of(process: BaseProcess) -> Popen | None:
    """Return the object by which multiprocessing controls the child.

    Its `returncode` is set once the child has been collected, and reading it collects nothing.
    Return None before the process was started and after it was closed.
    """
    return vars(process)["_popen"]
