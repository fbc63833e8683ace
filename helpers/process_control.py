"""Start Pythons of the course with a mark, and kill each one with all processes below it.

    program = PythonProgram("-m", "helpers.local_servers")   start it with a mark of its own
    program.kill_tree()                                      kill all processes with that mark

Every stop, timeout and interrupt of the course uses this. Killing the children that one can list is
not enough:

    this process      list the children: 1 2 3 ................... kill 1 2 3
    a Pool's thread                 a worker has died: start 4 in its place          4 is left

A process whose parent has ended is a problem too, because no list of children contains it anymore.
So the steps are:

    find    processes by a mark in the environment, which children inherit; by descent; by group
    freeze  them all (SIGSTOP), until a search finds no new one: then none can start another
    kill    all except the resource trackers
    wait    for the trackers, which remove semaphores and shared memory when the others are gone
    unlink  semaphores that no tracker knows: a process creates a semaphore first and registers it
            afterward, so a kill between the two would leave it

The killing is always done from outside. A program that called `kill_own_tree_with_parent` starts a
second Python when its parent has ended, and that one kills the whole tree: the program's own
threads could go on starting children.

What differs by system:

    Linux    /proc shows environments, parents, the state of each thread, and which process uses
             which semaphore. We tried all of it.
    macOS    Orphans can't be adopted: one that changes its session is found by its mark only.
             psutil shows the same, except for semaphores and the states of threads. A Python that
             lacks psutil and has lost its parent can only kill its process group, which leaks them.
    Windows  There is no signal that freezes a process, so find and kill are repeated until nothing
             is found. A Python that calls `use_job_object` takes everything below it along when it
             ends, in whatever way.

Neither macOS nor Windows could be tried here. This module needs only the standard library and
imports nothing of the course, because it also runs as a program, on Pythons without any packages:

    python process_control.py MARK PID    kill process PID and everything that has MARK
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

# The environment variable with the marks. A program inside another one has the marks of both, as
# COURSE_MARKS="outer inner", so the outer one's mark finds the inner one too.
MARKS = "COURSE_MARKS"
_ROOT = str(Path(__file__).resolve().parent.parent)
_PROC = Path("/proc")
SHARED = Path("/dev/shm")  # where Linux shows shared memory and named semaphores
# The last pattern is for a semaphore that is being made: it gets its name when it is complete.
SHARED_NAMES = ("psm_*", "sem.mp-*", "sem.loky-*", "sem.??????")
# loky and joblib have their own. If it is killed, semaphores and temporary folders stay.
_TRACKERS = ("multiprocessing.resource_tracker", "loky.backend.resource_tracker")
# States of a thread that can't start a process now: stopped, traced, and waiting for a disk or (in
# vfork) for a child. A signal stops a thread in state D only when its wait is over.
_CANT_START = "TtD"
_DEAD = "ZXx"  # states of a thread or process that has ended
_FREEZE_LIMIT = 2.0  # seconds for all to stop: a process stops when it next gets a core
_KILLER_LIMIT = 10.0  # seconds in which another Python must have killed this one
_LOOK = 0.002  # seconds between looks: only a parent gets an event when a process ends
_PARENT_LOOK = 1.0  # seconds between looks at the parent
_KILL_ON_CLOSE = 0x2000  # JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
_EXTENDED = 9  # JobObjectExtendedLimitInformation
_ADOPT_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER
_JOBS: list[object] = []
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # on Windows os.kill kills for SIGTERM too


# --- starting -------------------------------------------------------------------------------------


class PythonProgram(subprocess.Popen):
    """A Python that can import this course, in its own group, with `mark` in its environment.

    `own_session` is explained in `in_own_group`. `folders` come before the course on its path, and
    `variables` go into its environment. The other arguments are those of `subprocess.Popen`.
    Leaving a `with` block waits for its end, as with Popen, unless an exception is raised in the
    block: then the tree is killed.
    """

    def __init__(
        self,
        *words: str,
        python: str = sys.executable,
        folders: Iterable[str] = (),
        variables: dict[str, str] | None = None,
        own_session: bool = True,
        **options: Any,  # noqa: ANN401 (what Popen takes)
    ) -> None:
        self.mark = new_mark()
        inherited = environment(*folders, mark=self.mark) | (variables or {})
        group = in_own_group(own_session=own_session)
        super().__init__([python, *words], env=inherited, **group, **options)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:  # Popen would wait for it, which could take forever
            self.kill_tree()
        super().__exit__(kind, error, trace)

    def kill_tree(self, *, limit: float = 5.0) -> None:
        """Kill it and everything it started, and wait for its end.

        This takes at most `limit` seconds, unless the system itself is blocked.
        """
        alive = self.poll() is None  # else another process may have its id by now
        kill_tree(self.mark, [self.pid] if alive else [], limit=limit)
        self.wait()


def environment(*folders: str, mark: str = "") -> dict[str, str]:
    """Return this process's environment, for a Python that imports this course.

    The `folders` come first on its path, then the course, then what this process has on PYTHONPATH.
    With `mark`, `find_marked` finds every process that is started with this environment, and every
    process below such a one.
    """
    there = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    path = dict.fromkeys([*folders, _ROOT, *there])
    made = {**os.environ, "PYTHONPATH": os.pathsep.join(path)}
    return made | {MARKS: with_mark(mark)} if mark else made


def new_mark() -> str:
    """Return a mark that no other program has."""
    return uuid.uuid4().hex


def with_mark(mark: str) -> str:
    """Return the value of the variable MARKS for a child: this process's marks and `mark`."""
    return f"{os.environ.get(MARKS, '')} {mark}".strip()


def in_own_group(*, own_session: bool = True) -> dict[str, Any]:
    """Return arguments for `subprocess.Popen` that put a process into a process group of its own.

    Jupyter's stop button interrupts the kernel's whole process group. A process in another group
    gets no such interrupt, so we can kill its tree in the right order.

    By default the group also has a session of its own, without our terminal. Linux divides busy
    cores among sessions first (see sched(7), "The autogroup feature"). So a process whose speed is
    compared with that of our children must stay in our session: pass own_session=False.
    """
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True} if own_session else {"process_group": 0}


# --- ending with the parent -----------------------------------------------------------------------


def exit_with_parent() -> None:
    """Make this process exit as soon as the one that started it is gone; return at once.

    A child of multiprocessing watches its parent's sentinel. A program watches its standard input,
    which must be a pipe from the parent: it is closed when the parent is gone.
    """
    threading.Thread(target=_wait_and_exit, daemon=True).start()


def _wait_and_exit() -> None:
    from multiprocessing import connection, parent_process  # a program need not have loaded it

    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
    else:
        while os.read(0, 1000):
            pass
    os._exit(1)  # sys.exit would end this thread only


def kill_own_tree() -> None:
    """Kill this process and everything that has its newest mark; never return.

    This is for a PythonProgram whose parent has died, so that nothing else calls `kill_tree`.

        parent       has died
        this Python  starts the killer, waits for its own end
        killer       freezes and kills this Python and everything with its mark, then exits

    Another Python does it because the threads of this one, such as a Pool's handler, go on starting
    processes meanwhile, and this process can't freeze itself.
    """
    if sys.platform == "win32":
        os._exit(1)  # the Job Object of `use_job_object` takes the others along
    nowhere = subprocess.DEVNULL
    # The killer must not find itself, so it has the marks of outer programs only. Whatever kills
    # one of these may kill the killer too.
    *others, mark = os.environ[MARKS].split()
    with contextlib.suppress(OSError):  # the system allows no more processes: kill the group below
        subprocess.Popen(
            [sys.executable, "-I", __file__, mark, str(os.getpid())],
            env={**os.environ, MARKS: " ".join(others)},
            stdin=nowhere,
            stdout=nowhere,
            stderr=nowhere,
            **in_own_group(),
        )
        time.sleep(_KILLER_LIMIT)
    if os.getpgrp() == os.getpid():
        os.killpg(0, _KILL)
    os._exit(1)


def adopt_orphans() -> None:
    """Make this process the parent of every descendant whose parent ends (Linux only).

    An adopted process that has ended stays until it is waited for: see `wait_for_child`.
    """
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None, use_errno=True).prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)


def wait_for_child(process: subprocess.Popen) -> int:
    """Wait for this child's end, and collect adopted processes meanwhile; return its exit code.

    Another thread must not call a method of `process` meanwhile: each of them may wait for it, too.
    """
    while sys.platform == "linux":
        try:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
            if ended is None or ended.si_pid == process.pid:
                break
            os.waitpid(ended.si_pid, 0)
        except ChildProcessError:  # a parent that ignores SIGCHLD: the system has waited for it
            break
    return process.wait()


def kill_own_tree_with_parent(parent: int, before_kill: Callable[[], object] | None = None) -> None:
    """Call `before_kill`, then kill this process and all with its newest mark, when `parent` ends.

    Return at once. On Windows do nothing: `use_job_object` does this there. On Linux, the signal
    that PR_SET_PDEATHSIG asks for would not do: it kills this process, but not those below it.
    """
    if os.name == "posix":
        threading.Thread(target=_wait_and_kill, args=(parent, before_kill), daemon=True).start()


def _wait_and_kill(parent: int, before_kill: Callable[[], object] | None) -> None:
    while os.getppid() == parent:
        time.sleep(_PARENT_LOOK)
    try:
        if before_kill:
            before_kill()
    finally:
        kill_own_tree()


def use_job_object() -> None:
    """Put this process into a Job Object, so that Windows kills all below it when it ends.

    Do nothing on other systems.
    """
    if sys.platform != "win32":
        return
    import ctypes

    kernel = ctypes.windll.kernel32
    kernel.CreateJobObjectW.restype = kernel.GetCurrentProcess.restype = ctypes.c_void_p
    job = ctypes.c_void_p(kernel.CreateJobObjectW(None, None))
    wanted = (ctypes.c_byte * (144 if sys.maxsize > 2**32 else 112))()
    # JOBOBJECT_EXTENDED_LIMIT_INFORMATION begins with two 64-bit times, then comes LimitFlags.
    ctypes.cast(wanted, ctypes.POINTER(ctypes.c_uint32))[4] = _KILL_ON_CLOSE
    kernel.SetInformationJobObject(job, _EXTENDED, wanted, ctypes.sizeof(wanted))
    kernel.AssignProcessToJobObject(job, ctypes.c_void_p(kernel.GetCurrentProcess()))
    _JOBS.append(job)  # keep the handle open: Windows closes it when this process ends


# --- killing a tree -------------------------------------------------------------------------------


def kill_tree(
    mark: str = "", roots: Iterable[int] = (), *, limit: float = 5.0, unlink: bool = True
) -> list[int]:
    """Kill the processes that have `mark`, the `roots`, and all below them; return the ids killed.

    This process is never killed. As a root it stands for what is below it. Resource trackers get
    `limit` seconds to end by themselves, so that nothing leaks, and are killed then. An interrupt
    waits until all is done, because it would leave frozen processes.

    With a mark, semaphores and shared memory that only these processes used are unlinked, unless
    `unlink` is False. Without a mark nothing is unlinked: a worker uses semaphores that belong to
    the process that kills it.

        look 1   freeze   1 2 3           kill 1 2 3   wait until they are gone
        look 2   freeze   (found: none)                the proof that none was started meanwhile
    """
    roots, until = list(roots), time.monotonic() + limit
    killed: dict[int, None] = {}
    trackers: set[int] = set()
    shared: set[tuple[int, int]] = set()
    with interrupt_held_back():
        for root in roots:
            _freeze_group(root)
        while True:
            found = _freeze_tree(mark, roots, min(until, time.monotonic() + _FREEZE_LIMIT))
            trackers |= set(filter(is_tracker, found))
            others = [pid for pid in found if pid not in trackers]
            if mark and unlink:  # ask before the kill: a dead process has nothing mapped
                shared |= shared_used_by(others)
            for pid in others:
                _send(pid, _KILL)
                killed[pid] = None
            _wait_until(lambda: not any(map(is_alive, others)), until)  # noqa: B023 - called now
            # Look again after each kill: only a look that finds nothing proves that none is left.
            if not others or time.monotonic() > until:
                break
        # A tracker ends when all processes that hold its pipe have ended. They are gone by now.
        _wait_until(lambda: not any(map(is_alive, trackers)), until)
        for pid in filter(is_tracker, trackers):
            _send(pid, _KILL)
            killed[pid] = None
        for path in unused_files(path for path in shared_files() if identity(path) in shared):
            path.unlink(missing_ok=True)
    return list(killed)


def kill_with_adopted(mark: str, spared: str, *, limit: float = 5.0) -> None:
    """Kill all processes that have `mark`, and all children of this process with what is below.

    Of the children, those that have the mark `spared` are left. This process may adopt a child of a
    process that is killed, so look again until there is none.
    """
    until = time.monotonic() + limit
    while True:
        kill_tree(mark, _children_without(spared), limit=max(0.0, until - time.monotonic()))
        if not _children_without(spared) or time.monotonic() > until:
            return


def _children_without(mark: str) -> list[int]:
    children = [pid for pid, (parent, _) in _processes().items() if parent == os.getpid()]
    return [pid for pid in children if not _has_mark(pid, mark)]


@contextmanager
def interrupt_held_back() -> Iterator[None]:
    """Hold back an interrupt during the block, and raise it at the end, however the block ends.

    The block must not be left half done, and a block that forks would lose the interrupt: Python
    drops one that arrives while it runs its after-fork hooks. In a thread other than the main one
    this does nothing, because Python interrupts only the main thread.
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


def find_marked(mark: str) -> list[int]:
    """Return the ids of the living processes whose environment has `mark`, without this one.

    The system shows the environment that a process was started with. A variable that it sets later
    shows in programs that it starts, but not in itself or in its forks.
    """
    return [pid for pid in _processes() if pid != os.getpid() and _has_mark(pid, mark)]


def find_tree(mark: str = "", roots: Iterable[int] = ()) -> list[int]:
    """Return the ids of the living processes that `kill_tree` would find, trackers included.

    They are the roots, the processes with `mark`, the members of each process group that a root
    leads, and all descendants of these. No single way finds all of them:

        the mark    misses a process that was started with an empty environment
        descent     misses a process whose parent has ended
        the group   misses a process that has changed its group or session
    """
    roots = set(roots)
    here, there = os.getpid(), _processes()
    groups = {root for root in roots if _leads_a_group(root)}
    below: dict[int, list[int]] = {}
    for pid, (parent, _) in there.items():
        below.setdefault(parent, []).append(pid)
    found: dict[int, None] = {}
    waiting = [pid for pid, (_, group) in there.items() if pid in roots or group in groups]
    waiting += [pid for pid in there if mark and pid != here and _has_mark(pid, mark)]
    asked = set(waiting)  # a process can be found in several ways
    while waiting:
        pid = waiting.pop()
        if pid != here:
            found[pid] = None
        new = [child for child in below.get(pid, ()) if child not in asked and child != here]
        asked.update(new)
        waiting += new
    return list(found)


def is_tracker(pid: int) -> bool:
    """Return whether process `pid` is a resource tracker of multiprocessing, loky or joblib."""
    return any(name in word for word in _command(pid) for name in _TRACKERS)


def _freeze_tree(mark: str, roots: list[int], until: float) -> list[int]:
    """Freeze the tree without its trackers; return the ids of all, at the latest at `until`.

    Between a look and its signals a process may start another one. So look again, until a look
    finds no new process and every thread of those found is stopped:

        look   1 2      stop 1, stop 2     meanwhile 2 starts 3
        look   1 2 3    stop 3             3 is new: it may have started another one
        look   1 2 3                       no new one, and all are stopped: none can come

    A tracker must run on (SIGCONT undoes the stop of its group), because it is to clean up.
    """
    if not hasattr(signal, "SIGSTOP"):  # Windows
        return find_tree(mark, roots)
    known: dict[int, bool] = {}  # by id, whether it is a tracker
    while True:
        there = find_tree(mark, roots)
        new = [pid for pid in there if pid not in known]
        for pid in new:
            known[pid] = is_tracker(pid)
            _send(pid, signal.SIGCONT if known[pid] else signal.SIGSTOP)
        others = [pid for pid in there if not known[pid]]
        if (not new and all(map(_is_stopped, others))) or time.monotonic() > until:
            return there
        if not new:
            time.sleep(_LOOK)


def _freeze_group(leader: int) -> None:
    """Stop all processes in the group that `leader` leads, with a single call.

    A tree that doubles again and again grows faster than it can be listed, but not faster than the
    kernel can signal a group. The group's tracker is stopped as well; `_freeze_tree` continues it.
    """
    if _leads_a_group(leader):
        with contextlib.suppress(OSError):
            os.killpg(leader, signal.SIGSTOP)


def _leads_a_group(pid: int) -> bool:
    """Return whether process `pid` leads a process group other than this process's own."""
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
    """Return the files of all shared memory and named semaphores; [] where none are shown."""
    if not SHARED.is_dir():
        return []
    return [path for name in SHARED_NAMES for path in SHARED.glob(name)]


def unused_files(paths: Iterable[Path], ignoring: Iterable[int] = ()) -> list[Path]:
    """Return the files that no living process uses, except processes with ids `ignoring`."""
    paths = list(paths)
    if not paths:  # reading the maps of every process takes long
        return []
    used = {None, *shared_used_by(set(_processes()) - set(ignoring))}  # None: gone meanwhile
    return sorted(path for path in paths if identity(path) not in used)


def identity(path: Path) -> tuple[int, int] | None:
    """Return a file's device and inode number; None if it is gone.

    A name would not do: a semaphore is created under a temporary name, and the maps of its process
    go on showing that name after it got its own.
    """
    with contextlib.suppress(OSError):
        status = path.stat()
        return status.st_dev, status.st_ino
    return None


def shared_used_by(pids: Iterable[int]) -> set[tuple[int, int]]:
    """Return the `identity` of each file of shared memory that these processes map or have open."""
    used: set[tuple[int, int]] = set()
    here = identity(SHARED)
    if here is None:  # this system does not show its shared memory
        return used
    for pid in pids:
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
    """Return whether process `pid` runs or is stopped; False for a zombie."""
    if _PROC.is_dir():
        return _state(_PROC / str(pid)) not in ("", *_DEAD)
    psutil = _psutil()
    with contextlib.suppress(Exception):  # psutil's errors, without naming it
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def _processes() -> dict[int, tuple[int, int]]:
    """Return the parent and the process group of each living process, by its id.

    The group is 0 on a system without groups. Where the system shows no processes, return {}.
    """
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
    """Return the fields of the stat file in `folder` from the state on; [] if it is gone.

    The folder is that of a process or thread. The state is followed by the ids of the parent and
    the group; see proc_pid_stat(5).
    """
    with contextlib.suppress(OSError, IndexError):  # the name in parentheses may hold a ")" too
        return (folder / "stat").read_text(errors="replace").rsplit(")", 1)[1].split()
    return []


def _state(folder: Path) -> str:
    return (_fields(folder) or [""])[0]


def _is_stopped(pid: int) -> bool:
    """Return whether no thread of the process can go on.

    The state of a process is that of its main thread only. Another thread, such as a Pool's
    handler, may be about to start a child.
    """
    if _PROC.is_dir():
        with contextlib.suppress(OSError):
            threads = list((_PROC / str(pid) / "task").iterdir())
            return all(_state(thread) in ("", *_CANT_START, *_DEAD) for thread in threads)
        return True  # gone
    psutil = _psutil()
    with contextlib.suppress(Exception):
        return psutil.Process(pid).status() in (psutil.STATUS_STOPPED, psutil.STATUS_ZOMBIE)
    return True


def _has_mark(pid: int, mark: str) -> bool:
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


def _psutil() -> Any:  # noqa: ANN401 (a module, or None)
    """Return the package psutil; None on a Python that lacks it."""
    try:
        import psutil
    except ImportError:
        return None
    return psutil


def _main() -> None:
    mark, pid = sys.argv[1], int(sys.argv[2])
    kill_tree(mark, [pid])
    if not _processes():  # not Linux, and no psutil: only its group can still be killed
        os.killpg(pid, _KILL)


if __name__ == "__main__":
    _main()
