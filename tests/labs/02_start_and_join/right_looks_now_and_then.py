"""Right: asks now and then which processes are alive; terse."""

from multiprocessing import Process
from time import monotonic, sleep


def alive(ps: list[Process], seconds: float) -> list[Process]:
    end = monotonic() + seconds
    while any(p.is_alive() for p in ps) and monotonic() < end:
        sleep(0.01)
    return [p for p in ps if p.is_alive()]


def supervise(jobs: dict, deadline: float, patience: float) -> dict[str, int]:
    ps = {n: Process(target=f, args=a, daemon=True) for n, (f, a) in jobs.items()}
    [p.start() for p in ps.values()]
    hang = alive(list(ps.values()), deadline)
    [p.terminate() for p in hang]
    [p.kill() for p in alive(hang, patience)]
    [p.join() for p in ps.values()]
    return {n: p.exitcode for n, p in ps.items()}
