"""Hooks that note which locks, semaphores and conditions a process uses, waits for and holds.

A semaphore has one name in all processes that share it. So the names show which process waits for
what another one holds, and whether two processes use two objects where the program means one.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from types import ModuleType

from course_events import note
from course_processes import when_imported
from course_races import count_entered, held_locks, shared_name
from course_results import last_name, users_line

TYPE_CHECKING = False  # type checkers take it as True; importing typing would slow every start
if TYPE_CHECKING:
    from typing import Any

_SHORT = 0.25  # seconds after which a wait is noted; a wait for a busy lock is usually shorter
_MOST_NOTES = 200  # of each kind and process
_used: set[str] = set()  # names of the semaphores that this process has used
_left = {"wants": _MOST_NOTES, "notified": _MOST_NOTES}


def install() -> None:
    """Install the hooks in this process."""
    when_imported("multiprocessing.synchronize", _hook_semaphores)
    when_imported("multiprocessing.process", _hook_join)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_used.clear)


def _hook_semaphores(module: ModuleType) -> None:
    kind = module.SemLock
    make, enter = kind._make_methods, kind.__enter__

    @functools.wraps(make)
    def noted_make(self: Any) -> None:
        make(self)
        self._course_name = "" if os.name == "nt" else self._semlock.name or last_name[0]
        self.acquire = _noting_acquire(self._course_name, self.acquire)

    @functools.wraps(enter)
    def noted_enter(self: Any) -> bool:
        name = shared_name(self)
        _note_use(name)
        if self._semlock.acquire(True, _SHORT):
            count_entered()
            return True
        _note_wish(name)
        return enter(self)

    kind._make_methods, kind.__enter__ = noted_make, noted_enter
    module.Condition.notify = _noting_notify(module.Condition.notify)


def _noting_acquire(name: str, acquire: Callable[..., bool]) -> Callable[..., bool]:
    """Wrap a semaphore's acquire, to note the first use, and a wait that has no end yet.

    The wrapper must not refer to the SemLock that keeps it: such a circle would keep the SemLock
    alive after the program has dropped it.
    """

    def noted_acquire(block: bool = True, timeout: float | None = None) -> bool:
        _note_use(name)
        if not block or timeout is not None:
            return acquire(block, timeout)
        if acquire(True, _SHORT):
            return True
        _note_wish(name)
        return acquire()

    return noted_acquire


def _note_use(name: str) -> None:
    if name and name not in _used and len(_used) < _MOST_NOTES:
        _used.add(name)
        note("used", lock=name)


def _note_wish(name: str) -> None:
    """Note that this process waits for a semaphore, and which locks it holds meanwhile."""
    if _left["wants"]:
        _left["wants"] -= 1
        file, line = users_line()
        note("wants", lock=name, holds=held_locks(), file=file, line=line)


def _noting_notify(notify: Callable) -> Callable:
    @functools.wraps(notify)
    def noted_notify(self: Any, *args: object, **options: object) -> None:
        if self._sleeping_count._semlock._is_zero() and _left["notified"]:
            _left["notified"] -= 1
            note("notified none", lock=shared_name(self._wait_semaphore))
        notify(self, *args, **options)

    return noted_notify


def _hook_join(module: ModuleType) -> None:
    """Note which locks a process holds while it waits for a child."""
    base = module.BaseProcess
    wait = base.join

    @functools.wraps(wait)
    def noted_join(self: Any, *args: object, **options: object) -> object:
        held = held_locks()
        if held:
            note("holds", locks=held, child=self.pid)
        return wait(self, *args, **options)

    base.join = noted_join
