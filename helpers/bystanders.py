"""How busy other programs keep the machine while we measure."""

from __future__ import annotations

from contextlib import suppress
from time import perf_counter

import psutil


class Account:
    """The machine's CPU time and ours, from now on."""

    def __init__(self) -> None:
        self._machine, self._ours, self._began = _machine_seconds(), _our_seconds(), perf_counter()

    def others(self) -> float:
        """How many cores programs that are not ours have kept busy since, on average."""
        ours = sum(now - self._ours.get(pid, 0.0) for pid, now in _our_seconds().items())
        busy = _machine_seconds() - self._machine - ours
        return max(0.0, busy / max(1e-9, perf_counter() - self._began))


def _machine_seconds() -> float:
    """CPU seconds of everybody, since the machine was started."""
    times = psutil.cpu_times()._asdict()
    idle = ("idle", "iowait", "guest", "guest_nice")  # a guest's are among the user's, too
    return sum(seconds for name, seconds in times.items() if name not in idle)


def _our_seconds() -> dict[int, float]:
    """CPU seconds of this process and of each that it has started, by process id."""
    here = psutil.Process()
    found = {}
    for process in (here, *here.children(recursive=True)):
        with suppress(psutil.Error):  # it has ended meanwhile
            times = process.cpu_times()
            found[process.pid] = times.user + times.system
    return found
