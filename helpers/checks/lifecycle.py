"""Which processes were started and which were joined, while somebody else's code ran."""

from __future__ import annotations

from multiprocessing.process import BaseProcess
from types import TracebackType


class Lifecycle:
    """Notes every `start()` and every `join()` that saw the end, in the process that enters it.

    Noted at the methods themselves, because looking from outside changes what is seen:
    `active_children()` and `is_alive()` join what has ended.
    """

    def __init__(self) -> None:
        self.started: list[BaseProcess] = []
        self.joined: list[BaseProcess] = []

    def __enter__(self) -> Lifecycle:
        self._start, self._join = BaseProcess.start, BaseProcess.join

        def start(process: BaseProcess) -> None:
            self._start(process)
            self.started.append(process)

        def join(process: BaseProcess, timeout: float | None = None) -> None:
            self._join(process, timeout)
            if process.exitcode is not None:
                self.joined.append(process)

        BaseProcess.start, BaseProcess.join = start, join
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        BaseProcess.start, BaseProcess.join = self._start, self._join

    @property
    def never_joined(self) -> list[BaseProcess]:
        """Those that were started and whose end nobody waited for."""
        return [process for process in self.started if process not in self.joined]
