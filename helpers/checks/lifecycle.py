"""Which processes were started and which were waited for, while somebody else's code ran."""

from __future__ import annotations

import threading
from multiprocessing.process import BaseProcess
from types import TracebackType

from helpers import jobs
from helpers.checks.verdicts import OK, Judgement, not_yet


class Lifecycle:
    """Notes every start, and everything by which somebody saw a child's end, while it is entered.

    `join()`, `exitcode` and `is_alive()` all collect a child that has ended. They are noted at the
    methods themselves, because looking from outside changes what is seen.
    """

    def __init__(self) -> None:
        self.started: list[BaseProcess] = []
        self.joined: list[BaseProcess] = []
        self.stopped: list[BaseProcess] = []  # by terminate() or kill()
        self.most_alive = 0  # at the moment of a start: how many had not been seen to end

    def __enter__(self) -> Lifecycle:
        kind = BaseProcess
        self._kept = {name: kind.__dict__[name] for name in _NOTED}
        kept, seen_ended = self._kept, self._saw_end

        def start(process: BaseProcess) -> None:
            kept["start"](process)
            self.started.append(process)
            self.most_alive = max(self.most_alive, len(self.started) - len(self.joined))

        def join(process: BaseProcess, timeout: float | None = None) -> None:
            if threading.current_thread() is threading.main_thread() and process.pid:
                jobs.parent_joins(process.pid, len(self.started))
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
                self.stopped.append(process)
                kept[name](process)

            return stop

        kind.start, kind.join, kind.is_alive = start, join, is_alive
        kind.exitcode = property(exitcode)
        kind.terminate, kind.kill = stopping("terminate"), stopping("kill")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for name, method in self._kept.items():
            setattr(BaseProcess, name, method)

    def _saw_end(self, process: BaseProcess) -> None:
        known = self._kept["exitcode"].fget(process) is not None
        if known and process in self.started and process not in self.joined:
            self.joined.append(process)

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
            return not_yet(f"{forgotten} of {len(self.started)} processes were never joined")
        return OK

    def all_ended_well(self) -> Judgement:
        """Whether all were joined, and ended with exit code 0."""
        judgement = self.all_joined()
        codes = [process.exitcode for process in self.joined]
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
