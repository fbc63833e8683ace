"""Channels to one other worker, all with the same methods: send a message, get its last byte back.

    with open_channels(names, largest, context) as opened:
        opened["pipe"].exchange(b"...x") == ord("x")

The answer proves that the whole message arrived. It comes back through a channel of the same kind.
"""

from __future__ import annotations

import queue
import struct
import threading
from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing import connection
from multiprocessing.context import DefaultContext
from multiprocessing.queues import Queue as ProcessQueue
from multiprocessing.shared_memory import SharedMemory
from multiprocessing.synchronize import Semaphore

from helpers.workers import channels

_LIMIT = 60.0  # seconds to wait for an answer


class NoAnswer(RuntimeError):
    """A missing or wrong answer: the other side died, or took too long."""


class Channel:
    """A channel to a worker. `open_channels` creates it, and ends the worker."""

    def prepare(self, message: bytes) -> None:
        """Put the message in place, if the channel is one in which messages stay."""

    @abstractmethod
    def exchange(self, message: bytes) -> int:
        """Send the message and return the answer, its last byte. Raise NoAnswer if none comes."""


@contextmanager
def open_channels(
    names: Sequence[str], largest: int, context: DefaultContext
) -> Iterator[dict[str, Channel]]:
    """Open a Channel for each name, for messages of up to `largest` bytes; yield them by name.

    The processes are started from `context`. At the end of the block they have ended, and shared
    memory is removed.
    """
    with ExitStack() as stack:
        shared = None
        opened: dict[str, Channel] = {}
        for name in names:
            if name in (IN_PLACE, COPIED):
                shared = shared or stack.enter_context(_shared(largest, context))
                opened[name] = shared if name == IN_PLACE else _Copied(shared)
            else:
                opened[name] = stack.enter_context(_KINDS[name](context))
        yield opened


class _Queues(Channel):
    """Two queues of the same kind: of threads, of processes or of a manager."""

    def __init__(self, there: queue.Queue | ProcessQueue, back: queue.Queue | ProcessQueue) -> None:
        self._there, self._back = there, back

    def exchange(self, message: bytes) -> int:
        self._there.put(message)
        try:
            return self._back.get(timeout=_LIMIT)
        except queue.Empty:
            raise NoAnswer("The other side of the queue does not answer.") from None


class _Pipe(Channel):
    def __init__(self, end: connection.Connection) -> None:
        self._end = end

    def exchange(self, message: bytes) -> int:
        try:
            self._end.send(message)
            return self._end.recv()  # our copy of the other end is closed, so a death shows
        except (EOFError, OSError):
            raise NoAnswer("The other side of the pipe has ended.") from None


class _InPlace(Channel):
    """A message that stays in shared memory; each exchange changes one byte of it."""

    def __init__(self, block: SharedMemory, there: Semaphore, back: Semaphore) -> None:
        self.block, self._there, self._back = block, there, back

    def prepare(self, message: bytes) -> None:
        channels.bytes_of(self.block)[channels.HEAD : channels.HEAD + len(message)] = message

    def exchange(self, message: bytes) -> int:
        size, buffer = len(message), channels.bytes_of(self.block)
        struct.pack_into("<Q", buffer, 0, size)
        buffer[channels.HEAD + size - 1] = message[-1]
        self._there.release()
        if not self._back.acquire(timeout=_LIMIT):
            raise NoAnswer("The other side of the shared memory does not answer.")
        return buffer[channels.ANSWER]


class _Copied(Channel):
    """A message that each exchange copies into shared memory."""

    def __init__(self, shared: _InPlace) -> None:
        self._shared = shared

    def exchange(self, message: bytes) -> int:
        self._shared.prepare(message)
        return self._shared.exchange(message)


@contextmanager
def _thread_queue(_: DefaultContext) -> Iterator[Channel]:
    there: queue.Queue = queue.Queue()
    back: queue.Queue = queue.Queue()
    thread = threading.Thread(target=channels.answer, args=(there.get, back.put), daemon=True)
    thread.start()
    try:
        yield _Queues(there, back)
    finally:
        there.put(None)
        thread.join()


@contextmanager
def _process_queue(context: DefaultContext) -> Iterator[Channel]:
    there, back = context.Queue(), context.Queue()
    with _child(context, channels.answer_by_queue, (there, back), lambda: there.put(None)):
        yield _Queues(there, back)
    for one in (there, back):
        one.close()
        one.cancel_join_thread()


@contextmanager
def _pipe(context: DefaultContext) -> Iterator[Channel]:
    ours, theirs = context.Pipe()
    with ours, _child(context, channels.answer_by_pipe, (theirs,), lambda: ours.send(None)):
        theirs.close()
        yield _Pipe(ours)


@contextmanager
def _manager(context: DefaultContext) -> Iterator[Channel]:
    with context.Manager() as manager:
        there, back = manager.Queue(), manager.Queue()
        with _child(context, channels.answer_by_queue, (there, back), lambda: there.put(None)):
            yield _Queues(there, back)


@contextmanager
def _shared(largest: int, context: DefaultContext) -> Iterator[_InPlace]:
    block = SharedMemory(create=True, size=channels.HEAD + largest)
    there, back = context.Semaphore(0), context.Semaphore(0)

    def say_end() -> None:
        struct.pack_into("<Q", channels.bytes_of(block), 0, 0)
        there.release()

    try:
        with _child(context, channels.answer_in_place, (block.name, there, back), say_end):
            yield _InPlace(block, there, back)
    finally:
        block.close()
        block.unlink()


@contextmanager
def _child(
    context: DefaultContext, target: Callable, args: tuple, say_end: Callable[[], None]
) -> Iterator[None]:
    """Start a child that answers. After the block ask it to end; after an exception kill it."""
    child = context.Process(target=target, args=args, daemon=True)
    child.start()
    try:
        yield
        say_end()
        child.join(2)
    finally:
        if child.is_alive():
            child.kill()
        child.join()
        child.close()


IN_PLACE, COPIED = "shared memory", "shared memory, copied in"
_KINDS = {
    "thread queue": _thread_queue,
    "process queue": _process_queue,
    "pipe": _pipe,
    "manager": _manager,
}
NAMES = ("thread queue", "process queue", "pipe", IN_PLACE, COPIED, "manager")
