"""What tests of running processes share: start methods to try, a trap for workers, who is alive."""

from __future__ import annotations

import _thread
import platform
import select
import signal
import socket
import sys
import sysconfig
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

import psutil

from helpers import process_control
from helpers.engines import executors
from helpers.runner import process_states

# Each way to run once: `processes` is one of the three start methods already.
DEFAULT = executors.context("processes").get_start_method()
KINDS = [engine for engine in executors.available() if engine != DEFAULT]
METHODS = [method for method in executors.START_METHODS if not executors.why_missing(method)]
PROCESS_KINDS = [engine for engine in KINDS if executors.starts_processes(engine)]
# Whether Python itself takes large blocks from glibc; later it has its own allocator.
GLIBC = (
    platform.libc_ver()[0] == "glibc"
    and sys.version_info < (3, 15)
    and not sysconfig.get_config_var("Py_GIL_DISABLED")
)
SOON = 20.0  # seconds after which a test gives up; a good machine needs a hundredth of it


class Trap:
    """A place to which `odd_workers.report_and_hang` connects, and where it hangs until let go.

    So a test knows, without a clock, how many workers are inside a task, and that they ended.
    """

    def __enter__(self) -> Trap:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(SOON)
        self.address = self._listener.getsockname()
        self._lines: list[socket.socket] = []
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.close()
        for line in self._lines:
            line.close()

    def catch(self, count: int) -> None:
        """Return when `count` more workers are inside. TimeoutError if they don't come."""
        for _ in range(count):
            line, _ = self._listener.accept()
            line.settimeout(SOON)
            assert line.recv(4) == b"here"
            self._lines.append(line)

    def all_gone(self, limit: float) -> bool:
        """Return whether all caught workers end within `limit` seconds without being let go."""
        waiting = list(self._lines)
        while waiting:
            ended, _, _ = select.select(waiting, [], [], limit)
            if not ended:
                return False
            waiting = [line for line in waiting if line not in ended]
        return True


@contextmanager
def interrupted_when_caught(trap: Trap, count: int) -> Iterator[None]:
    """Send a SIGINT to the main thread, inside the block, once `count` workers are in the trap."""

    def interrupt() -> None:
        try:
            trap.catch(count)
        finally:  # also if they don't come, so that no test waits forever
            interrupt_main_thread()

    thread = threading.Thread(target=interrupt)
    with interruptible():
        thread.start()
        try:
            yield
        finally:
            thread.join()


@contextmanager
def interruptible() -> Iterator[None]:
    """Make a SIGINT raise KeyboardInterrupt inside the block, however the tests were started.

    A shell starts what it runs in the background with the signal ignored, and Python leaves it so.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def interrupt_main_thread() -> None:
    """Send a real SIGINT to the main thread, on systems with signals to threads."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
    else:
        _thread.interrupt_main()


def alive_after(limit: float, processes: list[psutil.Process]) -> list[psutil.Process]:
    """Return the processes that still live after `limit` seconds, or [] as soon as none does.

    No event reports the end of another process's child, and psutil counts a zombie that is never
    reaped as alive. So this polls.
    """
    until = time.monotonic() + limit
    while (
        alive := [one for one in processes if process_states.is_alive(one)]
    ) and time.monotonic() < until:
        time.sleep(0.005)
    return alive


def still_running(limit: float = 2.0) -> list[str]:
    """Return descendants and non-daemon threads of this process that don't end within `limit`.

    Multiprocessing's two helper processes, the tracker and the fork server, stay as long as we do.
    """
    others = [process for process in psutil.Process().children(recursive=True) if _is_ours(process)]
    alive = alive_after(limit, others)
    threads = [one for one in threading.enumerate() if _is_a_workers(one)]
    for thread in threads:
        thread.join(limit)
    return [*map(_described, alive), *(thread.name for thread in threads if thread.is_alive())]


def _is_a_workers(thread: threading.Thread) -> bool:
    return not thread.daemon and thread is not threading.main_thread()


def _is_ours(process: psutil.Process) -> bool:
    try:
        parent = process.parent()
    except psutil.Error:
        return False
    server = _is_fork_server(process) and not (parent and _is_fork_server(parent))
    return not server and not process_control.is_tracker(process.pid)


def _is_fork_server(process: psutil.Process) -> bool:
    try:
        return any("multiprocessing.forkserver" in word for word in process.cmdline())
    except psutil.Error:
        return False


def _described(process: psutil.Process) -> str:
    try:
        return f"{process.pid}: {' '.join(process.cmdline())[:200]}"
    except psutil.Error:
        return f"{process.pid}"
