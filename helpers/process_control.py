"""Start Pythons of the course, mark what they start, and end each with everything below it.

    program = PythonProgram("-m", "helpers.local_servers")   started with a mark of its own
    program.end()                                            ends all processes with that mark

Every stop, timeout and interrupt of the course uses this. To kill the children that one can list is
not enough: a Pool's own thread replaces each worker that dies, and a process whose parent has ended
is no longer in any list of children. The steps are:

    find    processes by a mark in the environment, which children inherit; by descent; by group
    freeze  them, until a search finds no new one and all are stopped: then none can start another
    kill    all but the resource trackers
    wait    for the trackers, which remove semaphores and shared memory when the others are gone
    unlink  semaphores that no tracker knows: a process creates a semaphore first and registers it
            afterward, so a kill between the two would leave it

The killing is always done from outside. If the parent of a process died, that process starts a
second Python, which ends the whole tree: its own threads could go on starting children.

What differs by system:

    Linux    /proc shows environments, parents, the state of each thread, and which process uses
             which semaphore. Tried in full.
    macOS    psutil shows the same, the state of the process only, and no semaphores. A Python that
             lacks psutil and has lost its parent can only kill its process group: that leaks them.
    Windows  nothing can be frozen; looks and kills are repeated until nothing is found. A Python
             that calls `die_together` takes everything below it along, however it is ended.

Neither macOS nor Windows could be tried here. Standard library only, and nothing of this course is
imported: it also runs as a program of its own, on Pythons that have nothing installed.

    python process_control.py MARK PID    end process PID and everything that bears MARK
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

MARKS = "COURSE_MARKS"  # the environment variable; marks of outer programs stay in it
_ROOT = str(Path(__file__).resolve().parent.parent)
_PROC = Path("/proc")
SHARED = Path("/dev/shm")  # where Linux shows shared memory and named semaphores
# The last is what a semaphore is called until it is complete and gets its name.
SHARED_NAMES = ("psm_*", "sem.mp-*", "sem.loky-*", "sem.??????")
# loky and joblib have one of their own, and would leave semaphores and folders without it.
_TRACKERS = ("multiprocessing.resource_tracker", "loky.backend.resource_tracker")
_STOPPED = "TtD"  # states of a thread that starts nothing now; D: it waits for a disk or a child
_DEAD = "ZXx"
_FREEZING = 2.0  # seconds for all to stop: on a busy machine each must first get its turn
_ENDER = 10.0  # seconds in which another Python must have ended this one
_LOOK = 0.002  # seconds between looks: no event tells of the end of somebody else's child
_KILL_ON_CLOSE = 0x2000  # JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
_EXTENDED = 9  # JobObjectExtendedLimitInformation
_JOBS: list[object] = []
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # on Windows os.kill ends it in any case


# --- starting -------------------------------------------------------------------------------------


class PythonProgram(subprocess.Popen):
    """A Python that can import this course, in a session of its own; `mark` is in its environment.

    `folders` come before the course on its path, `variables` into its environment. What else is
    given goes to `subprocess.Popen`.
    """

    def __init__(
        self,
        *words: str,
        python: str = sys.executable,
        folders: Iterable[str] = (),
        variables: dict[str, str] | None = None,
        **options: object,
    ) -> None:
        self.mark = new_mark()
        inherited = environment(*folders, mark=self.mark) | (variables or {})
        super().__init__([python, *words], env=inherited, **apart(), **options)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:  # to wait for it, as Popen does, could take forever
            self.end()
        super().__exit__(kind, error, trace)

    def end(self, *, limit: float = 5.0) -> None:
        """End it and everything it started, within `limit` seconds if the system lets us."""
        alive = self.poll() is None  # else its id may be somebody else's by now
        end(self.mark, [self.pid] if alive else [], limit=limit)
        self.wait()


def environment(*folders: str, mark: str = "") -> dict[str, str]:
    """Return this process's environment, for a Python that imports this course.

    The `folders` come first on its path, then the course, then what is there already. With `mark`,
    everything that is started with this environment, or by what is, can be found by it.
    """
    there = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    path = dict.fromkeys([*folders, _ROOT, *there])
    made = {**os.environ, "PYTHONPATH": os.pathsep.join(path)}
    return made | {MARKS: with_mark(mark)} if mark else made


def new_mark() -> str:
    """Return a mark that no other program has."""
    return uuid.uuid4().hex


def with_mark(mark: str) -> str:
    """Return the value of the variable MARKS that has `mark` beside those of this process."""
    return f"{os.environ.get(MARKS, '')} {mark}".strip()


def apart() -> dict[str, Any]:
    """Return arguments for `subprocess.Popen` that keep a process out of our group.

    Jupyter's stop button interrupts the kernel's whole process group; what runs apart is ended by
    us, in order, instead.
    """
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


# --- ending with the parent -----------------------------------------------------------------------


def end_with_parent() -> None:
    """End this process as soon as the one that started it is gone; returns at once.

    A child of multiprocessing sees it by its parent's sentinel. A program sees it by the end of its
    standard input, which must be a pipe from the parent.
    """
    threading.Thread(target=_wait_for_the_end_of_the_parent, daemon=True).start()


def _wait_for_the_end_of_the_parent() -> None:
    from multiprocessing import connection, parent_process  # a program need not have loaded it

    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
    else:
        while os.read(0, 1000):
            pass
    os._exit(1)


def end_own_family() -> None:
    """End this process and everything that bears its newest mark, from outside; does not return.

    For a PythonProgram whose parent has died, so that nothing else can call its `end`.

    Another Python does it: the threads of this one go on starting processes meanwhile, a Pool's
    handler does, and nothing in here could tell which one is the last.
    """
    if sys.platform == "win32":
        os._exit(1)  # the Job Object of `die_together` takes the others along
    nowhere = subprocess.DEVNULL
    # It bears the marks of outer programs only: those that end these may end it, too.
    *others, mark = os.environ[MARKS].split()
    with contextlib.suppress(OSError):  # no room for one more process: then without order
        subprocess.Popen(
            [sys.executable, "-I", __file__, mark, str(os.getpid())],
            env={**os.environ, MARKS: " ".join(others)},
            stdin=nowhere,
            stdout=nowhere,
            stderr=nowhere,
            **apart(),
        )
        time.sleep(_ENDER)
    if os.getpgrp() == os.getpid():
        os.killpg(0, _KILL)
    os._exit(1)


def die_together() -> None:
    """Put this process into a Job Object, so that all below it end with it (Windows)."""
    if sys.platform != "win32":
        return
    import ctypes

    kernel = ctypes.windll.kernel32
    kernel.CreateJobObjectW.restype = kernel.GetCurrentProcess.restype = ctypes.c_void_p
    job = ctypes.c_void_p(kernel.CreateJobObjectW(None, None))
    wanted = (ctypes.c_byte * (144 if sys.maxsize > 2**32 else 112))()
    # LimitFlags follows two 64-bit times in the structure, on both kinds of machine.
    ctypes.cast(wanted, ctypes.POINTER(ctypes.c_uint32))[4] = _KILL_ON_CLOSE
    kernel.SetInformationJobObject(job, _EXTENDED, wanted, ctypes.sizeof(wanted))
    kernel.AssignProcessToJobObject(job, ctypes.c_void_p(kernel.GetCurrentProcess()))
    _JOBS.append(job)  # never closed: so it ends with this process


# --- ending a family ------------------------------------------------------------------------------


def end(
    mark: str = "", roots: Iterable[int] = (), *, limit: float = 5.0, unlink: bool = True
) -> list[int]:
    """Kill what bears `mark`, the `roots` and all below any of these; return the killed ones' ids.

    This process is never among them; as a root it stands for what is below it. Resource trackers
    are left to end by themselves, so that nothing leaks; one that has not done so when `limit`
    seconds are over is killed too. An interrupt waits until all is done: it would leave processes
    that are frozen.

    With a mark, semaphores and shared memory that only these used are unlinked, unless `unlink` is
    False. Without one they are left alone: workers use what belongs to the process that ends them.
    """
    roots, until = list(roots), time.monotonic() + limit
    killed: dict[int, None] = {}
    trackers: set[int] = set()
    shared: set[tuple[int, int]] = set()
    with interrupt_held_back():
        for root in roots:
            _stop_group(root)
        while True:
            found = _frozen(mark, roots, min(until, time.monotonic() + _FREEZING))
            trackers |= set(filter(is_tracker, found))
            others = [pid for pid in found if pid not in trackers]
            if mark and unlink:
                shared |= shared_used_by(others)
            for pid in others:
                _send(pid, _KILL)
                killed[pid] = None
            _wait_until(lambda: not any(map(is_alive, others)), until)  # noqa: B023 - called now
            # A last look, after all have gone, proves that none was started on the way.
            if not others or time.monotonic() > until:
                break
        _wait_until(lambda: not any(map(is_alive, trackers)), until)
        for pid in filter(is_tracker, trackers):
            _send(pid, _KILL)
            killed[pid] = None
        for path in unused(path for path in shared_files() if identity(path) in shared):
            path.unlink(missing_ok=True)
    return list(killed)


@contextmanager
def interrupt_held_back() -> Iterator[None]:
    """Hold back an interrupt during the block, and raise it at the end, however the block ends.

    Python drops an interrupt that arrives while it runs its after-fork hooks. Only the main thread
    is ever interrupted.
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return
    kept: list[tuple] = []
    signal.signal(signal.SIGINT, lambda *given: kept.append(given))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if kept:
            before(*kept[0])


def bearers(mark: str) -> list[int]:
    """Return the ids of the living processes whose environment has `mark`, this one apart.

    A process has the environment that it was started with: what it sets later is seen in those
    that it starts, and not in itself or its forks.
    """
    return [pid for pid in _processes() if pid != os.getpid() and _bears(pid, mark)]


def family(mark: str = "", roots: Iterable[int] = ()) -> list[int]:
    """Return the ids of the living processes that `end` would end, trackers included.

    A root that leads a process group of its own stands for the whole group.
    """
    roots = set(roots)
    here, there = os.getpid(), _processes()
    groups = {root for root in roots if _leads_a_group(root)}
    below: dict[int, list[int]] = {}
    for pid, (parent, _) in there.items():
        below.setdefault(parent, []).append(pid)
    found: dict[int, None] = {}
    waiting = [pid for pid, (_, group) in there.items() if pid in roots or group in groups]
    waiting += [pid for pid in there if mark and pid != here and _bears(pid, mark)]
    asked = set(waiting)
    while waiting:
        pid = waiting.pop()
        if pid != here:
            found[pid] = None
        new = [child for child in below.get(pid, ()) if child not in asked and child != here]
        asked.update(new)
        waiting += new
    return list(found)


def is_tracker(pid: int) -> bool:
    """Return whether it is a resource tracker of multiprocessing, loky or joblib."""
    return is_trackers_command(_command(pid))


def is_trackers_command(words: Iterable[str]) -> bool:
    """Return whether a process with this command line is a resource tracker."""
    return any(name in word for word in words for name in _TRACKERS)


def _frozen(mark: str, roots: list[int], until: float) -> list[int]:
    """Return the family, when all of it but the trackers is stopped, or the time is over.

    Between a look and its signals a process may start another one. So this looks again until there
    is nothing new and all threads of all that were there stand still.
    """
    if not hasattr(signal, "SIGSTOP"):
        return family(mark, roots)
    known: dict[int, bool] = {}  # by id, whether it is a tracker
    while True:
        there = family(mark, roots)
        new = [pid for pid in there if pid not in known]
        for pid in new:
            known[pid] = is_tracker(pid)
            _send(pid, signal.SIGCONT if known[pid] else signal.SIGSTOP)
        others = [pid for pid in there if not known[pid]]
        if (not new and all(map(_is_stopped, others))) or time.monotonic() > until:
            return there
        if not new:
            time.sleep(_LOOK)


def _stop_group(leader: int) -> None:
    """Stop at one stroke all in the group that `leader` leads: a tree that doubles outgrows looks.

    Its tracker is stopped as well; `_frozen` lets it go on.
    """
    if _leads_a_group(leader):
        with contextlib.suppress(OSError):
            os.killpg(leader, signal.SIGSTOP)


def _leads_a_group(pid: int) -> bool:
    """Whether it leads a process group, and not ours."""
    with contextlib.suppress(OSError, AttributeError):  # Windows has no such groups
        return os.getpgid(pid) == pid != os.getpgrp()
    return False


def _send(pid: int, number: int) -> None:
    with contextlib.suppress(OSError):  # it has ended meanwhile
        os.kill(pid, number)


def _wait_until(done: Callable[[], bool], until: float) -> None:
    while not done() and time.monotonic() < until:
        time.sleep(_LOOK)


# --- semaphores and shared memory, where the system shows them (Linux) ----------------------------


def shared_files() -> list[Path]:
    """Return the files of the shared memory and the named semaphores that there are."""
    if not SHARED.is_dir():
        return []
    return [path for name in SHARED_NAMES for path in SHARED.glob(name)]


def unused(paths: Iterable[Path], but_by: Iterable[int] = ()) -> list[Path]:
    """Return those of the files that no living process uses, but those with the ids `but_by`."""
    paths = list(paths)
    if not paths:  # asking every process takes long
        return []
    used = {None, *shared_used_by(set(_processes()) - set(but_by))}  # None: gone meanwhile
    return sorted(path for path in paths if identity(path) not in used)


def identity(path: Path) -> tuple[int, int] | None:
    """Return a file's device and number; None if it is gone.

    Not its name: a semaphore is made under another name than it has later, and stays mapped so.
    """
    with contextlib.suppress(OSError):
        status = path.stat()
        return status.st_dev, status.st_ino
    return None


def shared_used_by(pids: Iterable[int]) -> set[tuple[int, int]]:
    """Return the identities of the shared memory that these have mapped, or open."""
    used: set[tuple[int, int]] = set()
    here = identity(SHARED)
    for pid in pids if here else ():
        folder = _PROC / str(pid)
        with contextlib.suppress(OSError):  # it has ended, or is another user's
            for line in (folder / "maps").read_text(errors="replace").splitlines():
                if "/shm/" in line:
                    device, number = line.split()[3:5]
                    major, minor = (int(part, 16) for part in device.split(":"))
                    used.add((os.makedev(major, minor), int(number)))
            for entry in (folder / "fd").iterdir():
                found = identity(entry)
                if found and found[0] == here[0]:
                    used.add(found)
    return used


# --- what each system shows -----------------------------------------------------------------------


def is_alive(pid: int) -> bool:
    """Return whether process `pid` runs or is stopped; a zombie does not."""
    if _PROC.is_dir():
        return _state(_PROC / str(pid)) not in ("", *_DEAD)
    psutil = _psutil()
    with contextlib.suppress(Exception):  # psutil's errors, without naming it
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def _processes() -> dict[int, tuple[int, int]]:
    """The living processes, each with its parent and its group, 0 where there are none."""
    found: dict[int, tuple[int, int]] = {}
    if _PROC.is_dir():
        for entry in os.scandir(_PROC):
            fields = _fields(_PROC / entry.name) if entry.name.isdigit() else []
            if fields and fields[0] not in _DEAD:
                found[int(entry.name)] = int(fields[1]), int(fields[2])
        return found
    psutil = _psutil()
    for process in psutil.process_iter() if psutil else ():
        with contextlib.suppress(psutil.Error, OSError):
            if process.status() != psutil.STATUS_ZOMBIE:
                group = os.getpgid(process.pid) if hasattr(os, "getpgid") else 0
                found[process.pid] = process.ppid(), group
    return found


def _fields(folder: Path) -> list[str]:
    """What the system says of a process or thread, from its state on; nothing if it is gone."""
    with contextlib.suppress(OSError, IndexError):
        return (folder / "stat").read_text(errors="replace").rsplit(")", 1)[1].split()
    return []


def _state(folder: Path) -> str:
    return (_fields(folder) or [""])[0]


def _is_stopped(pid: int) -> bool:
    """Whether no thread of it can go on. The state of a process is that of its first thread only:
    another one, a Pool's handler, may be about to start a child."""
    if _PROC.is_dir():
        with contextlib.suppress(OSError):
            threads = list((_PROC / str(pid) / "task").iterdir())
            return all(_state(thread) in ("", *_STOPPED, *_DEAD) for thread in threads)
        return True  # gone
    psutil = _psutil()
    with contextlib.suppress(Exception):
        return psutil.Process(pid).status() in (psutil.STATUS_STOPPED, psutil.STATUS_ZOMBIE)
    return True


def _bears(pid: int, mark: str) -> bool:
    if _PROC.is_dir():
        with contextlib.suppress(OSError):  # gone, or another user's
            text = (_PROC / str(pid) / "environ").read_bytes()
            start, wanted = f"{MARKS}=".encode(), mark.encode()
            return wanted in text and any(
                wanted in line[len(start) :].split()
                for line in text.split(b"\0")
                if line.startswith(start)
            )
        return False
    psutil = _psutil()
    with contextlib.suppress(Exception):
        return mark in psutil.Process(pid).environ().get(MARKS, "").split()
    return False


def _command(pid: int) -> list[str]:
    if _PROC.is_dir():
        with contextlib.suppress(OSError):
            return (_PROC / str(pid) / "cmdline").read_text(errors="replace").split("\0")
        return []
    psutil = _psutil()
    with contextlib.suppress(Exception):
        return psutil.Process(pid).cmdline()
    return []


def _psutil() -> object:
    """The package psutil; None on a Python that lacks it."""
    try:
        import psutil
    except ImportError:
        return None
    return psutil


def _main() -> None:
    mark, pid = sys.argv[1], int(sys.argv[2])
    end(mark, [pid])
    if not _processes():  # a system that shows nothing
        os.killpg(pid, _KILL)


if __name__ == "__main__":
    _main()
