"""The far side of `helpers.measure.interpreter`: an interpreter that measures what it is told to.

    stdin:  ("load", module folders, pickled job) | ("go",) | ("stop",) | end of file: end now
    stdout: ("progress", done, total) | ("done", Run) | ("failed", kind, text)

Standard library only. It ends, and its workers with it, when its standard input closes, and so
also when the process that started it dies.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import queue
import sys
import threading
from typing import BinaryIO

PROTOCOL = 4  # known to every Python that this course runs on


def _serve() -> None:
    requests, answers = _take_over_streams()
    jobs: queue.SimpleQueue[tuple] = queue.SimpleQueue()
    stop = threading.Event()
    threading.Thread(target=_listen, args=(requests, jobs, stop), daemon=True).start()
    job: dict = {}
    while True:
        kind, *rest = jobs.get()
        try:
            if kind == "load":
                folders, pickled = rest
                sys.path[:0] = [folder for folder in folders if folder not in sys.path]
                job = pickle.loads(pickled)
            else:
                _tell(answers, "done", _measured(job, answers, stop))
        except Exception as error:  # whatever it is, the near side raises it in words
            _tell(answers, "failed", type(error).__name__, str(error))


def _measured(job: dict, answers: BinaryIO, stop: threading.Event) -> object:
    """The Run of the job, its Sweep if it names several engines, or what its function returns."""

    def progress(done: int, total: int) -> None:
        _tell(answers, "progress", done, total)

    if "call" in job:
        return job["call"](**job["options"], stop=stop, progress=progress)
    if "engines" in job:
        from helpers.measure.sweeps import (
            sweep as measure,  # needs psutil, so only where it is asked for
        )
    else:
        from helpers.engines.pool import measure_here as measure
    return measure(**job, stop=stop, progress=progress)


def _take_over_streams() -> tuple[BinaryIO, BinaryIO]:
    """Keep the protocol's two pipes to ourselves: nothing a worker prints may get into them."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(2, 1)
    return requests, answers


def _listen(requests: BinaryIO, jobs: queue.SimpleQueue[tuple], stop: threading.Event) -> None:
    while True:
        try:
            request = pickle.load(requests)
        except Exception:  # the end of the file, or nothing that we could understand
            _end()
        if request[0] == "stop":
            stop.set()
        else:
            if request[0] == "go":
                stop.clear()
            jobs.put(request)


def _tell(answers: BinaryIO, *message: object) -> None:
    answers.write(pickle.dumps(message, PROTOCOL))  # all of it or, if it can't be pickled, nothing
    answers.flush()


def _end() -> None:
    """End without waiting for anything; trackers and fork servers follow when their pipes close."""
    try:
        for _ in range(20):  # a pool may start another worker while its last one is killed
            children = multiprocessing.active_children()
            for child in children:
                child.kill()
            for child in children:
                child.join(0.1)
            if not children:
                break
    finally:  # the thread that works may close a child at the same moment, which raises here
        os._exit(0)


if __name__ == "__main__":
    _serve()
