"""What a notebook leaves behind: processes, shared memory, temporary files, files in the course.

    watch = Watch.begin(root, folder, scratch)      before the kernel starts
    faults = watch.still_running()                  after the last cell, while the kernel lives
    watch.end_kernel()
    faults += watch.left_behind()                   when the kernel is gone

Each fault is a sentence that also says how to fix it. The build and the tests both use this module.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import TypeVar

import psutil

from helpers import process_control
from helpers.runner.process_states import is_alive
from tools.build.kernel_environment import Scratch
from tools.pytest_leftovers.shared_memory import shared_memory, unused_by_others

T = TypeVar("T")

SKIPPED_FOLDERS = ("__pycache__",)
SKIPPED_FILES = ("work_*.py", "*.ipynb")  # a lab writes its module; JupyterLab or a build may run

GRACE_ALIVE = 1.0  # seconds for a worker that is ending anyway
GRACE_GONE = 3.0  # seconds for the fork server and the tracker to see that their kernel is gone


@dataclass
class Watch:
    """What was there before a notebook ran, to be compared with what is there after."""

    root: Path
    folder: Path
    scratch: Scratch
    files: frozenset[Path]
    shared: frozenset[str]
    side_by_side: bool = False  # another notebook may make shared memory meanwhile
    seen: dict[int, psutil.Process] = field(default_factory=dict)
    running: list[psutil.Process] = field(default_factory=list)

    @classmethod
    def begin(cls, root: Path, folder: Path, scratch: Scratch, side_by_side: bool = False) -> Watch:
        """Note what exists before the kernel starts; `folder` is the notebook's.

        `side_by_side` says that others make shared memory meanwhile, which has no mark. Then the
        run that started them all looks for it at the end, as for the modules of tests.
        """
        files = frozenset(_files_around(root, folder))
        return cls(root, folder, scratch, files, frozenset(shared_memory()), side_by_side)

    def still_running(self) -> list[str]:
        """Return the faults seen while the kernel runs: other processes and shared memory."""
        others = [process for process in self._members() if not _belongs_to_kernel(process)]
        self.running = _alive_after(GRACE_ALIVE, others)
        faults = [
            f"still running after the last cell: {_described(process)}. End it in the lesson:"
            " join() it, terminate() it, or use `with`"
            for process in self.running
        ]
        ours = {process.pid for process in self._members()}
        return faults + [
            f"shared memory {name} was not unlinked. Call unlink() when no process needs it"
            for name in self._new_shared_memory("psm_*", ours)
        ]

    def end_kernel(self) -> None:
        """End what was seen running, then the kernel alone, so that the tracker can clean up.

        nbval and nbclient would kill its whole process group, the tracker too, which then leaves
        every named semaphore in place.
        """
        _kill(self.running)  # reported already
        kernels = [process for process in self._members() if process.ppid() == os.getpid()]
        for kernel in kernels:
            with contextlib.suppress(psutil.Error):
                kernel.terminate()
        _kill(_alive_after(GRACE_GONE, kernels))
        _alive_after(
            GRACE_ALIVE,
            [process for process in self._members() if process_control.is_tracker(process.pid)],
        )

    def left_behind(self) -> list[str]:
        """Return the faults seen after the kernel has ended, and end those processes."""
        self._members()
        alive = _alive_after(GRACE_GONE, list(self.seen.values()))
        faults = [
            f"outlived its kernel: {_described(process)}. End it in the lesson: join() it,"
            " terminate() it, or use `with`"
            for process in alive
        ]
        _kill(alive)
        return [*faults, *self._shared_faults(), *self._file_faults()]

    def _shared_faults(self) -> list[str]:
        return [
            f"shared memory {name} is left. Call unlink() when no process needs it"
            for name in self._new_shared_memory("*", set(self.seen))
        ]

    def _file_faults(self) -> list[str]:
        temporary = self.scratch.temporary
        left = sorted(temporary.iterdir()) if temporary.exists() else []
        faults = [
            f"temporary file {path.name} is left. Use tempfile.TemporaryDirectory in a `with`"
            for path in left
            if not _is_multiprocessings(path)
        ]
        working = self.scratch.working(self.folder)
        written = {path.relative_to(working.parent) for path in _files_below(working)}
        new = sorted(written | set(_files_around(self.root, self.folder)) - self.files)
        return faults + [
            f"new file {path.as_posix()} is left in the course. Write to a temporary folder, or"
            " remove it in the lesson"
            for path in new
        ]

    def _members(self) -> list[psutil.Process]:
        """Return and note the living processes with the mark, and their descendants."""
        for process in _holders(self.scratch.mark):
            self.seen.setdefault(process.pid, process)
            with contextlib.suppress(psutil.Error):
                for child in process.children(recursive=True):
                    self.seen.setdefault(child.pid, child)
        return [process for process in self.seen.values() if is_alive(process)]

    def _new_shared_memory(self, pattern: str, ours: set[int]) -> list[str]:
        """Return new entries that stay and that only the processes in `ours` use."""
        if self.side_by_side:
            return []

        def unused() -> list[str]:
            new = {name for name in shared_memory() if fnmatch(name, pattern)} - self.shared
            return unused_by_others(new, ours)

        return what_stays(GRACE_ALIVE, unused)


def _alive_after(seconds: float, processes: list[psutil.Process]) -> list[psutil.Process]:
    """Return the processes that are still alive after some seconds; return early if all have ended.

    psutil.wait_procs would wait for zombies too, and in a container an orphan may never be reaped.
    """
    return what_stays(seconds, lambda: [p for p in processes if is_alive(p)])


def what_stays(seconds: float, look: Callable[[], list[T]]) -> list[T]:
    """Return what `look` still finds when the time is over; return early if it finds nothing."""
    until = time.monotonic() + seconds
    while found := look():
        if time.monotonic() > until:
            return found
        time.sleep(0.03)  # nothing tells when a process ends that is not our child
    return []


def _kill(processes: list[psutil.Process]) -> None:
    process_control.kill_tree(roots=[process.pid for process in processes if is_alive(process)])


def _files_around(root: Path, folder: Path) -> Iterator[Path]:
    """Yield the files where a careless cell writes: below its folder, and in the course's top.

    The paths are relative to the course. Other folders are left out: a user may edit files there
    while the tests run.
    """
    for path in _files_below(folder):
        yield path.relative_to(root)
    for path in root.iterdir():
        if path.is_file() and not _skipped(path.name, SKIPPED_FILES):
            yield path.relative_to(root)


def _files_below(folder: Path) -> Iterator[Path]:
    """Yield the files in a folder that neither a lab's cell nor Python nor Jupyter writes."""
    for inside, names, files in os.walk(folder):
        names[:] = [name for name in names if not _skipped(name, SKIPPED_FOLDERS)]
        for name in files:
            if not _skipped(name, SKIPPED_FILES):
                yield Path(inside, name)


def _skipped(name: str, patterns: tuple[str, ...]) -> bool:
    return name.startswith(".") or any(fnmatch(name, pattern) for pattern in patterns)


def _holders(mark: str) -> Iterator[psutil.Process]:
    """Return the processes whose environment has the mark, without this one and its parents."""
    family = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    for pid in process_control.find_marked(mark):
        with contextlib.suppress(psutil.Error):
            if pid not in family:
                yield psutil.Process(pid)


def _belongs_to_kernel(process: psutil.Process) -> bool:
    """Return True for the kernel itself, and for multiprocessing's two helper processes."""
    with contextlib.suppress(psutil.Error):
        if process.ppid() == os.getpid() or process_control.is_tracker(process.pid):
            return True
        if sys.platform == "win32":  # there a venv's python.exe starts the real one as its child
            return "ipykernel" in " ".join(process.cmdline())
        # A child forked by the fork server has its command line, and the server for a parent.
        parent = process.parent()
        return is_fork_server(process) and not (parent and is_fork_server(parent))
    return True  # it ended while we looked


def _is_multiprocessings(path: Path) -> bool:
    """Return whether it is the folder of sockets that multiprocessing removes at a normal end.

    A kernel does not: when it has children, the resource tracker say, JupyterLab ends it by force.
    """
    return path.match("pymp-*") and all(inner.is_socket() for inner in path.iterdir())


def is_fork_server(process: psutil.Process) -> bool:
    """Return whether it is a fork server, or its child without a command line of its own."""
    return any("multiprocessing.forkserver" in word for word in process.cmdline())


def _described(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        command = " ".join(process.cmdline())
        return f"process {process.pid} ({command[:100]})"
    return f"process {process.pid}"
