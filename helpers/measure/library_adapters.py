"""Adapters that give each library for running a function over many tasks the same methods.

An adapter is what a user would write, with the library's own defaults: `map` leaves the chunks to
the library, `map_in_chunks` sets their size. An adapter imports its library only when it is opened,
so none of them has to be installed.

Each runs in an interpreter of its own (see `measure.libraries`), because loky and joblib rename the
semaphores of multiprocessing when they are imported, and Dask starts threads.

What `sends` says was read in the sources of CPython 3.13, mpire 2.10, loky 3.7, joblib 1.6 and
distributed 2026.8.
"""

from __future__ import annotations

import multiprocessing
import os
from abc import abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial
from importlib.util import find_spec


class Tool:
    """A pool of `workers` processes, open until `close`; it may put files into `folder`."""

    package = ""  # what must be installed; "" for the standard library
    sends = ""  # how `map` divides the tasks into messages, and how the results are awaited

    def __init__(self, workers: int, folder: str) -> None:
        self._workers, self._folder = workers, folder
        self._open()

    @abstractmethod
    def _open(self) -> None:
        """Import the library and start the processes."""

    @abstractmethod
    def map(self, worker: Callable, tasks: Sequence) -> list:
        """Return the results in the order of the tasks, sent as the library does by default."""

    @abstractmethod
    def map_in_chunks(self, worker: Callable, tasks: Sequence, size: int) -> list:
        """Return what `map` returns, with `size` tasks in a message."""

    def map_arrays(self, worker: Callable, arrays: Sequence) -> list:
        """Return what `map` returns; send large arrays as the library's documentation says."""
        return self.map(worker, arrays)

    @abstractmethod
    def close(self) -> None:
        """End the pool's processes."""


class Pool(Tool):
    """multiprocessing.Pool."""

    sends = "map cuts the tasks into 4 chunks for each worker, and waits without polling"

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
    """A concurrent.futures.Executor, which by default sends one task in a message."""

    _pool: Executor

    def map(self, worker: Callable, tasks: Sequence) -> list:
        return list(self._pool.map(worker, tasks))

    def map_in_chunks(self, worker: Callable, tasks: Sequence, size: int) -> list:
        return list(self._pool.map(worker, tasks, chunksize=size))

    def close(self) -> None:
        self._pool.shutdown()


class ProcessPool(_Executor):
    """concurrent.futures.ProcessPoolExecutor."""

    sends = "map sends each task in a message of its own (chunksize=1), and waits without polling"

    def _open(self) -> None:
        self._pool = ProcessPoolExecutor(self._workers)


class Loky(_Executor):
    """loky's reusable executor, which pickles functions with cloudpickle."""

    package = "loky"
    sends = "map sends each task in a message of its own (chunksize=1), and waits without polling"

    def _open(self) -> None:
        from loky import get_reusable_executor

        self._pool = get_reusable_executor(self._workers, timeout=None)


class Joblib(Tool):
    """joblib.Parallel; it maps large arrays in a file."""

    package = "joblib"
    sends = (
        "doubles its batches until one takes 0.2 to 2 s, "
        "and asks every 10 ms whether the next result is there"
    )

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
        get_reusable_executor().shutdown(wait=True)  # joblib would keep its workers


class Mpire(Tool):
    """mpire.WorkerPool, with workers that stay for the next `map`."""

    package = "mpire"
    sends = "map cuts the tasks into 64 chunks for each worker, and waits without polling"

    def _open(self) -> None:
        from mpire import WorkerPool

        self._pool = WorkerPool(n_jobs=self._workers, keep_alive=True)

    def map(self, worker: Callable, tasks: Sequence) -> list:
        # Each task in a tuple, because mpire unpacks a tuple into arguments.
        return self._pool.map(worker, [(task,) for task in tasks])

    def map_in_chunks(self, worker: Callable, tasks: Sequence, size: int) -> list:
        return self._pool.map(worker, [(task,) for task in tasks], chunk_size=size)

    def close(self) -> None:
        self._pool.stop_and_join()


class Dask(Tool):
    """Dask's distributed scheduler on this machine: one thread in each process, no dashboard."""

    package = "distributed"
    sends = "each task is a message through the scheduler, which decides where it runs"

    def _open(self) -> None:
        # Without these, Dask writes into the user's home, and leaves a temporary folder behind.
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

    # With pure=True, Dask would look up the result of an equal task instead of running it again.
    def map(self, worker: Callable, tasks: Sequence) -> list:
        return self._client.gather(self._client.map(worker, tasks, pure=False))

    def map_in_chunks(self, worker: Callable, tasks: Sequence, size: int) -> list:
        # Dask's batch_size only batches the submission: the scheduler still handles each task.
        chunks = [tasks[i : i + size] for i in range(0, len(tasks), size)]
        return [result for one in self.map(partial(_each, worker), chunks) for result in one]

    def map_arrays(self, worker: Callable, arrays: Sequence) -> list:
        return self.map(worker, self._client.scatter(list(arrays), hash=False))

    def close(self) -> None:
        self._client.close()
        self._cluster.close()


def _each(worker: Callable, tasks: Sequence) -> list:
    return [worker(task) for task in tasks]


TOOLS: dict[str, type[Tool]] = {
    "Pool": Pool,
    "ProcessPoolExecutor": ProcessPool,
    "mpire": Mpire,
    "loky": Loky,
    "joblib": Joblib,
    "Dask": Dask,
}


def why_missing(tool: str) -> str:
    """Return what to install for that tool; an empty string if it is there."""
    package = TOOLS[tool].package
    if not package or find_spec(package):
        return ""
    return f"{tool} is not installed: pip install {package}"
