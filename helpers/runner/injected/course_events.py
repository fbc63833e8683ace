"""Notes that a process of a supervised program writes about itself, one line for each event.

    note("start", child=7, name="Process-1")  ->  {'what': 'start', 'at': 12.3, 'pid': 5, ...}

Each process has a file of its own. A line is a Python literal, because `repr` needs no import. The
file is opened for each line, because forked children would share an open one.

On SIGUSR1, where the system has that signal, a process writes its stacks into a file. It opens that
file when it starts, because a process that hangs can't open one.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import signal
import sys
import time

TYPE_CHECKING = False  # type checkers take it as True; each import here slows every start
if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = os.environ.get("COURSE_RUN_NOTES", "")
MOST = int(os.environ.get("COURSE_RUN_PROCESSES", "64"))
DEEPEST = int(os.environ.get("COURSE_RUN_DEPTH_LIMIT", "5"))
_HIGH = 200  # descriptors of stack files start here, so that the program's own start at 3 as usual
_LINE_LIMIT = 4000
_before_exit: list[Callable[[], object]] = []
_state = {"stack": -1, "depth": 0, "threads": 1}


def note(what: str, **facts: object) -> None:
    """Append one event to this process's notes; never raises."""
    line = repr({"what": what, "at": time.monotonic(), "pid": os.getpid(), **facts})
    if len(line) < _LINE_LIMIT:
        _append(f"{os.getpid()}.notes", line.encode("utf-8", "backslashreplace") + b"\n")


def before_exit(function: Callable[[], object]) -> None:
    """Register a function that is called when this process is about to exit normally."""
    _before_exit.append(function)


def flush() -> None:
    """Call the functions of `before_exit`, each at most once in a process."""
    while _before_exit:
        with contextlib.suppress(Exception):
            _before_exit.pop()()


def begin() -> None:
    """Note that this process exists, and prepare for a request for its stacks."""
    _state["depth"] = int(os.environ.get("COURSE_RUN_DEPTH", "-1")) + 1
    os.environ["COURSE_RUN_DEPTH"] = str(_state["depth"])
    _announce("start")
    _ready_for_stacks()
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=_before_fork, after_in_child=_after_fork)


def slow_down() -> None:
    """Wait a moment in a tree that multiplies, so that the supervisor can stop it in time."""
    if _state["depth"] >= 1 and _count() > MOST:
        time.sleep(0.2)


def raise_flag(name: str) -> None:
    """Create the file `name`.flag, which the supervisor sees at its next look."""
    _append(f"{name}.flag", b"!")


def _announce(how: str) -> None:
    _append("count", b".")
    command = " ".join(sys.orig_argv) if how == "start" else ""
    note(
        "here",
        how=how,
        parent=os.getppid(),
        service=_service(command),
        depth=_state["depth"],
        threads=_state["threads"],
    )
    slow_down()


def _service(command: str) -> str:
    for name in ("resource_tracker", "forkserver"):
        if f"multiprocessing.{name}" in command:
            return name
    return ""


def _before_fork() -> None:
    slow_down()
    threading = sys.modules.get("threading")
    _state["threads"] = threading.active_count() if threading else 1


def _after_fork() -> None:
    _state["depth"] += 1
    _before_exit.clear()  # what these would note, the parent notes itself
    _ready_for_stacks()
    _announce("fork")


def _ready_for_stacks() -> None:
    path = os.path.join(FOLDER, f"{os.getpid()}.stack")  # noqa: PTH118 (pathlib loads slowly)
    old, new = _state["stack"], _high(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND))
    if hasattr(signal, "SIGUSR1"):
        faulthandler.register(signal.SIGUSR1, file=new, all_threads=True)
    else:  # Windows. After a fork such a timer would hang, but Windows has no fork.
        left = float(os.environ.get("COURSE_RUN_DEADLINE", "inf")) - time.time()
        if 0 < left < 10**6:
            faulthandler.dump_traceback_later(left, file=new)
    _state["stack"] = new
    if old >= 0:
        os.close(old)


def _high(descriptor: int) -> int:
    try:
        import fcntl

        high = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _HIGH)
    except (ImportError, OSError):
        return descriptor
    os.close(descriptor)
    return high


def _append(name: str, data: bytes) -> None:
    with contextlib.suppress(OSError):
        path = os.path.join(FOLDER, name)  # noqa: PTH118
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(file, data)
        finally:
            os.close(file)


def _count() -> int:
    try:
        return os.stat(os.path.join(FOLDER, "count")).st_size  # noqa: PTH116, PTH118
    except OSError:
        return 0
