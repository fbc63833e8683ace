"""Where work runs: one loop, threads, processes by start method, interpreters, a Dask cluster.

Each engine is a standard `concurrent.futures.Executor`, so that a program changes engines with one
word. Processes ask their context for children through a small recorder, so that they can be ended
at once on every Python from 3.11 on (the executors' own `kill_workers` is new in 3.14).
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
CLUSTERS = ("dask",)  # take seconds to start, so that none is among what is tried by itself
_END_LIMIT = 2.0  # seconds in which killed workers must have ended
MAX_WORKERS = 61  # what Windows allows a ProcessPoolExecutor; kept everywhere

# A new interpreter knows only the folders that Python itself started with, so the first thing it
# does is this; `exec` is there in every interpreter.
_SET_UP = """
import pickle, sys
sys.path[:] = path
initializer, arguments = pickle.loads(given)
if initializer is not None:
    initializer(*arguments)
"""


def why_missing(engine: str) -> str:
    """Why this machine lacks the engine and what to use instead; empty if it has it."""
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
    """The engines that this machine and this Python have, clusters apart."""
    return tuple(engine for engine in ENGINES if not why_missing(engine))


def starts_processes(engine: str) -> bool:
    """Whether the engine's workers are processes, so that tasks and results are pickled."""
    known = one_of("engine", engine, (*ENGINES, *CLUSTERS), "Pick one of them.")
    return known in ("processes", *START_METHODS, *CLUSTERS)


def executor(
    engine: str, workers: int = 2, *, initializer: Callable | None = None, initargs: tuple = ()
) -> Executor:
    """A new executor of that kind; use it in a `with` block.

    Raises ValueError for an engine that this machine lacks, saying why and what to use.
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
    """An executor of interpreters that find the modules that this one finds."""
    given = pickle.dumps((initializer, initargs))
    if sys.version_info < (3, 14):
        raise RuntimeError(why_missing("interpreters"))
    return concurrent.futures.InterpreterPoolExecutor(
        workers, initializer=exec, initargs=(_SET_UP, {"path": sys.path, "given": given})
    )


def context(engine: str) -> DefaultContext:
    """The multiprocessing context of a process engine; 'processes' is this platform's default."""
    one_of("engine", engine, ("processes", *START_METHODS), "Pick one that starts processes.")
    found = multiprocessing.get_context(None if engine == "processes" else engine)
    return cast(DefaultContext, found)  # it is declared as BaseContext, which lacks Process


class SerialExecutor(Executor):
    """Runs each task in `submit` itself, in the calling thread: the plain loop as an executor."""

    def __init__(self, initializer: Callable | None = None, initargs: tuple = ()) -> None:
        self._closed = False
        if initializer is not None:
            initializer(*initargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more tasks; there is nothing to wait for and nothing to cancel."""
        self._closed = True

    def submit(self, fn: Callable, /, *args: object, **kwargs: object) -> Future:
        """A future that is already done."""
        if self._closed:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future: Future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class ProcessExecutor(ProcessPoolExecutor):
    """A ProcessPoolExecutor whose worker processes are known, so that `kill` can end them."""

    def __init__(
        self, context: DefaultContext, workers: int, initializer: Callable | None, initargs: tuple
    ) -> None:
        self._recorder = _Recorder(context)
        super().__init__(
            workers,
            mp_context=cast(DefaultContext, self._recorder),  # it has all that is asked of one
            initializer=initializer,
            initargs=initargs,
        )

    def has_lost_a_worker(self) -> bool:
        """Whether a worker has ended: before shutdown, that is always a death."""
        return bool(connection.wait(self._sentinels(), timeout=0))

    def kill(self) -> None:
        """End every worker now, whatever it does, and return when they have ended (2 s at most).

        The executor's own thread then finds its pool broken and cleans up by itself.
        """
        self.shutdown(wait=False, cancel_futures=True)
        self.end_workers()

    def end_workers(self) -> None:
        """As `kill`, but every task that is not done yet fails with BrokenProcessPool."""
        sentinels = self._sentinels()
        ended = connection.wait(sentinels, timeout=0)
        workers = [process for process in self._started() if process.sentinel not in ended]
        pids = [worker.pid for worker in workers if worker.pid is not None]
        process_control.kill_tree(roots=pids, limit=_END_LIMIT)
        for worker in workers:
            worker.kill()  # where the system shows no process
        while sentinels:
            ended = connection.wait(sentinels, timeout=_END_LIMIT)
            if not ended:
                break
            sentinels = [sentinel for sentinel in sentinels if sentinel not in ended]
        # The executor's thread may be reading a result of which half was sent. It reads on for as
        # long as anybody can write, and we could: close our end, and it sees the end of the file.
        for results in self._recorder.queues:
            results._writer.close()

    def _started(self) -> list[multiprocessing.process.BaseProcess]:
        return [process for process in self._recorder.made if process.pid is not None]

    def _sentinels(self) -> list[int]:
        # Asked instead of is_alive(), which would compete with the executor's thread for the news.
        return [process.sentinel for process in self._started()]


class _Recorder:
    """A multiprocessing context that remembers the processes and result queues made through it."""

    def __init__(self, context: DefaultContext) -> None:
        self._context = context
        self.made: list = []
        self.queues: list = []

    def Process(self, *args: Any, **kwargs: Any) -> multiprocessing.process.BaseProcess:  # noqa: ANN401 - handed on as they come
        process = self._context.Process(*args, **kwargs)
        self.made.append(process)
        return process

    def SimpleQueue(self) -> multiprocessing.queues.SimpleQueue:
        queue = self._context.SimpleQueue()
        self.queues.append(queue)
        return queue

    def __getattr__(self, name: str) -> object:
        return getattr(self._context, name)
