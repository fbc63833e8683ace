"""The process tree of one program while it runs, and the limits that it passes.

Two sources tell which processes there are, because neither is complete:

    notes   Each Python of the tree creates a file PID.notes when it starts. Listing that folder is
            cheap, so it is done every 40 ms, and it also shows processes that have ended since.
            A process that is not Python, or ignores its environment, creates no file.
    /proc   psutil finds every process below the supervisor, of any kind, with its CPU seconds and
            memory. Walking the tree is expensive, so it is done every 250 ms.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import psutil

from helpers import process_control
from helpers.runner import deadlock, operating_system, process_states
from helpers.runner.limits import Limits

_NOTES_LOOK = 0.04  # seconds between two looks at the folder of notes
_TREE_LOOK = 0.25  # seconds between two looks at the whole tree
_BUSY_SPAN = 0.45  # seconds over which CPU use is averaged
_LARGE = 20  # processes; listing a smaller tree is fast even while it grows
_DEPTH = "depth"  # the flag of a program whose tree is too deep
_ALARM = "alarm"  # the flag of a program that set a timer, whose signal may wake it


class Watch:
    """One program, the processes below it, and the folder in which they take notes."""

    def __init__(self, process: subprocess.Popen, mark: str, folder: Path, allowed: Limits) -> None:
        self.process, self.allowed = process, allowed
        self._mark, self.notes, self._began = mark, folder / "notes", time.monotonic()
        self.since = time.time()
        self._output = folder / "output"
        # The first is the program itself; None if it ended before psutil could look.
        self.seen: dict[int, psutil.Process | None] = {process.pid: _process(process.pid)}
        self.used: dict[int, float] = {}
        self._samples: deque[tuple[float, dict[int, float]]] = deque(maxlen=60)
        self._whole_look = 0.0
        self._memory = 0  # bytes resident in all processes together
        self._flags: set[str] = set()  # what the processes have raised: _DEPTH, _ALARM
        self._noted_count = 0  # processes that have ever noted anything
        self._last: deadlock.Look | None = None
        self._still_since = self._grew = self._began
        self.seconds = 0.0

    def until_it_ends(self, abandoned: Callable[[], bool]) -> str:
        """Wait for the program; return "" if it ended by itself, else the limit that it passed.

        The limit is named as in `Limits.words`; it is "abandoned" if `abandoned()` says that no
        process waits for the report anymore.
        """
        while True:
            self.look()
            try:
                self.process.wait(timeout=_NOTES_LOOK)
            except subprocess.TimeoutExpired:
                pass
            else:
                self.seconds = time.monotonic() - self._began
                return ""
            self.seconds = time.monotonic() - self._began
            kind = "abandoned" if abandoned() else self._passed()
            if kind:
                return kind

    def look(self, *, whole: bool = False) -> None:
        """Record which processes exist, by the notes and, every _TREE_LOOK seconds, by the tree.

        With `whole`, walk the tree now.
        """
        now = time.monotonic()
        noted = self._noted()
        if len(noted) > self.allowed.starts:  # it will be stopped for that; each look takes long
            return
        for pid in noted:
            if pid not in self.seen and (found := _process(pid)):
                self.seen[pid] = found
                self._grew = now
        if whole or now - self._whole_look > _TREE_LOOK:
            self.find_all()
            self._sample(now)
            self._look_for_movement()
            self._whole_look = time.monotonic()

    def find_all(self) -> None:
        """Record every process below this process, which is the supervisor."""
        before = len(self.seen)
        for process in process_states.descendants(os.getpid()):
            self.seen.setdefault(process.pid, process)
        if len(self.seen) > before:
            self._grew = time.monotonic()

    def grows(self) -> bool:
        """Return whether the tree is large and new processes have appeared a moment ago."""
        return len(self.alive()) > _LARGE and time.monotonic() - self._grew < 2 * _TREE_LOOK

    def alive(self) -> list[psutil.Process]:
        """Return the living processes of the tree, the program's first one first."""
        return [
            process
            for process in self.seen.values()
            if process and process_states.is_alive(process)
        ]

    def marked_processes(self) -> list[psutil.Process]:
        """Return the living processes on this machine that have this program's mark."""
        found = map(_process, process_control.find_marked(self._mark))
        return [process for process in found if process and process_states.is_alive(process)]

    def busy(self, pid: int) -> float:
        """Return the cores that process `pid` used on average over the last half second or more."""
        if not self._samples or pid not in self.used:
            return 0.0
        end, last = self._samples[-1]
        at, before = next(
            (sample for sample in reversed(self._samples) if end - sample[0] >= _BUSY_SPAN),
            self._samples[0],
        )
        spent = last.get(pid, self.used[pid]) - before.get(pid, 0.0)
        return max(0.0, spent / (end - at)) if end > at else 0.0

    def is_still(self) -> bool | None:
        """Return whether every process is blocked for good; None where that can't be seen.

        See deadlock.py for why two equal looks prove that. This takes the second one, and compares
        it with the one that `look` took before:

            last look        _last: every thread blocked          (at most _TREE_LOOK seconds ago)
            find_all         processes that were started just before the last look
            this look        equal, for the same threads: none has run in between
            may_be_woken     something outside the tree, such as a socket, could still wake one
        """
        self.find_all()
        pids = [process.pid for process in self.alive()]
        if not pids or not all(map(deadlock.can_be_seen, pids)):
            return None
        if _ALARM in self._flags or self._last is None:
            return False
        return deadlock.look_at(pids) == self._last and not deadlock.may_be_woken(pids)

    def _look_for_movement(self) -> None:
        """Take a look at all threads; if any has run since the last look, restart the clock."""
        now = deadlock.look_at(process.pid for process in self.alive())
        if now is None or now != self._last:
            self._still_since = time.monotonic()
        self._last = now

    def _stands_still(self) -> bool:
        """Return whether the whole tree has been blocked for longer than the limit `still`."""
        patience = self.allowed.still
        return 0 < patience < time.monotonic() - self._still_since and bool(self.is_still())

    def _noted(self) -> set[int]:
        """Return the ids of all processes that have ever taken notes; set the flags and the count.

        One listing of the folder tells all of it, and no file is opened:

            71.notes  72.notes     processes 71 and 72 exist, or have existed
            depth.flag             a process is too deep in the tree (_DEPTH)
            alarm.flag             a process has ordered a signal for later (_ALARM)
            71.stack  count        not for this function

        This count is what stops a program that multiplies faster than the tree can be walked: a
        file stays when its process ends, so processes that live only briefly count, too.
        """
        flags: set[str] = set()
        pids: set[int] = set()
        with contextlib.suppress(OSError), os.scandir(self.notes) as entries:
            for entry in entries:
                stem, _, kind = entry.name.partition(".")
                if kind == "notes" and stem.isdigit():
                    pids.add(int(stem))
                elif kind == "flag":
                    flags.add(stem)
        self._flags = flags
        self._noted_count = len(pids)
        return pids

    def _passed(self) -> str:
        """Return the kind of limit that the program has passed; "" for none."""
        # The cheap checks come first, since this runs every _NOTES_LOOK seconds.
        if self.seconds > self.allowed.seconds:
            return "time"
        if self._output.stat().st_size > self.allowed.output:
            return "output"
        if _DEPTH in self._flags:
            return _DEPTH
        if max(len(self.seen), self._noted_count) > self.allowed.starts:
            return "starts"
        if len(self.seen) > self.allowed.processes and len(self.alive()) > self.allowed.processes:
            return "processes"
        if self._memory > self.allowed.memory and self._is_memory_over_without_shared():
            return "memory"
        return "still" if self._stands_still() else ""

    def _sample(self, now: float) -> None:
        """Record the CPU seconds of each process, and the resident memory of all of them."""
        self._memory = 0
        for process in filter(None, list(self.seen.values())):
            with contextlib.suppress(psutil.Error, OSError):
                with process.oneshot():
                    times = process.cpu_times()
                    self._memory += process.memory_info().rss
                self.used[process.pid] = times.user + times.system
        self._samples.append((now, dict(self.used)))

    def _is_memory_over_without_shared(self) -> bool:
        """Return whether the limit is passed even if memory that processes share counts once.

        Forked processes share pages, and the resident memory of each includes them. The
        proportional set size (pss) divides a shared page among its processes. It is slow to read,
        so it is read only when resident memory has passed the limit.
        """
        total = 0
        for process in self.alive():
            with contextlib.suppress(psutil.Error, OSError):
                full = process.memory_full_info()
                total += getattr(full, "pss", full.uss)
        return total > self.allowed.memory


def _process(pid: int) -> psutil.Process | None:
    with contextlib.suppress(psutil.Error, OSError):
        return psutil.Process(pid)
    return None


def reap_orphans(main: subprocess.Popen) -> None:
    """Collect the orphans that this process adopted and that have ended.

    `os.wait` would also collect `main`, and then Popen could not tell its exit code. So ask which
    child has ended without collecting it (WNOWAIT), and let Popen collect its own.
    """
    main.poll()
    if not hasattr(os, "waitid"):
        return
    with contextlib.suppress(ChildProcessError):
        while ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            if ended.si_pid == main.pid:
                main.poll()
            else:
                os.waitpid(ended.si_pid, 0)


def cpu_of_the_dead() -> float:
    """Return the CPU seconds of all processes below this one that were collected; 0 on Windows."""
    try:
        import resource
    except ImportError:
        return 0.0
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def zombies(watch: Watch) -> dict[int, int | None]:
    """Return the exit code of each zombie by its id; None where the system does not show it.

    A zombie has ended, and its parent has not collected it.
    """
    found = {}
    for pid, process in watch.seen.items():
        with contextlib.suppress(psutil.Error, OSError):
            if process and process.is_running() and process.status() == psutil.STATUS_ZOMBIE:
                found[pid] = operating_system.code_of_zombie(pid)
    return found
