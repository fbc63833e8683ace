"""A guard that fails a test which starts a process and is not marked `processes`.

So the lane `--unit`, which leaves those marked out, stays fast, and no list of tests is kept.
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
    """What was started while it was on, and the switch that turns it off meanwhile."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self._off = 0

    @contextmanager
    def on(self) -> Iterator[None]:
        """Within this context, starting a process raises an AssertionError and is noted."""
        with pytest.MonkeyPatch.context() as patched:
            for owner, name in STARTING:
                patched.setattr(owner, name, self._watching(getattr(owner, name)))
            yield

    @contextmanager
    def off(self) -> Iterator[None]:
        """Within this context, a process may be started: a fixture that many tests share does."""
        self._off += 1
        try:
            yield
        finally:
            self._off -= 1

    def _watching(self, start: Callable[..., Any]) -> Callable[..., Any]:
        def refuse_or_start(*given: Any, **named: Any) -> Any:
            if self._off:
                return start(*given, **named)
            self.started.append(f"{start.__qualname__}{given[1:]}")
            raise AssertionError(self.message())

        return refuse_or_start

    def message(self) -> str:
        """Return what to tell about the processes that were started."""
        return (
            f"this test starts a process, by {self.started[0]}. Mark it with"
            " @pytest.mark.processes, which takes it out of `course.py test --unit`"
        )


GUARD = pytest.StashKey[Guard]()


@pytest.fixture(autouse=True)
def starts_no_process(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test if it starts a process and has none of the MARKS."""
    if any(request.node.get_closest_marker(mark) for mark in MARKS):
        yield
        return
    guard = request.config.stash[GUARD] = Guard()
    try:
        with guard.on():
            yield
    finally:
        del request.config.stash[GUARD]
    # It may have been raised where nobody saw it: in a thread, or within a `try`.
    assert not guard.started, guard.message()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef, request: pytest.FixtureRequest
) -> Iterator[None]:
    """Let a fixture start processes if it does so once for many tests."""
    guard = request.config.stash.get(GUARD, None)
    if guard is None or fixturedef.scope == "function":
        return (yield)
    with guard.off():
        return (yield)
