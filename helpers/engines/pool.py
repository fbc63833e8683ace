"""Pools of warm workers, and the timing of tasks on them, with the standard library only.

tasks -> chunks -> submit -> [worker: timed_chunk] -> finished chunks, in the order they finish
"""

from __future__ import annotations

import os
import pickle
import queue
import sys
import threading
from array import array
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass
from functools import partial
from time import perf_counter, thread_time
from types import TracebackType

from helpers import timing
from helpers.engines import executors
from helpers.engines.records import Run, TaskRecord
from helpers.process_control import interrupt_held_back
from helpers.validation import bad_type, bad_value, shown, whole_number

MAX_TASKS = 1_000_000
PLAIN_LOOP = "plain loop"
Progress = Callable[[int, int], None]
Gate = Callable[[Sequence[Future]], None]


class WorkFailed(RuntimeError):
    """A failure of a task: its worker raised or died, or its result can't be sent back."""


class Stopped(RuntimeError):
    """The end of a measurement that was stopped before it was done."""


def check_worker(worker: object, *, leaves_this_process: bool) -> None:
    """Raise TypeError for what can't be called, ValueError for what another process can't import.

    Without `leaves_this_process`, the worker need not be importable.
    """
    if not callable(worker):
        raise bad_type("worker", worker, "a function of one task", "Pass e.g. count_primes.")
    if not leaves_this_process:
        return
    name = getattr(worker, "__qualname__", type(worker).__name__)
    advice = (
        "Another process finds a function by importing its module: put it into a file beside the "
        "notebook, as %%writefile work_00.py does, and import it from there."
    )
    top_level = "a function at the top level of a module"
    if module_of(worker) == "__main__" and not hasattr(sys.modules["__main__"], "__file__"):
        allowed = f"{top_level}, and {name} lives in a notebook's cell"
        raise bad_value("worker", worker, allowed, advice)
    try:
        pickle.dumps(worker)
    except Exception as error:  # pickle raises many types of errors, which differ by version
        raise bad_value("worker", worker, top_level, advice) from error


def module_of(worker: Callable) -> str:
    """Return the name of the module in which another process would look for the worker."""
    while isinstance(worker, partial):
        worker = worker.func
    return getattr(worker, "__module__", None) or type(worker).__module__


def check_tasks(tasks: object) -> list:
    """Return the tasks as a list of 1 to MAX_TASKS; raise TypeError or ValueError for others."""
    advice = "Pass a list with one entry a task, e.g. [range(0, 1000), range(1000, 2000)]."
    if isinstance(tasks, (str, bytes)) or not hasattr(tasks, "__iter__"):
        raise bad_type("tasks", tasks, "a list of tasks", advice)
    listed = []
    for task in tasks:
        listed.append(task)
        if len(listed) > MAX_TASKS:
            raise ValueError(f"tasks must be at most {MAX_TASKS:,}, got more. {advice}")
    if not listed:
        raise bad_value("tasks", tasks, "a list with at least one task", advice)
    return listed


@dataclass(frozen=True)
class Round:
    """One pass over all tasks: its seconds, and records and results in the order of the tasks."""

    wall: float
    records: tuple[TaskRecord, ...]
    results: list

    @property
    def cpu(self) -> float:
        """Return the CPU seconds inside its tasks."""
        return sum(record.cpu for record in self.records)


class PlainLoop:
    """A bare `for` loop with two readings of the clock around it, used as a WarmPool is.

    The engine 'serial' is a loop that also notes the start and the end of each task, as the other
    engines do. That takes several times as long as a tiny task. So compare tiny tasks with this.
    """

    engine, workers, startup = PLAIN_LOOP, 1, 0.0

    def __enter__(self) -> PlainLoop:
        timing.keep_freed_memory()
        return self

    def __exit__(self, *_: object) -> None:
        """Do nothing: there is no worker to end."""

    def round(
        self,
        worker: Callable,
        tasks: Sequence,
        chunksize: int = 1,
        progress: Progress | None = None,
        stop: threading.Event | None = None,
    ) -> Round:
        """Run all tasks in a loop and return a Round; its only record is that of the whole loop.

        `chunksize` has no meaning here. Raise WorkFailed if a task fails, and Stopped if `stop` is
        set before the loop.
        """
        if stop is not None and stop.is_set():
            raise Stopped
        results = []
        cpu, began = thread_time(), perf_counter()
        try:
            for task in tasks:
                results.append(worker(task))
        except Exception as error:
            done, total = len(results), len(tasks)
            raise WorkFailed(
                f"Task {done + 1} of {total}, {shown(tasks[done])}, failed in a plain loop: "
                f"{type(error).__name__}: {error}"
            ) from error
        wall, cpu = perf_counter() - began, thread_time() - cpu
        if progress is not None:
            progress(len(tasks), len(tasks))
        record = TaskRecord(0, os.getpid(), threading.get_ident(), 0.0, wall, cpu)
        return Round(wall, (record,), results)


class WarmPool:
    """A pool whose workers are all started and ready; `startup` is how many seconds that took.

    A ready worker has also imported the module of `worker`, if that is given. Use the pool in a
    `with` block, and call `round` as often as you like. Creating it raises WorkFailed if not all
    workers start.
    """

    def __init__(self, engine: str, workers: int, worker: Callable | None = None) -> None:
        self.engine = engine
        self.workers = 1 if engine == "serial" else workers
        self._given_up = threading.Event()
        timing.keep_freed_memory()  # workers may be forks or threads of this process
        began = perf_counter()
        # A semaphore is first created and then registered with the resource tracker. An interrupt
        # in between would leave it behind.
        with interrupt_held_back():
            self._executor, open_gate, self._let_go = _gated_executor(engine, workers, worker)
        try:
            with interrupt_held_back():
                firsts = [self._executor.submit(timing.ready) for _ in range(self.workers)]
            open_gate(firsts)
            for first in firsts:
                first.result()
        except BrokenExecutor as error:
            self.kill()
            raise WorkFailed(
                f"The {workers} workers of engine {engine!r} did not all start. Their own words "
                "went to standard error. Either memory is short (try fewer workers), or a child "
                "can't import the worker's module or this program, which must be a file with "
                "`if __name__ == '__main__':`."
            ) from error
        except BaseException:
            self.kill()
            raise
        self.startup = perf_counter() - began

    def __enter__(self) -> WarmPool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._executor.shutdown()
        else:
            self.kill()

    @property
    def executor(self) -> Executor:
        """Return the executor itself, for a program that submits tasks in its own way."""
        return self._executor

    def kill(self) -> None:
        """Kill the workers. Threads end after their current task, interpreters after a chunk."""
        self._given_up.set()
        if isinstance(self._executor, (executors.ProcessExecutor, executors.DaskExecutor)):
            self._executor.kill()
        else:
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._let_go()

    def round(
        self,
        worker: Callable,
        tasks: Sequence,
        chunksize: int = 1,
        progress: Progress | None = None,
        stop: threading.Event | None = None,
    ) -> Round:
        """Run all tasks once and return a Round.

        `progress(done, total)` is called after each chunk. Raise WorkFailed if a task fails, and
        Stopped once `stop` is set.
        """
        chunks = [tasks[i : i + chunksize] for i in range(0, len(tasks), chunksize)]
        ended: queue.SimpleQueue[Future] = queue.SimpleQueue()
        numbers: dict[Future, int] = {}
        answers: list = [None] * len(chunks)
        collected = 0

        def collect(future: Future) -> None:
            nonlocal collected
            number = numbers[future]
            answers[number] = self._answer(future, number, chunks)
            collected += 1
            if progress is not None:
                progress(min(collected * chunksize, len(tasks)), len(tasks))

        began = perf_counter()
        for number, chunk in enumerate(chunks):
            if stop is not None and stop.is_set():
                raise Stopped
            future = self._submit(worker, chunk, earlier=numbers)
            numbers[future] = number
            if self.engine == "serial":  # already done: report it, and raise a failure now
                collect(future)
            else:
                future.add_done_callback(ended.put)
        while collected < len(chunks):
            collect(self._next(ended, stop))
        return _as_round(perf_counter() - began, began, answers)

    def _submit(self, worker: Callable, chunk: Sequence, earlier: Collection[Future]) -> Future:
        shared = (self._given_up,) if self.engine == "threads" else ()
        try:
            return self._executor.submit(timing.timed_chunk, worker, chunk, *shared)
        except BrokenExecutor as error:
            raise WorkFailed(self._died(_what_broke_the_pool(error, earlier))) from error

    def _next(self, ended: queue.SimpleQueue[Future], stop: threading.Event | None) -> Future:
        """Wait for the next finished future and return it.

        Wake up often, because an interrupt can't end a wait without a timeout on Windows.
        """
        while True:
            if stop is not None and stop.is_set():
                raise Stopped
            try:
                return ended.get(timeout=0.1)
            except queue.Empty:
                self._end_if_a_worker_died()

    def _end_if_a_worker_died(self) -> None:
        """End the pool if a worker died while it sent a result; the executor would wait forever."""
        pool = self._executor
        if isinstance(pool, executors.ProcessExecutor) and pool.has_lost_a_worker():
            pool.end_workers()

    def _answer(self, future: Future, number: int, chunks: Sequence) -> tuple:
        try:
            return future.result()
        except BrokenExecutor as error:
            raise WorkFailed(self._died(error)) from error
        except timing.TaskFailed as error:
            index, words = error.args
            first, total = sum(map(len, chunks[:number])), sum(map(len, chunks))
            raise WorkFailed(
                f"Task {first + index + 1} of {total}, {shown(chunks[number][index])}, failed "
                f"under {self.engine!r}: {words}"
            ) from error
        except Exception as error:
            if type(error).__name__ == "KilledWorker":  # Dask's; Dask may be missing
                raise WorkFailed(self._died(error)) from error
            raise WorkFailed(
                f"Chunk {number + 1} of {len(chunks)}, tasks {shown(chunks[number])}, could not be "
                f"sent under {self.engine!r}, or its results could not be sent back: "
                f"{type(error).__name__}: {error}"
            ) from error

    def _died(self, error: Exception) -> str:
        unreadable = _why_unreadable(error)
        if unreadable:
            return (
                f"What a worker of engine {self.engine!r} sent back can't be read here: "
                f"{unreadable}. Return plain data: numbers, strings, lists, dicts."
            )
        return (
            f"A worker process of engine {self.engine!r} died in the middle of its work: killed, "
            "out of memory, or ended by os._exit. Run the worker on one task alone to see which."
        )


def _what_broke_the_pool(error: BrokenExecutor, earlier: Collection[Future]) -> Exception:
    """Return the error of the first of the `earlier` futures that the break ended, or `error`.

    A broken executor refuses new work without a reason. The futures that it had accepted hold the
    reason; the executor fails them just after it begins to refuse, so this waits for them.
    """
    ended, _ = wait(earlier, timeout=5)
    reasons = (future.exception() for future in earlier if future in ended)
    return next((reason for reason in reasons if isinstance(reason, BrokenExecutor)), error)


def _why_unreadable(error: Exception) -> str:
    """Return what was wrong with a result that can't be unpickled; empty if a death broke the pool.

    In both cases the executor gives a traceback as the cause. After a death, that traceback ends
    with EOFError or OSError.
    """
    text = str(error.__cause__)
    last = text.strip().strip("'").strip().splitlines()[-1]
    return last if "Traceback" in text and not last.startswith(("EOFError", "OSError")) else ""


def _gated_executor(
    engine: str, workers: int, worker: Callable | None
) -> tuple[Executor, Gate, Callable[[], None]]:
    """Return an executor, a function that opens its gate, and one that gives up on the gate.

    The workers wait at the gate until all of them have started. The last function releases workers
    that still wait there.
    """
    if engine == "serial" or executors.why_missing(engine):
        return executors.executor(engine, workers), _nothing, _nothing  # or raises an error
    whole_number("workers", workers, 1, executors.MAX_WORKERS, "Pass how many, e.g. workers=2.")
    if engine == "interpreters":
        return _gated_interpreters(workers, worker)
    if engine == "dask":  # starting it waits for its workers; the initializer imports the worker
        return executors.executor(
            engine, workers, initializer=_nothing, initargs=(worker,)
        ), *_NO_GATE
    if engine == "threads":
        barrier = threading.Barrier(workers)
        pool = executors.executor(engine, workers, initializer=timing.arrive, initargs=(barrier,))
        return pool, _nothing, barrier.abort
    barrier = executors.context(engine).Barrier(workers)
    pool = executors.executor(
        engine, workers, initializer=timing.arrive_in_process, initargs=(barrier, worker)
    )
    return pool, _nothing, _nothing


def _gated_interpreters(
    workers: int, worker: Callable | None
) -> tuple[Executor, Gate, Callable[[], None]]:
    if sys.version_info < (3, 14):
        raise RuntimeError("Interpreters need Python 3.14: use 'processes'.")
    from concurrent import interpreters  # type: ignore[attr-defined]  # new in 3.14

    here, go = interpreters.create_queue(), interpreters.create_queue()

    def let_go() -> None:
        for _ in range(workers):
            go.put(None)

    def open_gate(firsts: Sequence[Future]) -> None:
        came, until = 0, perf_counter() + timing.START_LIMIT
        while came < workers and perf_counter() < until:
            try:
                here.get(timeout=0.1)
                came += 1
            except queue.Empty:
                for first in firsts:
                    if first.done():  # before the gate is open: it failed, and raises why
                        first.result()
        let_go()

    pool = executors.executor(
        "interpreters", workers, initializer=timing.arrive_by_queues, initargs=(here, go, worker)
    )
    return pool, open_gate, let_go


def _nothing(*_: object) -> None:
    """Do nothing: these workers need no function to open or to give up on their gate."""


_NO_GATE = (_nothing, _nothing)


def _as_round(wall: float, began: float, answers: Sequence) -> Round:
    records: list[TaskRecord] = []
    results: list = []
    for process, thread, stamps, chunk_results in answers:
        numbers = iter(array("d", stamps))
        for start, end, cpu in zip(*[numbers] * timing.STAMPS, strict=True):
            records.append(
                TaskRecord(len(records), process, thread, start - began, end - began, cpu)
            )
        results += chunk_results
    return Round(wall, tuple(records), results)


def open_engine(engine: str, workers: int, worker: Callable | None = None) -> PlainLoop | WarmPool:
    """Return what runs rounds on that engine: a PlainLoop or a WarmPool."""
    return PlainLoop() if engine == PLAIN_LOOP else WarmPool(engine, workers, worker)


def measure_here(
    worker: Callable,
    tasks: object,
    engine: str = "processes",
    *,
    workers: int = 2,
    rounds: int = 1,
    chunksize: int = 1,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Run:
    """Measure as `helpers.measure.sweeps.measure` does, on this interpreter; return a Run."""
    check_worker(worker, leaves_this_process=engine not in (PLAIN_LOOP, "serial", "threads"))
    tasks = check_tasks(tasks)
    check_counts(rounds, chunksize)
    check_hooks(progress, stop)
    with open_engine(engine, workers, worker) as pool:
        total = rounds * len(tasks)
        done = [
            pool.round(worker, tasks, chunksize, _shifted(progress, i * len(tasks), total), stop)
            for i in range(rounds)
        ]
    return run_of(worker, pool, done)


def check_counts(rounds: int, chunksize: int) -> None:
    """Raise TypeError or ValueError for a number of rounds or a chunk size that can't be used."""
    whole_number("rounds", rounds, 1, 1_000, "Pass how often to repeat, e.g. rounds=3.")
    whole_number("chunksize", chunksize, 1, MAX_TASKS, "Pass tasks sent at once, e.g. chunksize=1.")


def check_hooks(progress: object, stop: object) -> None:
    """Raise TypeError for a hook that can't be called or a `stop` without `is_set`."""
    if progress is not None and not callable(progress):
        raise bad_type("progress", progress, "a function of (done, total)", "Or leave it out.")
    if stop is not None and not callable(getattr(stop, "is_set", None)):
        raise bad_type("stop", stop, "a threading.Event", "Or leave it out.")


def run_of(worker: Callable, pool: PlainLoop | WarmPool, rounds: Sequence[Round]) -> Run:
    """Return the Run of those rounds on that pool. See `run_of_rounds`."""
    return run_of_rounds(worker, pool.engine, pool.workers, pool.startup, rounds)


def run_of_rounds(
    worker: Callable, engine: str, workers: int, startup: float, rounds: Sequence[Round]
) -> Run:
    """Return the Run of those rounds: the seconds of each, the records of the median one."""
    middle = sorted(rounds, key=lambda one: one.wall)[(len(rounds) - 1) // 2]
    return Run(
        worker=getattr(worker, "__name__", type(worker).__name__),
        engine=engine,
        workers=workers,
        python=this_python(),
        startup=startup,
        walls=tuple(one.wall for one in rounds),
        records=middle.records,
        results=middle.results,
        cpus=tuple(one.cpu for one in rounds),
    )


def this_python() -> str:
    """Return this interpreter's version, such as '3.14.1' or '3.14.1 without GIL'."""
    version = ".".join(map(str, sys.version_info[:3]))
    with_gil = getattr(sys, "_is_gil_enabled", lambda: True)()  # new in 3.13
    return version if with_gil else f"{version} without GIL"


def _shifted(progress: Progress | None, before: int, total: int) -> Progress | None:
    return None if progress is None else lambda done, _: progress(before + done, total)
