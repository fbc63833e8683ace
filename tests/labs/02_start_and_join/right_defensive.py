"""Right: a spawn context, and whatever happens, nothing stays alive."""

import time
from collections.abc import Callable, Mapping
from multiprocessing import get_context
from multiprocessing.process import BaseProcess

SPAWN = get_context("spawn")


def stop(process: BaseProcess, patience: float) -> None:
    for how in (process.terminate, process.kill):
        if process.is_alive():
            how()
            process.join(patience)
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
        for process in started.values():
            stop(process, patience)
    codes = {name: process.exitcode for name, process in started.items()}
    for process in started.values():
        process.close()
    return codes
