"""The tools that people pick to run a function over many tasks, each behind the same two methods.

An adapter is what a user would write, with the tool's own defaults: `map` takes the tasks as they
come, `map_in_chunks` sends so many at once. Each imports its tool when it is opened, so that who
has none of them misses nothing.

They run in an interpreter of their own (see `measure.libraries`): loky and joblib rename the
semaphores of multiprocessing where they are imported, and Dask starts threads.
"""

from __future__ import annotations

import multiprocessing
import os
from abc import abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial
from importlib.util import find_spec

from helpers.validation import one_of


class Tool:
    """A pool of `workers` processes, until it is closed; `folder` is for files that it may make."""

    package = ""  # what must be installed; "" for the standard library

    def __init__(self, workers: int, folder: str) -> None:
        self._workers, self._folder = workers, folder
        self._open()

    @abstractmethod
    def _open(self) -> None:
        """Start them."""

    @abstractmethod
    def map(self, worker: Callable, tasks: Sequence) -> list:
        """The results, in the order of the tasks; sent as the tool sends them unless told."""

    @abstractmethod
    def map_in_chunks(self, worker: Callable, tasks: Sequence, size: int) -> list:
        """As `map`, `size` tasks in a message."""

    def map_arrays(self, worker: Callable, arrays: Sequence) -> list:
        """As `map`, for large NumPy arrays: the way that the tool's documentation has for them."""
        return self.map(worker, arrays)

    @abstractmethod
    def close(self) -> None:
        """End its processes."""


class Pool(Tool):
    """multiprocessing.Pool: `map` cuts the tasks into four chunks a worker."""

    def _open(self) -> None:
        self._pool = multiprocessing.Pool(self._workers)

    def map(self, worker: Callable, tasks: Sequence) -> list:
        return self._pool.map(worker, tasks)

    def map_in_chunks(self, worker: Callable, tasks: Sequence, size: int) -> list:
        return self._pool.map(worker, tasks, chunksize=size)

    def close(self) -> None:
        self._pool.close()
        self._pool.join()


class _Executor(Tool):
    """A concurrent.futures.Executor: one task a message, unless told otherwise."""

    _pool: Executor

    def map(self, worker: Callable, tasks: Sequence) -> list:
        return list(self._pool.map(worker, tasks))

    def map_in_chunks(self, worker: Callable, tasks: Sequence, size: int) -> list:
        return list(self._pool.map(worker, tasks, chunksize=size))

    def close(self) -> None:
        self._pool.shutdown()


class ProcessPool(_Executor):
    """concurrent.futures.ProcessPoolExecutor."""

    def _open(self) -> None:
        self._pool = ProcessPoolExecutor(self._workers)


class Loky(_Executor):
    """loky's reusable executor: functions travel by value, a dead worker is replaced."""

    package = "loky"

    def _open(self) -> None:
        from loky import get_reusable_executor

        self._pool = get_reusable_executor(self._workers, timeout=None)


class Joblib(Tool):
    """joblib.Parallel: it sizes its batches by how long they take; large arrays go by a file."""

    package = "joblib"

    def _open(self) -> None:
        from joblib import Parallel, delayed

        self._delayed = delayed
        self._parallel = Parallel(self._workers).__enter__()

    def map(self, worker: Callable, tasks: Sequence) -> list:
        return self._parallel(self._delayed(worker)(task) for task in tasks)

    def map_in_chunks(self, worker: Callable, tasks: Sequence, size: int) -> list:
        before, self._parallel.batch_size = self._parallel.batch_size, size
        try:
            return self.map(worker, tasks)
        finally:
            self._parallel.batch_size = before

    def close(self) -> None:
        from joblib.externals.loky import get_reusable_executor

        self._parallel.__exit__(None, None, None)
        get_reusable_executor().shutdown(wait=True)  # joblib keeps its workers for the next time


class Mpire(Tool):
    """mpire.WorkerPool, with workers that stay for the next `map`."""

    package = "mpire"

    def _open(self) -> None:
        from mpire import WorkerPool

        self._pool = WorkerPool(n_jobs=self._workers, keep_alive=True)

    def map(self, worker: Callable, tasks: Sequence) -> list:
        # Each in a tuple of its own: mpire takes a tuple apart into arguments.
        return self._pool.map(worker, [(task,) for task in tasks])

    def map_in_chunks(self, worker: Callable, tasks: Sequence, size: int) -> list:
        return self._pool.map(worker, [(task,) for task in tasks], chunk_size=size)

    def close(self) -> None:
        self._pool.stop_and_join()


class Dask(Tool):
    """Dask's distributed scheduler on this machine: one thread a process, no dashboard."""

    package = "distributed"

    def _open(self) -> None:
        # Or it writes into the user's home, and leaves a folder where temporary files are.
        os.environ.update(DASK_CONFIG=self._folder, DASK_TEMPORARY_DIRECTORY=self._folder)
        from distributed import Client, LocalCluster

        self._cluster = LocalCluster(
            n_workers=self._workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            host="127.0.0.1",
            silence_logs=50,
        )
        self._client = Client(self._cluster)

    # pure=False: or the same task would be looked up instead of done again.
    def map(self, worker: Callable, tasks: Sequence) -> list:
        return self._client.gather(self._client.map(worker, tasks, pure=False))

    def map_in_chunks(self, worker: Callable, tasks: Sequence, size: int) -> list:
        # Its own batch_size only batches the submission; each task stays one for the scheduler.
        chunks = [tasks[i : i + size] for i in range(0, len(tasks), size)]
        return [result for one in self.map(partial(_each, worker), chunks) for result in one]

    def map_arrays(self, worker: Callable, arrays: Sequence) -> list:
        return self.map(worker, self._client.scatter(list(arrays), hash=False))

    def close(self) -> None:
        self._client.close()
        self._cluster.close()


def _each(worker: Callable, tasks: Sequence) -> list:
    return [worker(task) for task in tasks]


# Those of the standard library come first: they fork before any other has started threads.
TOOLS: dict[str, type[Tool]] = {
    "Pool": Pool,
    "ProcessPoolExecutor": ProcessPool,
    "mpire": Mpire,
    "loky": Loky,
    "joblib": Joblib,
    "Dask": Dask,
}


def why_missing(tool: str) -> str:
    """What to install for that tool; empty if it is there."""
    package = TOOLS[one_of("tool", tool, tuple(TOOLS), "Pick one of them.")].package
    if not package or find_spec(package):
        return ""
    return f"{tool} is not installed: pip install {package}"
