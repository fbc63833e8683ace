"""Hooks that note races, and state that a program wrongly takes as shared or as separate.

- A line that reads and then writes a Value, or a key of a manager's dict, without a lock. They note
  whether another process changed it in between, or the time in which another one could have.
- Environment variables that a child of a fork server does not see.
- A state of NumPy's random generator from which several forked children start.
"""

from __future__ import annotations

import functools
import os
import sys
import time
import weakref
from collections.abc import Callable
from types import ModuleType

import course_events
from course_events import note
from course_processes import when_imported
from course_results import users_line

TYPE_CHECKING = False  # type checkers take it as True; importing typing would slow every start
if TYPE_CHECKING:
    from typing import Any

_locks: weakref.WeakSet = weakref.WeakSet()
_held_counts = {"manager": 0, "with": 0}
_reads: dict[object, tuple[object, tuple[str, int], float]] = {}  # value, line, time of the last
_told: set[object] = set()  # what has been noted as raced
_gaps = [None] * 100  # how many more times from a read to a write this process notes
_environment = dict(os.environ)


def install() -> None:
    """Install the hooks in this process."""
    when_imported("multiprocessing.synchronize", _hook_locks)
    when_imported("multiprocessing.sharedctypes", _hook_values)
    when_imported("multiprocessing.managers", _hook_proxies)
    when_imported("multiprocessing.process", _hook_children)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_forget)


def _forget() -> None:
    _reads.clear()
    _told.clear()
    _held_counts.update(dict.fromkeys(_held_counts, 0))


def _hook_locks(module: ModuleType) -> None:
    kind = module.SemLock
    make, enter, leave = kind._make_methods, kind.__enter__, kind.__exit__

    @functools.wraps(make)
    def noted_make(self: Any) -> None:
        make(self)
        if self._semlock.maxvalue == 1:
            _locks.add(self)

    @functools.wraps(enter)
    def noted_enter(self: Any) -> bool:
        got = enter(self)
        _held_counts["with"] += 1
        return got

    @functools.wraps(leave)
    def noted_leave(self: Any, *args: object) -> None:
        _held_counts["with"] -= 1
        leave(self, *args)

    kind._make_methods, kind.__enter__, kind.__exit__ = noted_make, noted_enter, noted_leave


def holds_lock() -> bool:
    """Return whether this thread holds a lock that is shared between processes.

    A semaphore counts only inside `with`: a barrier acquires some that it never releases.
    """
    return any(_held_counts.values()) or any(lock._semlock._is_mine() for lock in list(_locks))


def _read(what: tuple, value: object) -> None:
    if what not in _told:
        _reads[what] = value, users_line(), time.monotonic()


def _writes(what: tuple, look: Callable[[], object]) -> None:
    """Note, before a write, whether the value has changed since the same line read it.

    `look` reads the value again.
    """
    value, line, since = _reads.pop(what, (None, ("", -1), 0.0))
    if line != users_line() or holds_lock():
        return
    if what[0] == "manager" and _gaps:  # if two look at the same time, neither sees a change
        _gaps.pop()
        note("unlocked", thing=repr(what), since=since, file=line[0], line=line[1])
    if look() != value:
        _told.add(what)
        note("raced", kind=what[0], file=line[0], line=line[1])


def _hook_values(module: ModuleType) -> None:
    plain = module.Synchronized.value

    def get(self: Any) -> object:
        value = plain.fget(self)
        _read(("value", id(self)), value)
        return value

    def put(self: Any, value: object) -> None:
        _writes(("value", id(self)), lambda: plain.fget(self))
        plain.fset(self, value)

    module.Synchronized.value = property(get, put)


def _hook_proxies(module: ModuleType) -> None:
    call = module.BaseProxy._callmethod

    @functools.wraps(call)
    def noted_call(self: Any, method: str, args: tuple = (), kwds: dict | None = None) -> object:
        what = ("manager", self._token.id, repr(args[:1]))
        if method == "__setitem__":
            _writes(what, lambda: call(self, "__getitem__", args[:1]))
        result = call(self, method, args, kwds or {})
        if method in ("__getitem__", "get"):
            _read(what, result)
        elif method == "acquire" and result:
            _held_counts["manager"] += 1
        elif method == "release":
            _held_counts["manager"] = max(0, _held_counts["manager"] - 1)
        return result

    module.BaseProxy._callmethod = noted_call


def _hook_children(module: ModuleType) -> None:
    """Note environment changes at each start, and what each child misses or inherits.

    At a start: the variables that were set since this Python started. In a child: the variables
    that it asked for in vain, and whether it used the random state that it inherited.
    """
    start, bootstrap = module.BaseProcess.start, module.BaseProcess._bootstrap

    @functools.wraps(start)
    def noted_start(self: Any) -> None:
        start(self)
        now = dict(os.environ)
        changed = (name for name in now if now[name] != _environment.get(name))
        new = sorted(name for name in changed if not name.startswith("COURSE_"))[:20]
        if new and getattr(type(self._popen), "method", "") == "forkserver":
            note("environment", names=new, child=self.pid)

    @functools.wraps(bootstrap)
    def noted_bootstrap(self: Any, *args: object, **options: object) -> int:
        _watch_environment()
        _watch_numpy()
        code = bootstrap(self, *args, **options)
        if any(lock._semlock._is_mine() for lock in list(_locks)):
            note("held")
        return code

    module.BaseProcess.start, module.BaseProcess._bootstrap = noted_start, noted_bootstrap


def _watch_environment() -> None:
    kind: Any = type(os.environ)
    read = kind.__getitem__

    @functools.wraps(read)
    def noted_read(self: Any, name: str) -> str:
        try:
            return read(self, name)
        except KeyError:
            if self is os.environ:
                note("missed", name=name)
            raise

    if not hasattr(read, "__wrapped__"):
        kind.__getitem__ = noted_read


def _watch_numpy() -> None:
    random: Any = sys.modules.get("numpy.random")
    if random is None:
        return
    before, seed = _numpy_state(random), random.seed
    seeded = []

    @functools.wraps(seed)
    def noted_seed(*args: object, **options: object) -> None:
        seeded.append(1)
        seed(*args, **options)

    def tell() -> None:
        if not seeded and _numpy_state(random) != before:
            note("drew", state=before)

    random.seed = noted_seed
    course_events.before_exit(tell)


def _numpy_state(random: ModuleType) -> int:
    state = random.get_state()
    return hash((state[1].tobytes(), state[2]))
