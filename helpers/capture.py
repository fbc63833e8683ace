"""Capture what child processes write to standard error.

A child that dies of an exception says so on its own standard error and nowhere else: the parent
gets no exception. That text may go to a terminal that the learner does not see.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from contextlib import ExitStack
from types import TracebackType
from typing import IO

from helpers.validation import bad_type

_LAST_LINE = re.compile(r"^(?:\w+\.)*\w*(?:Error|Exception|Interrupt)\b.*$", re.MULTILINE)
# In a traceback: the folder of the standard library, or that of another file.
_FOLDER = re.compile(r'(?<=File ")(?:[^"]*[\\/](?:python3\.\d+t?|Lib)|[^"]*)[\\/](?=[^"]+")')
_COLOR = re.compile(r"\x1b\[[0-9;]*m")  # ipykernel sets FORCE_COLOR for child processes
_STDERR = 2


class CapturedStderr:
    """A `with` block that keeps what this process's new children write to standard error.

    It redirects file descriptor 2 to a temporary file, and children inherit the descriptor. A fork
    server that was started before the block has the old descriptor, and so do its children: what
    they write is not captured.
    """

    def __init__(self) -> None:
        self._text = ""
        self._undo = ExitStack()

    def __enter__(self) -> CapturedStderr:
        self._text = ""
        file = tempfile.TemporaryFile()
        saved_fd = os.dup(_STDERR)
        os.dup2(file.fileno(), _STDERR)
        # In a notebook, sys.stderr sends text to the kernel and not to the descriptor. A forked
        # child inherits that object, so put one here that writes to the descriptor.
        stream = open(_STDERR, "w", buffering=1, encoding="utf-8", errors="replace", closefd=False)
        # The stack runs these from the last to the first.
        self._undo.callback(self._read, file)
        self._undo.callback(os.close, saved_fd)
        self._undo.callback(os.dup2, saved_fd, _STDERR)
        self._undo.callback(setattr, sys, "stderr", sys.stderr)
        self._undo.callback(stream.close)
        sys.stderr = stream
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._undo.close()

    def _read(self, file: IO[bytes]) -> None:
        with file:
            file.seek(0)
            self._text = _COLOR.sub("", file.read().decode("utf-8", errors="replace"))

    @property
    def text(self) -> str:
        """Return all that the children wrote; "" until the block has ended."""
        return self._text

    def errors(self) -> list[str]:
        """Return the last line of each traceback. Python versions word these lines differently."""
        return _LAST_LINE.findall(self._text)

    def kinds(self) -> list[str]:
        """Return the name of each exception, such as "AttributeError". Versions agree on these."""
        return [line.partition(":")[0] for line in self.errors()]


def print_traceback(text: str) -> None:
    """Print the text; its tracebacks name files without the folders of this machine.

    Files of the standard library are named from its folder on. Raise TypeError if it is not text.
    """
    if not isinstance(text, str):
        raise bad_type("text", text, "a str", "Pass captured.text, or report.output.")
    print(_FOLDER.sub("", text.strip()))
