"""Measurements on another interpreter: this Python in a separate process, or another Python.

The kernel stays free meanwhile, the measured threads do not compete with the kernel's, and ending
the interpreter ends everything that it started.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from helpers.engines import server
from helpers.engines.pool import (
    Progress,
    Stopped,
    WorkFailed,
    check_hooks,
    check_tasks,
    check_worker,
    measure_here,
    module_of,
)
from helpers.process_control import PythonProgram
from helpers.validation import bad_type, bad_value

_ENDED = ("ended",)


class OtherInterpreter:
    """A separate Python process that measures what it is given; use it in a `with` block.

    `python` is a path or a name; by default it is this Python. Creating it raises ValueError if
    there is no such program. It does not wait until the process is ready: `result` does that.
    """

    def __init__(self, python: str | os.PathLike | None = None) -> None:
        self.python = _program(sys.executable if python is None else python)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in close()
        self._messages: queue.SimpleQueue[tuple] = queue.SimpleQueue()
        self._loading = 0  # jobs that it was sent and has not unpickled so far
        self._process = PythonProgram(
            "-m",
            "helpers.engines.server",
            python=self.python,
            variables={"PYTHONWARNINGS": "ignore"},
            own_session=False,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._requests, self._answers = self._process.stdin, self._process.stdout
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> OtherInterpreter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """Return the interpreter's process id."""
        return self._process.pid

    def load_call(self, function: Callable, **options: object) -> None:
        """Load `function(**options, progress=…, stop=…)`, which `go` will call.

        `result` returns what the function returns. The function reports its progress by calling
        progress(done, total). Raise TypeError or ValueError for what can't be pickled or imported
        there.
        """
        for one in (function, *filter(callable, options.values())):
            _check_function(one)
        self._send_call(function, options, "options", options, "Pass numbers and text.")

    def load(self, worker: Callable, tasks: object, **options: object) -> None:
        """Load tasks for `worker`, which `go` will start; the options are those of `measure`.

        The default engine is a plain loop. Raise TypeError or ValueError for what can't be pickled
        or imported there.
        """
        _check_function(worker)
        job = {"engine": "serial", **options, "worker": worker, "tasks": check_tasks(tasks)}
        self._send_call(measure_here, job, "tasks", tasks, "Make such things in the worker.")

    def wait_until_loaded(self, stop: threading.Event | None = None) -> None:
        """Wait until the interpreter runs and has unpickled all jobs that were loaded so far.

        Raise the same errors as `result`.
        """
        try:
            while self._loading:
                self._next_answer(None, stop)
        except BaseException:
            self.close()
            raise

    def go(self) -> None:
        """Start the loaded job. Raise WorkFailed if the interpreter has ended."""
        self._send(("go",))

    def result(self, progress: Progress | None = None, stop: threading.Event | None = None) -> Any:  # noqa: ANN401 - whatever the function returned
        """Wait for the job; return the Run of the tasks, or what the function returned.

        Raise WorkFailed if the job fails, and Stopped once `stop` is set. In these cases, and after
        an interrupt, the interpreter and all its descendants are killed.
        """
        check_hooks(progress, stop)
        try:
            return self._await(progress, stop)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Kill the interpreter and everything that it started."""
        self._process.kill_tree()
        with contextlib.suppress(OSError):
            self._requests.close()
        self._reader.join(timeout=1)
        self._errors.close()

    def _await(self, progress: Progress | None, stop: threading.Event | None) -> object:
        while True:
            kind, *rest = self._next_answer(progress, stop)
            if kind == "done":
                return rest[0]

    def _next_answer(self, progress: Progress | None, stop: threading.Event | None) -> tuple:
        """Return the next message of the interpreter; raise WorkFailed if it tells of a failure."""
        while True:
            if stop is not None and stop.is_set():
                raise Stopped
            try:
                kind, *rest = self._messages.get(timeout=0.05)
            except queue.Empty:
                continue
            if kind == "loaded":
                self._loading -= 1
            elif kind == "progress" and progress is not None:
                progress(*rest)
            elif kind == "failed":
                raise WorkFailed(f"On {self.python}: {rest[0]}: {rest[1]}")
            elif kind == "ended":
                raise WorkFailed(
                    f"{self.python} ended before its work was done: {self._last_words()}"
                )
            return kind, *rest

    def _read(self) -> None:
        try:
            while True:
                self._messages.put(pickle.load(self._answers))
        except (EOFError, OSError, pickle.UnpicklingError):
            self._messages.put(_ENDED)
        except Exception as error:  # a result can raise anything while it is unpickled
            words = f"{error} (while its results were read)"
            self._messages.put(("failed", type(error).__name__, words))
        finally:
            self._answers.close()

    def _send_call(
        self, function: Callable, options: dict, name: str, given: object, advice: str
    ) -> None:
        """Send what to call, and the folders in which its functions are found.

        Raise ValueError about the argument `name` if it can't be pickled.
        """
        try:
            pickled = pickle.dumps({"call": function, "options": options}, server.PROTOCOL)
        except Exception as error:  # pickle raises many types of errors
            raise bad_value(name, given, "plain data that can be pickled", advice) from error
        functions = [function, *filter(callable, options.values())]
        folders = dict.fromkeys(folder for one in functions for folder in _folders_of(one))
        self._loading += 1
        self._send(("load", list(folders), pickled))

    def _send(self, request: tuple) -> None:
        try:
            pickle.dump(request, self._requests, server.PROTOCOL)
            self._requests.flush()
        except OSError as error:  # it has ended: the end of its standard error says why
            raise WorkFailed(f"{self.python} does not answer: {self._last_words()}") from error

    def _last_words(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1)
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"exit code {self._process.returncode}"


def find_free_threaded() -> str | None:
    """Return the path of a free-threaded Python on this machine, or None.

    Look for python3.15t, python3.14t and python3.13t on the search path, then in the folders of
    pyenv and uv.
    """
    for version in ("3.15", "3.14", "3.13"):
        found = shutil.which(f"python{version}t")
        if found:
            return found
    home = Path.home()
    kept = (
        *Path(os.environ.get("PYENV_ROOT", home / ".pyenv")).glob("versions/3.1?*t/bin/python"),
        *home.glob(".local/share/uv/python/cpython-*freethreaded*/bin/python"),
        *home.glob("AppData/Roaming/uv/python/cpython-*freethreaded*/python.exe"),
    )
    return str(max(kept)) if kept else None


def _program(python: object) -> str:
    if not isinstance(python, (str, os.PathLike)):
        raise bad_type("python", python, "a path or a name", "Pass e.g. 'python3.13'.")
    found = shutil.which(os.fspath(python))
    if not found:
        raise bad_value(
            "python", os.fspath(python), "a Python on this machine", "Pass its whole path."
        )
    return found


def _check_function(worker: Callable) -> None:
    """Raise TypeError or ValueError for a function that another interpreter can't import."""
    check_worker(worker, leaves_this_process=True)
    if module_of(worker) == "__main__":
        advice = "Another interpreter can't import it: put it into a file of its own."
        raise bad_value("worker", worker, "a function of an imported module", advice)


def _folders_of(worker: Callable) -> list[str]:
    """Return the folder of the worker's module in a list; empty for the standard library."""
    top = module_of(worker).partition(".")[0]
    if top in sys.stdlib_module_names:  # the other Python has its own copy
        return []
    spec = getattr(sys.modules.get(top), "__spec__", None)
    if spec is None:
        return []
    inside = [*(spec.submodule_search_locations or ()), *filter(None, [spec.origin])]
    return [str(Path(inside[0]).parent)] if inside else []
