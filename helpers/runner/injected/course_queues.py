"""Makes sure that who asks a queue whether it is empty is told so once too early.

What was put is on its way for a moment, and a child that looks in that moment sees nothing. Left to
chance that is rare; while a check asks for it, each child's first look at each Queue is one. So is
a `get` that would wait for a second or less: what comes later than that is no less an item.
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
    """Hooks for what this process will do."""
    when_imported("multiprocessing.queues", _hook_queues)


def _too_early(queue: object) -> bool:
    """Whether this is a child's first look at that queue, and a check wants it to be too early."""
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
