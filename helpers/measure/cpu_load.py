"""The meter of the CPU time that other programs use while this one measures."""

from __future__ import annotations

from contextlib import suppress
from time import perf_counter

import psutil


class CpuLoadMeter:
    """The CPU time that other programs use from now on."""

    def __init__(self) -> None:
        self._machine, self._ours, self._began = _machine_seconds(), _our_seconds(), perf_counter()

    def cores_used_by_others(self) -> float:
        """Return how many cores other programs have kept busy since then, on average."""
        ours = sum(now - self._ours.get(pid, 0.0) for pid, now in _our_seconds().items())
        busy = _machine_seconds() - self._machine - ours
        return max(0.0, busy / max(1e-9, perf_counter() - self._began))


def _machine_seconds() -> float:
    """Return the CPU seconds of all processes since the machine was started."""
    times = psutil.cpu_times()._asdict()
    idle = ("idle", "iowait", "guest", "guest_nice")  # user time contains guest time
    return sum(seconds for name, seconds in times.items() if name not in idle)


def _our_seconds() -> dict[int, float]:
    """Return the CPU seconds of this process and its descendants, by process id."""
    here = psutil.Process()
    found = {}
    for process in (here, *here.children(recursive=True)):
        with suppress(psutil.Error):  # it has ended in the meantime
            times = process.cpu_times()
            found[process.pid] = times.user + times.system
    return found
