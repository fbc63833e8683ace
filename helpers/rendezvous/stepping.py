"""Processes that take turns: each runs one instruction of its own code, then the next one does.

So what is rare by chance comes about for certain, on any machine: one process reads a shared value,
and before it writes, each of the others has read it too. Who waits for a lock lets the others go
on; who has released one lets all the others go on until they can't. Code that takes one lock for
all, from the read to the write, is right under this order as under every other.

    conduct(lines)     in the parent: gives each worker its turn, one at a time
    take_turns(line)   in a worker: from here on its own code, not Python's, goes on by turns
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from types import FrameType

from helpers.validation import bad_type

MOST = 5_000  # turns in all; then everybody goes on freely
_RAN, _WAITS, _RELEASED = b"ran", b"waits", b"released"
_GO, _GO_FREELY = b"go", b"go freely"
_HELPERS = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120 (pathlib loads slowly)
_NOT_OWN = (os.path.dirname(os.__file__), _HELPERS, "<")  # noqa: PTH120

_playing: list[_Player] = []


def conduct(lines: list[Connection], patience: float) -> None:
    """Give the worker at each line its turn until all have gone; then the lines are closed.

    It gives up, and all go on freely, when nobody can go on, or one takes longer than `patience`
    seconds for its turn.
    """
    if not isinstance(lines, list) or not all(hasattr(line, "send_bytes") for line in lines):
        raise bad_type("lines", lines, "a list of connections", "Pass a line to each worker.")
    try:
        with suppress(TimeoutError):
            _give_turns([line for line in lines if _heard(line, patience)], patience)
    finally:
        for line in lines:
            with suppress(OSError):  # said: a forked child may have a copy of our end of the line
                line.send_bytes(_GO_FREELY)
            line.close()


def _give_turns(lines: list[Connection], patience: float) -> None:
    queue, held, stuck = deque(lines), [], 0
    for _ in range(MOST):
        if stuck >= len(queue):  # nobody in the queue can go on
            queue.extend(held)
            if not held:
                return
            held, stuck = [], 0
        line = queue.popleft()
        said = _turn(line, patience)
        stuck = stuck + 1 if said == _WAITS else 0
        if said == _RELEASED:
            held.append(line)
        elif said:
            queue.append(line)


def _turn(line: Connection, patience: float) -> bytes:
    try:
        line.send_bytes(_GO)
    except OSError:
        return b""
    return _heard(line, patience)


def _heard(line: Connection, patience: float) -> bytes:
    """What the worker said at the end of its turn; nothing, if it has gone."""
    if not wait([line], patience):
        raise TimeoutError
    try:
        return line.recv_bytes()
    except (EOFError, OSError):
        return b""


def take_turns(line: Connection) -> None:
    """From here on this thread's own code goes on by turns, until it returns to Python's."""
    if not hasattr(line, "recv_bytes"):
        raise bad_type("line", line, "a connection", "Pass the one that the parent conducts.")
    own, frame = [], sys._getframe(1)
    while frame is not None:
        own += [frame] if _is_own(frame) else []
        frame = frame.f_back
    if own:
        _playing.append(_Player(line, own))
        _playing[0].begin()
    else:
        line.close()


def leave_turns() -> None:
    """From here on this process goes on freely; nothing, if it took no turns."""
    for player in list(_playing):
        player.end()


def _is_own(frame: FrameType) -> bool:
    name = frame.f_code.co_filename
    return not name.startswith(_NOT_OWN) and "site-packages" not in name


class _Player:
    """A worker's side: told by Python of each instruction and of each lock that it asks for."""

    def __init__(self, line: Connection, own: list[FrameType]) -> None:
        self._line = line
        self._own = own
        self._outermost = own[-1]
        self._released = False  # whether a lock was, since the last turn

    def begin(self) -> None:
        _follow_managers_locks(self)
        sys.setprofile(self._on_c_call)
        self._follow_all()  # 3.12 looks at it in settrace, 3.13 when it is set after that
        sys.settrace(self._on_call)
        self._follow_all()

    def end(self) -> None:
        _playing.clear()
        sys.settrace(None)
        sys.setprofile(None)
        self._line.close()

    def has_released(self) -> None:
        """A lock is free: the others shall have it before the next own instruction."""
        self._released = True

    def turn(self, said: bytes) -> bool:
        """End this turn, and wait for the next one. False: there are no turns any more."""
        if not self._line.closed:
            with suppress(EOFError, OSError):
                self._line.send_bytes(said)
                if self._line.recv_bytes() == _GO:
                    return True
            self.end()
        return False

    def _follow_all(self) -> None:
        for frame in self._own:
            self._follow(frame)

    def _follow(self, frame: FrameType) -> Callable:
        frame.f_trace, frame.f_trace_lines = self._on_event, False
        frame.f_trace_opcodes = False  # what is on already, 3.13 and later do not switch on again
        frame.f_trace_opcodes = True
        return self._on_event

    def _on_call(self, frame: FrameType, event: str, arg: object) -> Callable | None:
        return self._follow(frame) if _is_own(frame) else None

    def _on_event(self, frame: FrameType, event: str, arg: object) -> Callable | None:
        if event == "opcode":
            said, self._released = _RELEASED if self._released else _RAN, False
            self.turn(said)
        elif event == "return" and frame is self._outermost:
            self.end()
        return self._on_event

    def _on_c_call(self, frame: FrameType, event: str, arg: object) -> None:
        lock = getattr(arg, "__self__", None)
        if type(lock).__name__ != "SemLock" or frame.f_code.co_qualname == "Condition.notify":
            return  # notify() asks for locks that it does not wait for
        if event == "c_call" and arg.__name__ in ("acquire", "__enter__"):
            while lock._is_zero() and not _may_enter_again(lock) and self.turn(_WAITS):
                pass
        if event == "c_return" and arg.__name__ in ("release", "__exit__") and not lock._is_mine():
            self.has_released()


def _may_enter_again(lock: object) -> bool:
    return lock.kind == 0 and lock._is_mine()  # 0: an RLock's


def _follow_managers_locks(player: _Player) -> None:
    """A manager's lock is asked in another process: see first whether it would be given."""
    managers = sys.modules.get("multiprocessing.managers")
    if managers is None:
        return
    call = managers.BaseProxy._callmethod

    def by_turns(self: object, method: str, args: tuple = (), kwds: dict | None = None) -> object:
        if method == "acquire":
            while not call(self, "acquire", (False,)):
                if not player.turn(_WAITS):
                    break
            else:
                return True
        result = call(self, method, args, kwds or {})
        if method == "release":
            player.has_released()
        return result

    managers.BaseProxy._callmethod = by_turns
