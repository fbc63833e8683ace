"""Hooks that make a child's first look at a Queue come too early, so that it finds it empty.

An item that was put takes a moment to arrive. A child that calls `empty` in that moment is told
that the queue is empty, a bug that shows rarely. While a check asks for it, each child's first look
at each Queue fails like this. A `get` that waits for a second or less counts as a look, too: an
item may well arrive later than that.
"""

from __future__ import annotations

import functools
import sys
import weakref
from types import ModuleType

from course_events import note
from course_processes import when_imported
from course_results import users_line

_SHORT = 1.0  # seconds
_seen: weakref.WeakSet = weakref.WeakSet()  # queues that this process has looked at


def install() -> None:
    """Install the hooks in this process."""
    when_imported("multiprocessing.queues", _hook_queues)


def _too_early(queue: object) -> bool:
    """Return whether this is a child's first look at `queue` while a check wants it too early."""
    process = sys.modules["multiprocessing.process"]
    if not process.current_process()._config.get("course_first_look") or queue in _seen:
        return False
    _seen.add(queue)
    if process.parent_process() is None:
        return False
    file, line = users_line()
    note("looked too early", file=file, line=line)
    return True


def _hook_queues(module: ModuleType) -> None:
    kind, nothing = module.Queue, module.Empty
    ask, get = kind.empty, kind.get

    @functools.wraps(ask)
    def first_empty(self: object) -> bool:
        return _too_early(self) or ask(self)

    @functools.wraps(get)
    def first_get(self: object, block: bool = True, timeout: float | None = None) -> object:
        short = not block or (timeout is not None and timeout <= _SHORT)
        if short and _too_early(self):
            raise nothing
        return get(self, block, timeout)

    kind.empty, kind.get = first_empty, first_get
