"""A guard that fails a test which starts a process and is not marked `processes`.

So the lane `--unit`, which leaves out what is marked so, stays fast, and no list of tests is kept.
conftest.py puts the guard around each test.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from typing import Any

import pytest

MARKS = ("processes", "slow", "browser")  # a test with one of them may start what it likes
STARTING = [(BaseProcess, "start"), (subprocess.Popen, "__init__")]
if hasattr(os, "fork"):
    STARTING.append((os, "fork"))


class Guard:
    """Refuses to start a process within `around`, but not within `lifted`."""

    def __init__(self) -> None:
        self._started: list[str] = []
        self._lifted = False

    @contextmanager
    def around(self, test: pytest.Item) -> Iterator[None]:
        """Raise an AssertionError where the test starts a process, unless it has one of MARKS."""
        if any(test.get_closest_marker(mark) for mark in MARKS):
            yield
            return
        self._started.clear()
        with pytest.MonkeyPatch.context() as patched:
            for owner, name in STARTING:
                patched.setattr(owner, name, self._refusing(getattr(owner, name)))
            yield
        # What was raised in a thread or within a `try` is raised again, where pytest sees it.
        self._refuse()

    @contextmanager
    def lifted(self) -> Iterator[None]:
        """Let a process be started, as a fixture of the whole session does, once for all tests."""
        before, self._lifted = self._lifted, True
        try:
            yield
        finally:
            self._lifted = before

    def _refusing(self, start: Callable[..., Any]) -> Callable[..., Any]:
        def start_or_refuse(*given: Any, **named: Any) -> Any:
            if self._lifted:
                return start(*given, **named)
            self._started.append(start.__qualname__)
            return self._refuse()

        return start_or_refuse

    def _refuse(self) -> None:
        if self._started:
            raise AssertionError(
                f"this test starts a process, by {self._started[0]}. Mark it with"
                " @pytest.mark.processes: `course.py test --unit` then leaves it out"
            )
