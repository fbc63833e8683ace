"""The engines by name: a loop, threads, processes by start method, interpreters, a Dask cluster.

Each engine is a standard `concurrent.futures.Executor`, so a program changes engines by changing
one word. A process engine creates its workers through a recorder, so that `kill` can end them on
every Python from 3.11 on. The executor's own `kill_workers` is new in Python 3.14:
https://docs.python.org/3/library/concurrent.futures.html
"""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import pickle
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import connection
from multiprocessing.context import DefaultContext
from typing import Any, cast

from helpers import process_control
from helpers.engines.dask_cluster import DaskExecutor, why_no_dask
from helpers.validation import bad_value, one_of, whole_number

START_METHODS = ("spawn", "forkserver", "fork")
ENGINES = ("serial", "threads", "processes", *START_METHODS, "interpreters")
CLUSTERS = ("dask",)  # they take seconds to start, so `available` leaves them out
_END_LIMIT = 2.0  # seconds to wait until killed workers have ended
MAX_WORKERS = 61  # the limit of a ProcessPoolExecutor on Windows, used on every system

# A new interpreter has only the `sys.path` that Python itself started with, so it runs this first.
# It is text because `exec` exists in every interpreter, and no module of ours can be imported yet.
_SET_UP = """
import pickle, sys
sys.path[:] = path
initializer, arguments = pickle.loads(given)
if initializer is not None:
    initializer(*arguments)
"""


def why_missing(engine: str) -> str:
    """Return why this machine lacks the engine and what to use instead; empty if it has it.

    Raise TypeError or ValueError for a name that is not an engine.
    """
    one_of("engine", engine, (*ENGINES, *CLUSTERS), "Pick one of them.")
    if engine == "dask":
        return why_no_dask()
    if engine in START_METHODS and engine not in multiprocessing.get_all_start_methods():
        return f"{sys.platform} can't start processes by {engine}: use 'spawn', which all have."
    if engine == "interpreters" and not hasattr(concurrent.futures, "InterpreterPoolExecutor"):
        version = ".".join(map(str, sys.version_info[:2]))
        return f"Python {version} has no InterpreterPoolExecutor (3.14 has): use 'processes'."
    return ""


def available() -> tuple[str, ...]:
    """Return the names of the engines that this machine and this Python have, without clusters."""
    return tuple(engine for engine in ENGINES if not why_missing(engine))


def starts_processes(engine: str) -> bool:
    """Return whether the engine's workers are processes, which means that it pickles its tasks."""
    return engine in ("processes", *START_METHODS, *CLUSTERS)


def executor(
    engine: str, workers: int = 2, *, initializer: Callable | None = None, initargs: tuple = ()
) -> Executor:
    """Return a new executor for that engine; use it in a `with` block.

    Raise ValueError for an engine that this machine lacks, with the reason and an alternative.
    """
    missing = why_missing(engine)
    if missing:
        raise bad_value("engine", engine, "one of " + ", ".join(available()), missing)
    whole_number("workers", workers, 1, MAX_WORKERS, "Pass how many workers, e.g. workers=2.")
    if engine == "serial":
        return SerialExecutor(initializer, initargs)
    if engine == "threads":
        return ThreadPoolExecutor(workers, initializer=initializer, initargs=initargs)
    if engine == "interpreters":
        return _interpreters(workers, initializer, initargs)
    if engine == "dask":
        return DaskExecutor(workers, initializer, initargs)
    return ProcessExecutor(context(engine), workers, initializer, initargs)


def _interpreters(workers: int, initializer: Callable | None, initargs: tuple) -> Executor:
    """Return an executor of interpreters that have the same `sys.path` as this one."""
    given = pickle.dumps((initializer, initargs))
    if sys.version_info < (3, 14):
        raise RuntimeError(why_missing("interpreters"))
    return concurrent.futures.InterpreterPoolExecutor(
        workers, initializer=exec, initargs=(_SET_UP, {"path": sys.path, "given": given})
    )


def context(engine: str) -> DefaultContext:
    """Return the multiprocessing context of an engine; 'processes' means the default start method.

    Raise ValueError for an engine that starts no processes.
    """
    found = multiprocessing.get_context(None if engine == "processes" else engine)
    return cast(DefaultContext, found)  # declared as BaseContext, which has no Process


class SerialExecutor(Executor):
    """A plain loop as an executor: `submit` runs the task itself, in the calling thread."""

    def __init__(self, initializer: Callable | None = None, initargs: tuple = ()) -> None:
        self._closed = False
        if initializer is not None:
            initializer(*initargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Refuse further tasks. There is nothing to wait for and nothing to cancel."""
        self._closed = True

    def submit(self, fn: Callable, /, *args: object, **kwargs: object) -> Future:
        """Run the call and return a finished future. Raise RuntimeError after shutdown."""
        if self._closed:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future: Future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class ProcessExecutor(ProcessPoolExecutor):
    """A ProcessPoolExecutor that records its worker processes, so that `kill` can end them."""

    def __init__(
        self, context: DefaultContext, workers: int, initializer: Callable | None, initargs: tuple
    ) -> None:
        self._recorder = _Recorder(context)
        super().__init__(
            workers,
            mp_context=cast(DefaultContext, self._recorder),  # has all that the executor uses
            initializer=initializer,
            initargs=initargs,
        )

    def has_lost_a_worker(self) -> bool:
        """Return whether a worker has ended. Before shutdown, this always means that it died."""
        return bool(connection.wait(self._sentinels(), timeout=0))

    def kill(self) -> None:
        """Kill every worker, even in the middle of a task; wait at most 2 s until they have ended.

        The executor's own thread then finds its pool broken, and cleans up.
        """
        self.shutdown(wait=False, cancel_futures=True)
        self.end_workers()

    def end_workers(self) -> None:
        """Kill every worker as `kill` does, but let unfinished tasks raise BrokenProcessPool."""
        sentinels = self._sentinels()
        ended = connection.wait(sentinels, timeout=0)
        workers = [process for process in self._started() if process.sentinel not in ended]
        pids = [worker.pid for worker in workers if worker.pid is not None]
        process_control.kill_tree(roots=pids, limit=_END_LIMIT)
        for worker in workers:
            worker.kill()  # for systems that do not show the process
        while sentinels:
            ended = connection.wait(sentinels, timeout=_END_LIMIT)
            if not ended:
                break
            sentinels = [sentinel for sentinel in sentinels if sentinel not in ended]
        # The executor's thread may be reading a result of which only half was sent. It reads on
        # until the last writer closes the pipe, and this process has a writer, too. After we close
        # it, the thread sees the end of the file.
        for results in self._recorder.queues:
            results._writer.close()

    def _started(self) -> list[multiprocessing.process.BaseProcess]:
        return [process for process in self._recorder.made if process.pid is not None]

    def _sentinels(self) -> list[int]:
        # Not is_alive(): it reaps a process that has ended, as the executor's thread does.
        return [process.sentinel for process in self._started()]


class _Recorder:
    """A multiprocessing context that remembers the processes and result queues made through it."""

    def __init__(self, context: DefaultContext) -> None:
        self._context = context
        self.made: list = []
        self.queues: list = []

    def Process(self, *args: Any, **kwargs: Any) -> multiprocessing.process.BaseProcess:  # noqa: ANN401 - passed on unchanged
        process = self._context.Process(*args, **kwargs)
        self.made.append(process)
        return process

    def SimpleQueue(self) -> multiprocessing.queues.SimpleQueue:
        queue = self._context.SimpleQueue()
        self.queues.append(queue)
        return queue

    def __getattr__(self, name: str) -> object:
        return getattr(self._context, name)
