"""Right: a spawn context, and whatever happens, nothing stays alive."""

import time
from collections.abc import Callable, Mapping
from multiprocessing import get_context
from multiprocessing.process import BaseProcess

SPAWN = get_context("spawn")


def stop(processes: list[BaseProcess], patience: float) -> None:
    for how in (BaseProcess.terminate, BaseProcess.kill):
        alive = [process for process in processes if process.is_alive()]
        for process in alive:
            how(process)
        end = time.monotonic() + patience
        for process in alive:
            process.join(max(0.0, end - time.monotonic()))
    for process in processes:
        process.join()


def supervise(
    jobs: Mapping[str, tuple[Callable, tuple]], deadline: float, patience: float
) -> dict[str, int]:
    if deadline < 0 or patience < 0:
        raise ValueError("deadline and patience must be 0 or more")
    end = time.monotonic() + deadline
    started: dict[str, BaseProcess] = {}
    try:
        for name, (function, args) in jobs.items():
            started[name] = SPAWN.Process(name=name, target=function, args=tuple(args))
            started[name].start()
        for process in started.values():
            process.join(timeout=max(0.0, end - time.monotonic()))
    finally:
        stop(list(started.values()), patience)
    codes = {name: process.exitcode for name, process in started.items()}
    for process in started.values():
        process.close()
    return codes
