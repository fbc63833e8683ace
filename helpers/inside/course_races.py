"""What is noted of state that several processes change or see in a wrong way.

Two processes that read and then write one Value, or one key of a manager's dict, at overlapping
times and without a lock; variables of the environment that a fork server's child does not see; one
state of numpy's random numbers that several children draw from.
"""

from __future__ import annotations

import functools
import os
import sys
import time
import weakref
from types import ModuleType

import course_notes
from course_hooks import when_imported
from course_notes import note

_MOST = 2000  # spans kept for each value; a race shows itself in the first few
_locks: weakref.WeakSet = weakref.WeakSet()
_held = {"manager": 0}
_reads: dict[object, float] = {}
_spans: dict[object, list[tuple[float, float]]] = {}
_environment = dict(os.environ)


def install() -> None:
    """Hooks for what this process will do."""
    when_imported("multiprocessing.synchronize", _hook_locks)
    when_imported("multiprocessing.sharedctypes", _hook_values)
    when_imported("multiprocessing.managers", _hook_proxies)
    when_imported("multiprocessing.process", _hook_children)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_forget)


def _forget() -> None:
    _reads.clear()
    _spans.clear()
    _held["manager"] = 0


def _hook_locks(module: ModuleType) -> None:
    make = module.SemLock._make_methods

    @functools.wraps(make)
    def noted_make(self: object) -> None:
        make(self)
        _locks.add(self)

    module.SemLock._make_methods = noted_make


def _locked() -> bool:
    """Whether this thread holds a lock that other processes respect."""
    return _held["manager"] > 0 or any(lock._semlock._is_mine() for lock in list(_locks))


def _read(what: object) -> None:
    if not _locked():
        _reads[what] = time.monotonic()


def _written(what: object) -> None:
    began = _reads.pop(what, None)
    if began is None or _locked():
        return
    if not _spans:
        course_notes.before_exit(_tell_of_spans)
    spans = _spans.setdefault(what, [])
    if len(spans) < _MOST:
        spans.append((began, time.monotonic()))


def _tell_of_spans() -> None:
    for (kind, what), spans in _spans.items():
        for start in range(0, len(spans), 50):
            near = [(round(a, 6), round(b, 6)) for a, b in spans[start : start + 50]]
            note("changed", kind=kind, of=str(what), spans=near)
    _spans.clear()


def _hook_values(module: ModuleType) -> None:
    plain = module.Synchronized.value

    def get(self: object) -> object:
        _read(("value", _name(self)))
        return plain.fget(self)

    def put(self: object, value: object) -> None:
        plain.fset(self, value)
        _written(("value", _name(self)))

    module.Synchronized.value = property(get, put)


def _name(shared: object) -> str:
    semlock = getattr(shared._lock, "_semlock", None)
    return getattr(semlock, "name", None) or str(id(shared))


def _hook_proxies(module: ModuleType) -> None:
    call = module.BaseProxy._callmethod

    @functools.wraps(call)
    def noted_call(self: object, method: str, args: tuple = (), kwds: dict | None = None) -> object:
        what = ("manager", f"{self._token.id}[{args[0] if args else ''!r}]")
        if method in ("__getitem__", "get"):
            _read(what)
        result = call(self, method, args, kwds or {})
        if method == "__setitem__":
            _written(what)
        elif method == "acquire" and result:
            _held["manager"] += 1
        elif method == "release":
            _held["manager"] = max(0, _held["manager"] - 1)
        return result

    module.BaseProxy._callmethod = noted_call


def _hook_children(module: ModuleType) -> None:
    """At each start: what the environment has got since Python's own start; in each child: which
    variables it missed, and whether it drew from numpy's random state as it was handed down."""
    start, bootstrap = module.BaseProcess.start, module.BaseProcess._bootstrap

    @functools.wraps(start)
    def noted_start(self: object) -> None:
        start(self)
        now = dict(os.environ)
        changed = (name for name in now if now[name] != _environment.get(name))
        new = sorted(name for name in changed if not name.startswith("COURSE_"))[:20]
        if new and getattr(type(self._popen), "method", "") == "forkserver":
            note("environment", names=new, child=self.pid)

    @functools.wraps(bootstrap)
    def noted_bootstrap(self: object, *args: object, **options: object) -> int:
        _watch_environment()
        _watch_numpy()
        return bootstrap(self, *args, **options)

    module.BaseProcess.start, module.BaseProcess._bootstrap = noted_start, noted_bootstrap


def _watch_environment() -> None:
    kind = type(os.environ)
    read = kind.__getitem__

    @functools.wraps(read)
    def noted_read(self: object, name: str) -> str:
        try:
            return read(self, name)
        except KeyError:
            if self is os.environ:
                note("missed", name=name)
            raise

    if not hasattr(read, "__wrapped__"):
        kind.__getitem__ = noted_read


def _watch_numpy() -> None:
    random = sys.modules.get("numpy.random")
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
    course_notes.before_exit(tell)


def _numpy_state(random: ModuleType) -> int:
    state = random.get_state()
    return hash((state[1].tobytes(), state[2]))
