"""The tree below one program while it runs: who is in it, what it uses, when it passes a limit."""

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
from helpers.runner import deadlock, limits, process_tree
from helpers.runner.limits import Limits

_FAST, _SLOW = 0.04, 0.25  # seconds between looks at what the notes name, and at the whole tree
_LATELY = 0.45  # seconds over which it is seen whether a process computes
_LARGE = 20  # processes
_FLAGS = ("depth",)
_ALARM = "alarm"  # the flag of a program that will be sent a signal later


class Watch:
    """One program, the processes below it, and the folder in which they take notes."""

    def __init__(
        self, process: subprocess.Popen, token: str, folder: Path, allowed: Limits
    ) -> None:
        self.process, self.allowed = process, allowed
        self._token, self.notes, self._began = token, folder / "notes", time.monotonic()
        self.since = time.time()
        self._output = folder / "output"
        self.main = _process(process.pid)
        self.seen: dict[int, psutil.Process] = {process.pid: self.main}
        self.used: dict[int, float] = {}
        self._samples: deque[tuple[float, dict[int, float]]] = deque(maxlen=60)
        self._whole_look = 0.0
        self._last: deadlock.Look | None = None
        self._still_since = self._grew = self._began
        self.seconds = 0.0

    def until_it_ends(self, abandoned: Callable[[], bool]) -> str:
        """Empty when it ended by itself, else the kind of limit that it passed."""
        while True:
            self.look()
            try:
                self.process.wait(timeout=_FAST)
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
        """Notes who is there now; now and then in the whole tree, else by the notes alone."""
        now = time.monotonic()
        noted = self._noted()
        if len(noted) > self.allowed.starts:  # nothing else matters now, and looking takes long
            return
        for pid in noted:
            if pid not in self.seen and (found := _process(pid)):
                self.seen[pid] = found
                self._grew = now
        if whole or now - self._whole_look > _SLOW:
            self.find_all()
            self._sample(now)
            self._look_for_movement()
            self._whole_look = time.monotonic()

    def find_all(self) -> None:
        """Notes who is in the whole tree now."""
        before = len(self.seen)
        for process in process_tree.descendants(os.getpid()):
            self.seen.setdefault(process.pid, process)
        if len(self.seen) > before:
            self._grew = time.monotonic()

    def grows(self) -> bool:
        """Whether it is a large tree that gets larger."""
        return len(self.alive()) > _LARGE and time.monotonic() - self._grew < 2 * _SLOW

    def alive(self) -> list[psutil.Process]:
        """The processes of the tree that live, the program's first one first."""
        return [
            process for process in self.seen.values() if process and process_tree.is_alive(process)
        ]

    def carriers(self) -> list[psutil.Process]:
        """Living processes anywhere on the machine that carry this program's mark."""
        found = map(_process, process_control.bearers(self._token))
        return [process for process in found if process and process_tree.is_alive(process)]

    def busy(self, pid: int) -> float:
        """How much of a core process `pid` used of late, on average over half a second or more."""
        if not self._samples or pid not in self.used:
            return 0.0
        end, last = self._samples[-1]
        at, before = next(
            (sample for sample in reversed(self._samples) if end - sample[0] >= _LATELY),
            self._samples[0],
        )
        spent = last.get(pid, self.used[pid]) - before.get(pid, 0.0)
        return max(0.0, spent / (end - at)) if end > at else 0.0

    def is_still(self) -> bool | None:
        """Whether everybody in the tree waits without end; None where the system doesn't tell."""
        self.find_all()  # between two looks: who was started just before the first is seen now
        pids = [process.pid for process in self.alive()]
        if not pids or not all(map(deadlock.can_be_seen, pids)):
            return None
        if _ALARM in self._flags or self._last is None:
            return False
        return deadlock.look_at(pids) == self._last and not deadlock.may_be_woken(pids)

    def _look_for_movement(self) -> None:
        now = deadlock.look_at(process.pid for process in self.alive())
        if now is None or now != self._last:
            self._still_since = time.monotonic()
        self._last = now

    def _stands_still(self) -> bool:
        """Whether it has done so for as long as it may."""
        patience = self.allowed.still
        return 0 < patience < time.monotonic() - self._still_since and bool(self.is_still())

    def _noted(self) -> set[int]:
        self._flags, pids = set(), set()
        with contextlib.suppress(OSError), os.scandir(self.notes) as entries:
            for entry in entries:
                stem, _, kind = entry.name.partition(".")
                if kind == "notes" and stem.isdigit():
                    pids.add(int(stem))
                elif kind == "flag":
                    self._flags.add(stem)
        self._count = len(pids)
        return pids

    def _passed(self) -> str:
        if self.seconds > self.allowed.seconds:
            return "time"
        if self._output.stat().st_size > self.allowed.output:
            return "output"
        for flag in _FLAGS:
            if flag in self._flags:
                return flag
        if max(len(self.seen), self._count) > self.allowed.starts:
            return "starts"
        if len(self.seen) > self.allowed.processes and len(self.alive()) > self.allowed.processes:
            return "processes"
        if self._memory > self.allowed.memory and self._really():
            return "memory"
        return "still" if self._stands_still() else ""

    def _sample(self, now: float) -> None:
        """CPU seconds of each, and resident memory of all."""
        self._memory = 0
        for process in list(self.seen.values()):
            with contextlib.suppress(psutil.Error, OSError, AttributeError):
                with process.oneshot():
                    times = process.cpu_times()
                    self._memory += process.memory_info().rss
                self.used[process.pid] = times.user + times.system
        self._samples.append((now, dict(self.used)))

    def _really(self) -> bool:
        """Whether it is that much when what forked processes share is counted once."""
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
    """Collects the orphans that this process adopted and that have ended, `main` apart."""
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
    """CPU seconds of all that ended below this process; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0.0
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def zombies(watch: Watch) -> dict[int, int | None]:
    """The exit code of each process of the tree that has ended and that nobody has asked about."""
    found = {}
    for pid, process in watch.seen.items():
        with contextlib.suppress(psutil.Error, OSError, AttributeError):
            if process.is_running() and process.status() == psutil.STATUS_ZOMBIE:
                found[pid] = limits.code_of_zombie(pid)
    return found
