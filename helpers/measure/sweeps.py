"""Measurements of tasks on one engine, or on several beside the machine's ceiling.

    measure          one engine                  -> Run
    sweep            engines × workers           -> Sweep, with a loop and the machine's ceiling
    compare_waiting  engines and asyncio         -> a Run of each, all with as many tasks at once

A comparison keeps all its workers warm and takes turns: in each round every rival does the whole
work once. So a busy minute affects all alike.
"""

from __future__ import annotations

import asyncio
import inspect
import os
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from time import perf_counter, thread_time

from helpers.engines.executors import ENGINES, MAX_WORKERS, why_missing
from helpers.engines.pool import (
    Progress,
    Round,
    WarmPool,
    WorkFailed,
    check_counts,
    check_hooks,
    check_tasks,
    check_worker,
    measure_here,
    run_of,
    run_of_rounds,
)
from helpers.engines.records import Run, Sweep, TaskRecord
from helpers.measure.ceiling import CeilingMeter, do_first
from helpers.measure.cpu_load import CpuLoadMeter
from helpers.measure.interpreter import OtherInterpreter
from helpers.measure.rounds import ROUNDS, take_rounds
from helpers.validation import bad_type, bad_value, one_of, whole_number

AsyncWorker = Callable[[object], Awaitable]


def measure(
    worker: Callable,
    tasks: object,
    engine: str = "processes",
    *,
    workers: int = 2,
    rounds: int = 1,
    chunksize: int = 1,
    python: str | os.PathLike | None = None,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Run:
    """Run the tasks on `engine` and return a Run, with the start-up apart from the work.

    All workers are ready before the clock of the work starts, and the same workers do all rounds.
    One round shows what ran where. To compare engines, let them take turns: `sweep` and
    `measure_cuts` do. `python` is the path or name of another interpreter to measure on.

    Raise TypeError or ValueError for arguments that can't be used, WorkFailed if a task fails, and
    Stopped once `stop` is set. No process is left in any case, not even after an interrupt.
    """
    options = {"workers": workers, "rounds": rounds, "chunksize": chunksize}
    if python is None:
        return measure_here(worker, tasks, engine, **options, progress=progress, stop=stop)
    one_of("engine", engine, ENGINES, "Pick one that the other Python has.")
    whole_number("workers", workers, 1, MAX_WORKERS, "Pass how many, e.g. workers=2.")
    check_counts(rounds, chunksize)
    with OtherInterpreter(python) as other:
        other.load(worker, tasks, engine=engine, **options)
        other.go()
        return other.result(progress, stop)


def sweep(
    worker: Callable,
    tasks: object,
    *,
    engines: Sequence[str] = ("threads", "processes"),
    workers: Sequence[int] = (1, 2),
    rounds: int = ROUNDS,
    chunksize: int = 1,
    whole: object = None,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Sweep:
    """Run the tasks on every engine with every worker count, in turns, and return a Sweep.

    In each of the `rounds`, a loop, every engine and the machine's ceiling do all tasks once. If
    `whole` is given, the loop does these tasks instead: the same work before it was cut. Raise the
    same errors as `measure`.
    """
    check_worker(worker, leaves_this_process=True)
    tasks = check_tasks(tasks)
    loop_tasks = tasks if whole is None else check_tasks(whole)
    check_counts(rounds, chunksize)
    check_hooks(progress, stop)
    counts = worker_counts(workers)
    plan = [(engine, n) for engine in _engines(engines) for n in counts]
    with ExitStack() as stack:
        loop, *pools = [
            stack.enter_context(WarmPool(engine, n, worker)) for engine, n in [("serial", 1), *plan]
        ]
        do_first(worker, loop_tasks)
        meter = CeilingMeter(stack, worker, tasks, counts, stop)
        done: list[list[Round]] = [[] for _ in (loop, *pools)]

        def take_round_of(pool: WarmPool, work: list, into: list[Round]) -> None:
            into.append(pool.round(worker, work, chunksize, stop=stop))

        steps = [
            partial(take_round_of, loop, loop_tasks, done[0]),
            *(
                partial(take_round_of, pool, tasks, into)
                for pool, into in zip(pools, done[1:], strict=True)
            ),
            *(partial(meter.run, n) for n in meter.counts),
        ]
        load = CpuLoadMeter()
        take_rounds(steps, rounds, progress=progress, stop=stop)
        others = load.cores_used_by_others()
    runs = [
        replace(run_of(worker, pool, each), others=others)
        for pool, each in zip((loop, *pools), done, strict=True)
    ]
    return Sweep(runs[0], tuple(runs[1:]), {n: tuple(walls) for n, walls in meter.walls.items()})


async def measure_async(
    worker: AsyncWorker, tasks: object, *, at_once: int | None = None, rounds: int = 1
) -> Run:
    """Await the tasks on the running event loop, `at_once` at a time or all, and return a Run.

    `worker` is a coroutine function of one task. All tasks share one thread, whose CPU seconds are
    divided evenly among the records. Raise TypeError or ValueError for arguments that can't be
    used, and WorkFailed if a task fails.
    """
    tasks, at_once = _checked_async(worker, tasks, at_once)
    check_counts(rounds, 1)
    done = [await _round_async(worker, tasks, at_once) for _ in range(rounds)]
    return run_of_rounds(worker, "asyncio", 1, 0.0, done)


async def compare_waiting(
    worker: Callable,
    async_worker: AsyncWorker,
    tasks: object,
    *,
    at_once: int = 8,
    engines: Sequence[str] = ("serial", "threads", "processes"),
    rounds: int = ROUNDS,
    progress: Progress | None = None,
) -> dict[str, Run]:
    """Run tasks that wait on each engine and by asyncio, in turns; return a Run by engine's name.

    Each engine has `at_once` workers, and asyncio has as many tasks under way at once. Only the
    engine 'serial' has one. Raise the same errors as `measure` and `measure_async`.
    """
    check_worker(worker, leaves_this_process=True)
    tasks, _ = _checked_async(async_worker, tasks, at_once)
    whole_number("at_once", at_once, 1, MAX_WORKERS, "Pass how many tasks, e.g. at_once=8.")
    check_counts(rounds, 1)
    check_hooks(progress, None)
    done: dict[str, list[Round]] = {
        name: [] for name in (*_engines(engines, ("serial",)), "asyncio")
    }
    with ExitStack() as stack:
        pools = {
            name: stack.enter_context(WarmPool(name, at_once, worker))
            for name in done
            if name != "asyncio"
        }
        for taken in range(rounds):
            for i, (name, rounds_of) in enumerate(done.items(), 1):
                rounds_of.append(
                    pools[name].round(worker, tasks)
                    if name in pools
                    else await _round_async(async_worker, tasks, at_once)
                )
                if progress is not None:
                    progress(taken * len(done) + i, rounds * len(done))
    runs = {name: run_of(worker, pool, done[name]) for name, pool in pools.items()}
    return runs | {"asyncio": run_of_rounds(async_worker, "asyncio", 1, 0.0, done["asyncio"])}


def _checked_async(worker: object, tasks: object, at_once: object) -> tuple[list, int]:
    """Return the tasks as a list, and how many may be under way at once."""
    if not inspect.iscoroutinefunction(worker):
        raise bad_type(
            "worker", worker, "an `async def` function of one task", "Pass e.g. fetch_async."
        )
    listed = check_tasks(tasks)
    if at_once is None:
        return listed, len(listed)
    return listed, whole_number("at_once", at_once, 1, 10**6, "Pass how many, e.g. at_once=8.")


async def _round_async(worker: AsyncWorker, tasks: list, at_once: int) -> Round:
    free = asyncio.Semaphore(at_once)

    async def timed(task: object) -> tuple[float, float, object]:
        async with free:
            start = perf_counter()
            result = await worker(task)
            return start, perf_counter(), result

    cpu, began = thread_time(), perf_counter()
    pending = [asyncio.ensure_future(timed(task)) for task in tasks]
    try:
        answers = await asyncio.gather(*pending)
    except Exception as error:
        for one in pending:  # gather leaves the others running
            one.cancel()
        await asyncio.wait(pending)
        raise WorkFailed(f"A task failed under asyncio: {type(error).__name__}: {error}") from error
    wall, share = perf_counter() - began, (thread_time() - cpu) / len(tasks)
    where = os.getpid(), threading.get_ident()
    records = tuple(
        TaskRecord(i, *where, start - began, end - began, share)
        for i, (start, end, _) in enumerate(answers)
    )
    return Round(wall, records, [result for _, _, result in answers])


def worker_counts(workers: object) -> tuple[int, ...]:
    """Return the different worker counts, ascending; raise TypeError or ValueError for bad ones."""
    advice = "Pass worker counts, e.g. workers=(1, 2, 4)."
    if not isinstance(workers, (list, tuple, range)):
        raise bad_type("workers", workers, "a list of whole numbers", advice)
    if not workers:
        raise bad_value("workers", workers, "a list with at least one number", advice)
    return tuple(sorted({whole_number("workers", n, 1, MAX_WORKERS, advice) for n in workers}))


def _engines(names: object, also: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the different names; raise TypeError or ValueError if one is not an engine here.

    'serial' is one only if it is in `also`.
    """
    advice = "Pass engines by name, e.g. engines=('threads', 'processes')."
    if not isinstance(names, (list, tuple)):
        raise bad_type("engines", names, "a list of names", advice)
    if not names:
        raise bad_value("engines", names, "a list with at least one name", advice)
    for name in names:
        if name not in also and (name == "serial" or why_missing(name)):
            what = (
                "The serial baseline is always measured." if name == "serial" else why_missing(name)
            )
            raise bad_value("engines", name, "engines of this machine", what)
    return tuple(dict.fromkeys(names))
