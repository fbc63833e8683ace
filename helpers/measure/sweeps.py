"""Measurements of tasks on one engine, or on several beside the machine's ceiling.

    measure   one engine         -> Run
    sweep     engines × workers  -> Sweep, with a serial baseline and the machine's ceiling

A sweep keeps all its workers warm and takes turns: in each round every engine does the whole work
once. So a busy minute affects all engines alike.
"""

from __future__ import annotations

import asyncio
import inspect
import os
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
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
    this_python,
)
from helpers.engines.records import Run, Sweep, TaskRecord
from helpers.measure.ceiling import CeilingMeter
from helpers.measure.interpreter import OtherInterpreter
from helpers.measure.rounds import take_rounds
from helpers.validation import bad_type, bad_value, one_of, whole_number

Enough = Callable[[Sweep], bool]
AsyncWorker = Callable[[object], Awaitable]


def measure(
    worker: Callable,
    tasks: object,
    engine: str = "processes",
    *,
    workers: int = 2,
    rounds: int = 1,
    chunksize: int = 1,
    enough: Callable[[Run], bool] | None = None,
    python: str | os.PathLike | None = None,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Run:
    """Run the tasks on `engine` and return a Run, with the start-up apart from the work.

    All workers are ready before the clock of the work starts, and the same workers do all rounds.
    There are at most `rounds`; `enough(run)` can end them after any round. `python` is the path or
    name of another interpreter to measure on; `enough` can't be called from there.

    Raise TypeError or ValueError for arguments that can't be used, WorkFailed if a task fails, and
    Stopped once `stop` is set. No process is left in any case, not even after an interrupt.
    """
    options = {"workers": workers, "rounds": rounds, "chunksize": chunksize}
    if python is None:
        return measure_here(
            worker, tasks, engine, **options, enough=enough, progress=progress, stop=stop
        )
    if enough is not None:
        raise bad_value(
            "enough", enough, "left out where python is given", "Pass rounds=… instead."
        )
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
    rounds: int = 3,
    chunksize: int = 1,
    enough: Enough | None = None,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Sweep:
    """Run the tasks on every engine with every worker count, in turns, and return a Sweep.

    There are at most `rounds` rounds; from the second on, `enough(sweep)` can end them. Raise the
    same errors as `measure`.
    """
    check_worker(worker, leaves_this_process=True)
    tasks = check_tasks(tasks)
    check_counts(rounds, chunksize)
    check_hooks(progress, stop, enough)
    counts = worker_counts(workers)
    plan = [("serial", 1), *((engine, n) for engine in _engines(engines) for n in counts)]
    with ExitStack() as stack:
        pools = [stack.enter_context(WarmPool(engine, n, worker)) for engine, n in plan]
        meter = CeilingMeter(stack, worker, tasks, counts, stop)
        done: list[list[Round]] = [[] for _ in pools]

        def take_round_of(pool: WarmPool, into: list[Round]) -> None:
            into.append(pool.round(worker, tasks, chunksize, stop=stop))

        def found() -> Sweep:
            runs = [run_of(worker, pool, each) for pool, each in zip(pools, done, strict=True)]
            return Sweep(runs[0], tuple(runs[1:]), {n: meter.ceiling(n) for n in counts})

        steps = [
            *(partial(take_round_of, *pair) for pair in zip(pools, done, strict=True)),
            *(partial(meter.run, n) for n in meter.counts),
        ]
        return take_rounds(steps, rounds, found, enough=enough, progress=progress, stop=stop)


async def measure_async(worker: AsyncWorker, tasks: object, *, rounds: int = 1) -> Run:
    """Await all tasks at once on the running event loop, and return a Run.

    `worker` is a coroutine function of one task. All tasks share one thread, whose CPU seconds are
    divided evenly among the records. Raise TypeError or ValueError for arguments that can't be
    used, and WorkFailed if a task fails.
    """
    if not inspect.iscoroutinefunction(worker):
        raise bad_type(
            "worker", worker, "an `async def` function of one task", "Pass e.g. fetch_async."
        )
    tasks = check_tasks(tasks)
    check_counts(rounds, 1)
    done = [await _round_async(worker, tasks) for _ in range(rounds)]
    best = min(done, key=lambda one: one.wall)
    return Run(
        worker=getattr(worker, "__name__", type(worker).__name__),
        engine="asyncio",
        workers=1,
        python=this_python(),
        startup=0.0,
        walls=tuple(one.wall for one in done),
        records=best.records,
        results=best.results,
    )


async def _round_async(worker: AsyncWorker, tasks: list) -> Round:
    async def timed(task: object) -> tuple[float, float, object]:
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


def _engines(names: object) -> tuple[str, ...]:
    advice = "Pass engines by name, e.g. engines=('threads', 'processes')."
    if not isinstance(names, (list, tuple)):
        raise bad_type("engines", names, "a list of names", advice)
    if not names:
        raise bad_value("engines", names, "a list with at least one name", advice)
    for name in names:
        if name == "serial" or why_missing(name):
            what = (
                "The serial baseline is always measured." if name == "serial" else why_missing(name)
            )
            raise bad_value("engines", name, "engines of this machine", what)
    return tuple(dict.fromkeys(names))
