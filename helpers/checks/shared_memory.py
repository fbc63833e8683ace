"""Records of the kinds of shared memory that this process makes while an answer runs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from multiprocessing import managers, shared_memory, sharedctypes
from types import ModuleType, TracebackType
from typing import Any, ParamSpec, TypeVar

from helpers.checks.patching import replaced

_P = ParamSpec("_P")
_T = TypeVar("_T")

VALUE = "a Value or an Array"
BLOCK = "a block of SharedMemory"
MANAGER = "a manager"
MAP = "a memory map"  # Values lie in memory maps too, so a map alone proves no use of mmap
_recorders: list[Sharing] = []  # those whose `with` is entered
_has_audit_hook: list[bool] = []  # not empty once the hook is set: an audit hook can't be removed


class Sharing:
    """Records what is made inside its `with`: `made` is a set of the kinds above."""

    def __init__(self) -> None:
        self.made: set[str] = set()
        self.values: list[Any] = []  # the memory of each Value, as a ctypes object
        self._replaced = ExitStack()

    def __enter__(self) -> Sharing:
        makers = (
            # Value, Array and their raw forms all come from here.
            (sharedctypes, "_new_value", VALUE),
            (shared_memory.SharedMemory, "__init__", BLOCK),
            (managers.BaseManager, "start", MANAGER),
        )
        for owner, name, kind in makers:
            recorded = self._recorded(kind, vars(owner)[name])
            self._replaced.enter_context(replaced(owner, **{name: recorded}))
        _recorders.append(self)
        if not _has_audit_hook:
            _has_audit_hook.append(True)
            sys.addaudithook(_on_audit_event)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _recorders.remove(self)
        self._replaced.close()

    def holds(self, number: int) -> bool:
        """Return whether a Value that was made holds this number now."""
        return any(getattr(value, "value", None) == number for value in self.values)

    def _recorded(self, kind: str, make: Callable[_P, _T]) -> Callable[_P, _T]:
        """Return a function that records the kind and then does what `make` does."""

        def record_and_make(*args: _P.args, **options: _P.kwargs) -> _T:
            self.made.add(kind)
            found = make(*args, **options)
            if kind == VALUE:
                self.values.append(found)
            return found

        return record_and_make


def made_at_import(answer: ModuleType) -> bool:
    """Return whether a top-level name of the answer is a Value, an Array or a SharedMemory."""
    kinds = (sharedctypes.SynchronizedBase, shared_memory.SharedMemory)
    # A raw value is a ctypes object, and multiprocessing gives it the attribute _wrapper.
    return any(isinstance(one, kinds) or hasattr(one, "_wrapper") for one in vars(answer).values())


def _on_audit_event(event: str, args: tuple[Any, ...]) -> None:
    # mmap is a C type whose methods can't be replaced; Python's audit event tells of each map.
    if event == "mmap.__new__":
        for sharing in _recorders:
            sharing.made.add(MAP)
