"""The child's side of `helpers.measure.interpreter`: a program that measures the jobs it gets.

    stdin:  ("load", module folders, pickled job) | ("go",) | ("stop",) | end of file: end now
    stdout: ("loaded",) | ("progress", done, total) | ("done", Run) | ("failed", kind, text)

Standard library only. The parent kills this program and everything it started. If standard input
closes, the parent has died; then the program kills itself and everything it started.
"""

from __future__ import annotations

import os
import pickle
import queue
import sys
import threading
from typing import BinaryIO

from helpers import process_control, timing

PROTOCOL = 4  # known to every Python that this course runs on


def _serve() -> None:
    process_control.use_job_object()
    timing.keep_freed_memory()
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
                _tell(answers, "loaded")
            else:
                _tell(answers, "done", _measured(job, answers, stop))
        except Exception as error:  # of any type: the parent raises WorkFailed with its text
            _tell(answers, "failed", type(error).__name__, str(error))


def _measured(job: dict, answers: BinaryIO, stop: threading.Event) -> object:
    """Return what the job's function returns, such as a Run."""

    def progress(done: int, total: int) -> None:
        _tell(answers, "progress", done, total)

    return job["call"](**job["options"], stop=stop, progress=progress)


def _take_over_streams() -> tuple[BinaryIO, BinaryIO]:
    """Return the protocol's two pipes, and send what workers print elsewhere."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(2, 1)
    return requests, answers


def _listen(requests: BinaryIO, jobs: queue.SimpleQueue[tuple], stop: threading.Event) -> None:
    while True:
        try:
            request = pickle.load(requests)
        except Exception:  # the end of the file, or bytes that are not a request
            process_control.kill_own_tree()
        if request[0] == "stop":
            stop.set()
        else:
            if request[0] == "go":
                stop.clear()
            jobs.put(request)


def _tell(answers: BinaryIO, *message: object) -> None:
    answers.write(pickle.dumps(message, PROTOCOL))  # pickle first: nothing is sent if it fails
    answers.flush()


if __name__ == "__main__":
    _serve()
