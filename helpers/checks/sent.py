"""How much the parent sends to its children, pickled at a start or through pipes.

A forked child gets its arguments without sending; on Windows those of a start are not counted.
"""

from __future__ import annotations

import io
from multiprocessing import connection, reduction
from types import TracebackType

from helpers.checks.verdict import OK, Judgement, not_yet


class Sent:
    """Counts the bytes that this process sends while it is entered."""

    def __init__(self) -> None:
        self.bytes = 0
        self.largest = 0

    def __enter__(self) -> Sent:
        self._kinds = [
            getattr(connection, name)
            for name in ("Connection", "PipeConnection")
            if hasattr(connection, name)
        ]
        self._send = {kind: kind._send_bytes for kind in self._kinds}
        self._dump = reduction.dump
        for kind in self._kinds:
            kind._send_bytes = self._counting(self._send[kind])
        reduction.dump = self._dumping
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for changed, send in self._send.items():
            changed._send_bytes = send
        reduction.dump = self._dump

    def at_most(self, most: int, cure: str) -> Judgement:
        """Whether no more than that many bytes were sent; `cure` says what to do about it."""
        if self.bytes <= most:
            return OK
        return not_yet(
            f"expected at most {most:,} bytes to be sent to children, saw {self.bytes:,}. {cure}"
        )

    def _count(self, size: int) -> None:
        self.bytes += size
        self.largest = max(self.largest, size)

    def _counting(self, send: object) -> object:
        def counted(connection: object, data: memoryview) -> None:
            self._count(len(data))
            send(connection, data)

        return counted

    def _dumping(self, obj: object, file: object, protocol: int | None = None) -> None:
        before = file.tell() if isinstance(file, io.BytesIO) else None
        self._dump(obj, file, protocol)
        if before is not None:
            self._count(file.tell() - before)
