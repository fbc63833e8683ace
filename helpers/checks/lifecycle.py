"""Which processes were started and which were waited for, while somebody else's code ran."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing import process as library
from multiprocessing.process import BaseProcess
from types import TracebackType

from helpers.checks.verdict import OK, Judgement, not_yet
from helpers.rendezvous import meeting


class Lifecycle:
    """Notes every start, and everything by which somebody saw a child's end, while it is entered.

    `join()`, `exitcode`, `is_alive()` and `active_children()` all collect a child that has ended.
    They are noted where they are called, because looking from outside changes what is seen.
    `before_stop` is called before a terminate(), a kill() or an os.kill() is carried out.
    """

    def __init__(self, before_stop: Callable[[], None] = lambda: None) -> None:
        self.before_stop = before_stop
        self._by_pid: dict[int, BaseProcess] = {}
        self.started: list[BaseProcess] = []
        self.joined: list[BaseProcess] = []
        self._codes: dict[BaseProcess, int] = {}  # a process that was closed tells none
        self.stopped: list[BaseProcess] = []  # by whatever means, before their end was seen
        self.last_start = 0.0  # on the clock of time.monotonic()
        self.first_stop: dict[BaseProcess, float] = {}  # when that first came
        self.most_alive = 0  # at the moment of a start: how many had not been seen to end

    def __enter__(self) -> Lifecycle:
        kind = BaseProcess
        self._kept = {name: kind.__dict__[name] for name in _NOTED}
        kept, seen_ended = self._kept, self._saw_end

        def start(process: BaseProcess) -> None:
            kept["start"](process)
            self.started.append(process)
            self._by_pid[process.pid] = process
            self.most_alive = max(self.most_alive, len(self.started) - len(self.joined))
            self.last_start = time.monotonic()

        def join(process: BaseProcess, timeout: float | None = None) -> None:
            if threading.current_thread() is threading.main_thread() and process.pid:
                meeting.parent_joins(process.pid, len(self.started))
            kept["join"](process, timeout)
            seen_ended(process)

        def is_alive(process: BaseProcess) -> bool:
            alive = kept["is_alive"](process)
            if not alive:
                seen_ended(process)
            return alive

        def exitcode(process: BaseProcess) -> int | None:
            seen_ended(process)
            return kept["exitcode"].fget(process)

        def stopping(name: str) -> object:
            def stop(process: BaseProcess) -> None:
                self._note_stop(process)
                kept[name](process)

            return stop

        def os_kill(pid: int, number: int) -> None:
            process = self._by_pid.get(pid)
            if process is not None and number:
                self._note_stop(process)
            self._os_kill(pid, number)

        kind.start, kind.join, kind.is_alive = start, join, is_alive
        kind.exitcode = property(exitcode)
        kind.terminate, kind.kill = stopping("terminate"), stopping("kill")
        self._note_active_children()
        self._os_kill, os.kill = os.kill, os_kill
        return self

    def _note_active_children(self) -> None:
        collect = self._collect = library._cleanup  # every start calls it, too: nobody asked then

        def cleanup() -> None:
            collect()
            if sys._getframe(1).f_code.co_name == "active_children":
                for process in self.started:
                    if process._popen and process._popen.returncode is not None:
                        self._saw_end(process)

        library._cleanup = cleanup

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for name, method in self._kept.items():
            setattr(BaseProcess, name, method)
        library._cleanup = self._collect
        os.kill = self._os_kill

    def _note_stop(self, process: BaseProcess) -> None:
        if process not in self.joined and process not in self.stopped:
            self.stopped.append(process)  # terminate() calls os.kill()
        self.first_stop.setdefault(process, time.monotonic())
        self.before_stop()

    def _saw_end(self, process: BaseProcess) -> None:
        code = self._kept["exitcode"].fget(process)
        if code is not None and process in self.started and process not in self.joined:
            self.joined.append(process)
            self._codes[process] = code

    @property
    def never_joined(self) -> list[BaseProcess]:
        """Those that were started and whose end nobody saw."""
        return [process for process in self.started if process not in self.joined]

    def all_joined(self) -> Judgement:
        """Whether the end of every process that was started was waited for."""
        if not self.started:
            return not_yet("no process was started")
        forgotten = len(self.never_joined)
        if forgotten:
            return not_yet(
                f"{forgotten} of {len(self.started)} processes were never joined: join() each"
            )
        return OK

    def all_ended_well(self) -> Judgement:
        """Whether all were joined, and ended with exit code 0."""
        judgement = self.all_joined()
        codes = list(self._codes.values())
        if judgement == OK and any(codes):
            return not_yet(f"expected exit code 0 of every process, got {sorted(codes)}")
        return judgement

    def nothing_alive(self) -> Judgement:
        """Whether no process that was started is still alive."""
        alive = [process.name for process in self.started if process._popen and process.is_alive()]
        if alive:
            names = ", ".join(alive)
            return not_yet(f"{len(alive)} of {len(self.started)} are still alive: {names}")
        return OK


_NOTED = ("start", "join", "is_alive", "exitcode", "terminate", "kill")
