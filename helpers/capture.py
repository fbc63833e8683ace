"""What child processes write to standard error, kept instead of shown.

A child that dies tells why on its own standard error, and nowhere else: no exception reaches the
parent. A notebook may show it, or a terminal nobody looks at; this catches it.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from types import TracebackType

_LAST_LINE = re.compile(r"^(?:\w+\.)*\w*(?:Error|Exception|Interrupt)\b.*$", re.MULTILINE)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")  # a notebook asks its children for coloured tracebacks
_STDERR = 2


class ChildrenOverheard:
    """In a `with` block, what this process's new children write to standard error is kept here.

    Children of a fork server are not heard: they write where that server does.
    """

    def __enter__(self) -> ChildrenOverheard:
        self._text = ""
        self._file = tempfile.TemporaryFile()
        self._before = os.dup(_STDERR)
        os.dup2(self._file.fileno(), _STDERR)
        # A forked child inherits the object too, and a notebook's sends text past the descriptor.
        self._stream, sys.stderr = (
            sys.stderr,
            open(_STDERR, "w", buffering=1, encoding="utf-8", errors="replace", closefd=False),
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        sys.stderr.close()
        sys.stderr = self._stream
        os.dup2(self._before, _STDERR)
        os.close(self._before)
        self._file.seek(0)
        self._text = _COLOUR.sub("", self._file.read().decode("utf-8", errors="replace"))
        self._file.close()

    @property
    def text(self) -> str:
        """All of it, once the block has ended."""
        return self._text

    def errors(self) -> list[str]:
        """The last line of each traceback. Its words differ from one Python version to the next."""
        return _LAST_LINE.findall(self._text)

    def kinds(self) -> list[str]:
        """The kind of each error, such as "AttributeError": that is the same in every version."""
        return [line.partition(":")[0] for line in self.errors()]
