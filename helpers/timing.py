"""Functions that run where tasks are measured: they prepare a process, and time tasks.

Keep imports few: every child process loads this module. `time.perf_counter` is system-wide, so
times that different processes read can be compared:
https://docs.python.org/3/library/time.html#time.perf_counter
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from array import array
from collections.abc import Callable, Sequence
from contextlib import suppress
from time import perf_counter, thread_time

STAMPS = 3  # numbers for each task: start, end, CPU time, all in seconds
START_LIMIT = 120  # seconds for all workers to start; a busy machine starts them slowly
_LARGEST_KEPT = 31 * 2**20  # bytes; glibc always returns blocks of more than 32 MiB


class TaskFailed(Exception):
    """An error that a worker raised: args are (index of the task in its chunk, the error's text).

    The original exception may not survive pickling; a number and a text always do.
    """


def keep_freed_memory() -> None:
    """Let this process use freed memory again, instead of fetching it from the system each time.

    glibc, the C library of most Linux systems, returns a large block to the system when it is
    freed, until a block of that size has been freed once; see M_MMAP_THRESHOLD in mallopt(3). So
    the same task on large arrays can take twice as long in a new process as in one that has run for
    a while, or in a fork of it. Call this wherever tasks are measured, so that they do the same
    everywhere. Nothing is written into the block, so it takes some microseconds.
    """
    if sys.version_info < (3, 15) and "t" not in getattr(sys, "abiflags", ""):
        bytes(_LARGEST_KEPT)  # Python takes such a block from the C library
    elif sys.platform == "linux":
        with suppress(OSError, AttributeError):  # a Python without a C library to load
            _allocate_and_free_by_c()


def _allocate_and_free_by_c() -> None:
    """Take a large block from the C library itself, and return it.

    Python 3.15 and the free-threaded builds bring their own allocator, mimalloc. NumPy uses
    glibc's.
    """
    import ctypes  # takes some milliseconds

    library = ctypes.CDLL(None)
    library.malloc.restype, library.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    library.free.restype, library.free.argtypes = None, [ctypes.c_void_p]
    library.free(library.malloc(_LARGEST_KEPT))


def arrive(barrier: threading.Barrier) -> None:
    """Wait, as a thread's initializer, until all threads of the pool have started.

    Return also if the barrier breaks, because one of them did not start.
    """
    with suppress(threading.BrokenBarrierError):
        barrier.wait(START_LIMIT)


def arrive_in_process(barrier: threading.Barrier, worker: object) -> None:
    """Wait, as a process's initializer, until all processes of the pool have started.

    `worker` is not called. Unpickling it imports its module, before any clock runs. The process
    ends with the one that started it. It ignores an interrupt from the keyboard, which reaches all
    processes at once, and leaves it to its parent, which ends the pool in order.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from helpers import process_control  # workers that are threads need not load it

    process_control.exit_with_parent()
    keep_freed_memory()
    barrier.wait(START_LIMIT)


def arrive_by_queues(here: object, go: object, worker: object) -> None:
    """Wait as `arrive_in_process` does, in an interpreter: it can share queues but no barrier."""
    here.put(None)
    go.get(timeout=START_LIMIT)


def ready() -> None:
    """Do nothing. Submitted once for each worker, it makes an executor start all its workers."""


def timed_chunk(
    worker: Callable, chunk: Sequence, given_up: threading.Event | None = None
) -> tuple[int, int, bytes, list]:
    """Call `worker` for each task of `chunk`, and time the calls.

    Return (process id, thread id, STAMPS doubles for each task as bytes, results). Bytes pickle
    about ten times faster than objects. Raise TaskFailed if the worker raises. Once `given_up` is
    set, start no more tasks.
    """
    stamps, results = array("d"), []
    cpu = thread_time()  # read only once for each task: reading it takes as long as an empty task
    for task in chunk:
        if given_up is not None and given_up.is_set():
            break
        start = perf_counter()
        try:
            result = worker(task)
        except (Exception, SystemExit) as error:
            raise TaskFailed(len(results), _error_text(error)) from error
        end, used = perf_counter(), thread_time()
        stamps.extend((start, end, used - cpu))
        results.append(result)
        cpu = used
    return os.getpid(), threading.get_ident(), stamps.tobytes(), results


def _error_text(error: BaseException) -> str:
    """Return the last lines of the traceback: the type of the error and its message."""
    from traceback import format_exception_only  # only an error needs it

    return "".join(format_exception_only(error)).strip()
