"""Run processes in turns, one instruction at a time, so that a race happens in every run.

A process executes one instruction of the learner's code, then the next process does. So when one
process has read a shared value, each of the others reads it too before the first one writes.

    total += 1 in A:   load         add         store             total = 1
    total += 1 in B:         load         add         store       total = 1: one addition is lost

A process that would wait for a lock gives up its turn. A process that has released a lock gets no
turn until all the others wait or have ended. So code that holds one lock from the read to the write
gives the right result in this order too, as in every other order.

    conduct(connections)     in the parent: gives each worker its turn, one at a time
    take_turns(connection)   in a worker: from here on, its own code runs in turns

One turn, as messages on the worker's connection:

    parent    go ------------->                   go ------------->
    worker           one instruction    ran --->        would block    waits --->

    ran        put the worker at the end of the queue
    waits      the same; when all in the queue wait, nothing more can happen in turns
    released   hold the worker back, until all in the queue wait or have ended
    (closed)   the worker's outermost function has returned, or the worker has died
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from types import FrameType

MAX_TURNS = 5_000  # in all; after that, every worker goes on freely
# What a worker says at the end of a turn, and what the parent answers.
_RAN, _WAITS, _RELEASED = b"ran", b"waits", b"released"
_GO, _GO_FREELY = b"go", b"go freely"
_HELPERS = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120 (pathlib loads slowly)
# Code in these folders is not the learner's: the standard library, the course, "<frozen ...>".
_NOT_OWN_FOLDERS = (os.path.dirname(os.__file__), _HELPERS, "<")  # noqa: PTH120

_steppers: list[_Stepper] = []  # this process's stepper, if it takes turns


def conduct(connections: list[Connection], patience: float) -> None:
    """Give the worker at each connection its turn until all have ended; close the connections.

    Let every worker go on freely when all of them wait, after MAX_TURNS turns, or when a turn takes
    longer than `patience` seconds.
    """
    try:
        with suppress(TimeoutError):
            ready = [each for each in connections if _receive(each, patience)]
            _give_turns(ready, patience)
    finally:
        for connection in connections:
            # Closing alone may not reach the worker: a forked child can hold a copy of our end.
            with suppress(OSError):
                connection.send_bytes(_GO_FREELY)
            connection.close()


def _give_turns(connections: list[Connection], patience: float) -> None:
    """Give turns in a circle until all workers have ended, all wait, or MAX_TURNS are over."""
    queue: deque[Connection] = deque(connections)
    held_back: list[Connection] = []  # workers that released a lock: the others go first
    waits_in_a_row = 0
    for _ in range(MAX_TURNS):
        if waits_in_a_row >= len(queue):  # no worker in the queue can go on
            if not held_back:
                return
            queue.extend(held_back)
            held_back, waits_in_a_row = [], 0
        connection = queue.popleft()
        said = _give_turn(connection, patience)
        waits_in_a_row = waits_in_a_row + 1 if said == _WAITS else 0
        if said == _RELEASED:
            held_back.append(connection)
        elif said:
            queue.append(connection)


def _give_turn(connection: Connection, patience: float) -> bytes:
    """Let the worker run one instruction; return what it says after it, b"" if it has ended."""
    try:
        connection.send_bytes(_GO)
    except OSError:
        return b""
    return _receive(connection, patience)


def _receive(connection: Connection, patience: float) -> bytes:
    """Return what the worker says at the end of its turn, b"" if it has ended.

    Raise TimeoutError if it says nothing for `patience` seconds.
    """
    if not wait([connection], patience):
        raise TimeoutError
    try:
        return connection.recv_bytes()
    except (EOFError, OSError):
        return b""


def take_turns(connection: Connection) -> None:
    """Run this thread's own code in turns from here on, until its outermost function returns."""
    own_frames = _own_frames(sys._getframe(1))
    if own_frames:
        stepper = _Stepper(connection, own_frames)
        _steppers.append(stepper)
        stepper.begin()
    else:
        connection.close()


def _own_frames(frame: FrameType | None) -> list[FrameType]:
    """Return the frames of the learner's code from this one up to the start of this process.

    Above that start, a forked child has the frames of its parent. They never return here.
    """
    found: list[FrameType] = []
    while frame is not None and (_is_own_code(frame) or frame.f_code.co_name != "_bootstrap"):
        if _is_own_code(frame):
            found.append(frame)
        frame = frame.f_back
    return found


def leave_turns() -> None:
    """Let this process go on freely; do nothing if it takes no turns."""
    for stepper in list(_steppers):
        stepper.end()


def _is_own_code(frame: FrameType) -> bool:
    """Return whether the frame runs the learner's code, and no library's or the course's."""
    name = frame.f_code.co_filename
    return not name.startswith(_NOT_OWN_FOLDERS) and "site-packages" not in name


class _Stepper:
    """The worker's side: it ends a turn before each instruction and before each wait for a lock.

    Python calls it through two hooks. `sys.settrace` reports each instruction of the learner's
    frames. `sys.setprofile` reports calls of C functions, and acquiring a lock of multiprocessing
    is one: that happens in the standard library's frames, which are not traced.
    """

    def __init__(self, connection: Connection, own_frames: list[FrameType]) -> None:
        self._connection = connection
        self._own_frames = own_frames
        self._outermost = own_frames[-1]
        self._released = False  # whether this worker released a lock since its last turn

    def begin(self) -> None:
        """Install both hooks, and trace the frames that run already."""
        _watch_manager_locks(self)
        sys.setprofile(self._on_c_call)
        # Frames that run already need f_trace set. Python 3.12 reads f_trace_opcodes when settrace
        # is called, 3.13 when the attribute is set after that: so set it before and after.
        self._trace_own_frames()
        sys.settrace(self._on_call)
        self._trace_own_frames()

    def end(self) -> None:
        """Remove the hooks and close the connection: from here on the worker runs freely."""
        _steppers.clear()
        sys.settrace(None)
        sys.setprofile(None)
        self._connection.close()

    def note_release(self) -> None:
        """Note that a lock is free: the others get it before the next instruction of own code."""
        self._released = True

    def end_turn(self, said: bytes) -> bool:
        """End this turn and wait for the next one; return False if there are no turns anymore."""
        if not self._connection.closed:
            with suppress(EOFError, OSError):
                self._connection.send_bytes(said)
                if self._connection.recv_bytes() == _GO:
                    return True
            self.end()
        return False

    def _trace_own_frames(self) -> None:
        for frame in self._own_frames:
            self._trace_frame(frame)

    def _trace_frame(self, frame: FrameType) -> Callable:
        """Ask for an event before each instruction of this frame, and for none at its lines."""
        frame.f_trace, frame.f_trace_lines = self._on_event, False
        # From 3.13 on, only a change from False to True switches the events on.
        frame.f_trace_opcodes = False
        frame.f_trace_opcodes = True
        return self._on_event

    def _on_call(self, frame: FrameType, event: str, arg: object) -> Callable | None:
        """Trace the called function if it is the learner's (Python calls this for each call)."""
        return self._trace_frame(frame) if _is_own_code(frame) else None

    def _on_event(self, frame: FrameType, event: str, arg: object) -> Callable | None:
        """End the turn before an instruction; end all turns when the outermost function returns."""
        if event == "opcode":
            said, self._released = _RELEASED if self._released else _RAN, False
            self.end_turn(said)
        elif event == "return" and frame is self._outermost:
            self.end()
        return self._on_event

    def _on_c_call(self, frame: FrameType, event: str, arg: object) -> None:
        """Give up turns while acquiring a lock would block, and note when a lock is released.

        `arg` is the C function. If it belongs to a SemLock (every Lock, RLock, Semaphore, Condition
        and Event of multiprocessing has one), look at the semaphore before the call:

            acquire, free             go on: the call returns at once
            acquire, held elsewhere   say "waits" and look again at the next turn. A process that
                                      blocked here would keep its turn, and no other could go on
            release                   note it, so that the others can take the lock first
        """
        lock = getattr(arg, "__self__", None)
        if type(lock).__name__ != "SemLock":
            return
        if frame.f_code.co_qualname == "Condition.notify":
            return  # it acquires with block=False, so it does not wait
        if event == "c_call" and arg.__name__ in ("acquire", "__enter__"):
            while lock._is_zero() and not _is_held_rlock(lock) and self.end_turn(_WAITS):
                pass
        # An RLock that was acquired twice is still this process's after the first release.
        if event == "c_return" and arg.__name__ in ("release", "__exit__") and not lock._is_mine():
            self.note_release()


def _is_held_rlock(lock: object) -> bool:
    """Return whether it is an RLock that this thread holds, and so may acquire again."""
    return lock.kind == 0 and lock._is_mine()  # kind 0 is SemLock's recursive mutex


def _watch_manager_locks(stepper: _Stepper) -> None:
    """Make a manager's locks give up turns too.

    Such a lock is acquired in the manager's process, out of reach of the hooks. So replace the
    method that all proxies call: try to acquire without blocking, and give up the turn if it fails.
    """
    managers = sys.modules.get("multiprocessing.managers")
    if managers is None:  # then this process has no proxy
        return
    original = managers.BaseProxy._callmethod

    def call_in_turns(
        self: object, method: str, args: tuple = (), kwds: dict | None = None
    ) -> object:
        if method == "acquire":
            while not original(self, "acquire", (False,)):
                if not stepper.end_turn(_WAITS):
                    break  # no turns anymore: block as usual, below
            else:
                return True
        result = original(self, method, args, kwds or {})
        if method == "release":
            stepper.note_release()
        return result

    managers.BaseProxy._callmethod = call_in_turns
