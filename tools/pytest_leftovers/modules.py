"""What a test module leaves behind: processes, named semaphores and shared memory.

    before = Before.look(mark)       before the module's first test is set up
    faults = before.left_behind()    after its last test and its fixtures are torn down

There are three ways to find a process: by the mark that the run has put into its environment, as a
descendant of this process, and as a fork of it. The last finds orphans that were forked: the system
shows the environment with which the program was started, and that has no mark.

Shared memory has no mark. If several runs of tests work side by side, it could belong to any of
them. Then each one looks only for processes, and the run that started them looks for shared memory
at the end.

What existed before the module began belongs to something else, such as a fixture of the whole run.
So do the resource tracker and the fork server of this process, which end when it does.
"""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from helpers import process_control
from helpers.runner.process_states import is_alive
from tools.pytest_leftovers.shared_memory import shared_memory, unused_by_others
from tools.pytest_leftovers.watch import is_fork_server, what_stays

# Seconds that processes get to end by themselves, on a busy machine. The tests of this set it.
GRACE = float(os.environ.get("COURSE_LEFT_GRACE", "5"))
# In /proc/…/stat: where the process's code, data and arguments begin and end.
_MEMORY = slice(42, 49)


@dataclass(frozen=True)
class Before:
    """What there was before a module of tests began."""

    mark: str
    processes: frozenset[int]
    shared: frozenset[str]
    side_by_side: bool = False  # another run of tests may make shared memory meanwhile

    @classmethod
    def look(cls, mark: str, side_by_side: bool = False) -> Before:
        """Return what exists now; processes with `mark` were started by this run of the tests."""
        there = (process.pid for process in _ours(mark))
        return cls(mark, frozenset(there), frozenset(_unused()), side_by_side)

    def left_behind(self) -> list[str]:
        """Return a line for each thing that is left after some seconds; end the processes."""
        alive = what_stays(GRACE, self._new_processes)
        lines = [f"still running: {_described(process)}" for process in alive]
        process_control.kill_tree(roots=[process.pid for process in alive])
        if self.side_by_side:
            return lines
        shared = what_stays(GRACE, lambda: sorted(_unused() - self.shared))
        return lines + [f"not given back: shared memory or semaphore {name}" for name in shared]

    def _new_processes(self) -> list[psutil.Process]:
        return [process for process in _ours(self.mark) if process.pid not in self.processes]


def _ours(mark: str) -> list[psutil.Process]:
    """Return the living processes of this run, without this process's own servers.

    Looks again if one ended in the meantime: it may have started another that was not seen.
    """
    while True:
        pids = {*process_control.find_tree(mark, [os.getpid()])}
        pids.update(filter(_is_fork_of_ours, psutil.pids()))
        with contextlib.suppress(psutil.Error):  # it has ended
            processes = [psutil.Process(pid) for pid in sorted(pids)]
            found = [process for process in processes if not _is_servant(process)]
            if all(map(is_alive, processes)):
                return found


def _is_servant(process: psutil.Process) -> bool:
    """Return whether it is the tracker or the fork server of this process."""
    return process.ppid() == os.getpid() and (
        process_control.is_tracker(process.pid) or is_fork_server(process)
    )


def _is_fork_of_ours(pid: int) -> bool:
    """Return whether it runs this process's program at the same random addresses (Linux)."""
    return pid != os.getpid() and bool(_addresses(pid)) and _addresses(pid) == _addresses("self")


def _addresses(process: int | str) -> list[str]:
    with contextlib.suppress(OSError, IndexError):
        fields = Path(f"/proc/{process}/stat").read_text(errors="replace").rsplit(")", 1)[1].split()
        found = fields[_MEMORY]
        return found if set(found) != {"0"} else []  # zeros: the system does not tell
    return []


def _unused() -> set[str]:
    """Return the names of shared memory and semaphores that no living process uses."""
    return set(unused_by_others(shared_memory(), set()))


def _described(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        age = time.time() - process.create_time()
        command = " ".join(process.cmdline())
        return f"process {process.pid}, {age:.0f} s old ({command[:200]})"
    return f"process {process.pid}"
