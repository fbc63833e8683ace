"""Which kinds of shared memory this process makes, while somebody else's code runs."""

from __future__ import annotations

import sys
from multiprocessing import managers, shared_memory, sharedctypes
from types import ModuleType, TracebackType

VALUE = "a Value or an Array"
BLOCK = "a block of SharedMemory"
MANAGER = "a manager"
MAP = "a memory map"  # Values are in one too
_open: list[Sharing] = []
_heard: list[bool] = []  # whether we hear of memory maps: an audit hook stays for ever


class Sharing:
    """Notes what is made while it is entered: `made` is a set of the names above."""

    def __init__(self) -> None:
        self.made: set[str] = set()

    def __enter__(self) -> Sharing:
        kept = sharedctypes._new_value, shared_memory.SharedMemory.__init__
        self._kept = *kept, managers.BaseManager.start
        sharedctypes._new_value = self._noting(VALUE, kept[0])
        shared_memory.SharedMemory.__init__ = self._noting(BLOCK, kept[1])
        managers.BaseManager.start = self._noting(MANAGER, self._kept[2])
        _open.append(self)
        if not _heard:
            _heard.append(True)
            sys.addaudithook(_hear)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _open.remove(self)
        sharedctypes._new_value, shared_memory.SharedMemory.__init__ = self._kept[:2]
        managers.BaseManager.start = self._kept[2]

    def _noting(self, what: str, make: object) -> object:
        def noted(*args: object, **options: object) -> object:
            self.made.add(what)
            return make(*args, **options)

        return noted


def made_at_import(answer: ModuleType) -> bool:
    """Whether a name at the top level of the answer is a Value, an Array or a block."""
    kinds = (sharedctypes.SynchronizedBase, shared_memory.SharedMemory)
    return any(isinstance(one, kinds) or hasattr(one, "_wrapper") for one in vars(answer).values())


def _hear(event: str, args: tuple) -> None:
    if event == "mmap.__new__":
        for sharing in _open:
            sharing.made.add(MAP)
