"""Run a program that may hang, crash or multiply: in a process tree of its own, within limits.

start apart -> watch (time, output, who was started) -> end the whole tree -> Report
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from helpers import trees
from helpers.refusals import bad_type, bad_value, number

PROGRAMS = Path(__file__).parent / "programs"
_MOST_OUTPUT = 1_000_000  # bytes; a pool whose workers fail for ever writes this in seconds
_LOOK_EVERY = 0.05  # seconds between two looks at the tree
_SERVICES_END = 5  # seconds that trackers and fork servers may take, on a machine that is busy
_ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Report:
    """What a program did. `left` names the processes that were still alive when it had ended.

    `exit_code` is None if it had to be ended; then `reason` says why.
    """

    program: str
    exit_code: int | None
    reason: str
    seconds: float
    output: str
    started: int
    left: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """One fixed line: ended, ended with an exit code, or why it was stopped."""
        if self.exit_code is None:
            return f"stopped: {self.reason}"
        words = "ended" if self.exit_code == 0 else f"ended with exit code {self.exit_code}"
        return f"{words}, {len(self.left)} left behind" if self.left else words


def run_safely(program: str | os.PathLike, *args: object, limit: float = 10.0) -> Report:
    """What happened when the Python file `program` ran, for `limit` seconds at the most: a Report.

    A bare name is looked for among the course's own programs, then in the current folder. Whatever
    the program starts is ended before this returns, also when it is interrupted.
    """
    path = _find(program)
    number("limit", limit, 0.1, 600, "Pass seconds, e.g. limit=5.")
    token = uuid.uuid4().hex
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [sys.executable, str(path), *map(str, args)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=_environment(token),
            **trees.apart(),
        )
        watch = _Watch(process, token)
        try:
            reason = watch.until_it_ends(limit, output.fileno())
            left = watch.survivors() if not reason else []
        finally:
            watch.end_all()
        return Report(
            program=path.name,
            exit_code=None if reason else process.returncode,
            reason=reason,
            seconds=watch.seconds,
            output=_text(output),
            started=len(watch.seen),
            left=tuple(sorted(left)),
        )


def show_source(program: str | os.PathLike) -> None:
    """Print the program's own text."""
    print(_find(program).read_text(encoding="utf-8").rstrip())


class _Watch:
    """The tree below one process, as it was seen while it ran."""

    def __init__(self, process: subprocess.Popen, token: str) -> None:
        self._process, self._token, self._began = process, token, time.perf_counter()
        self._main = psutil.Process(process.pid)
        self.seen: dict[int, psutil.Process] = {}
        self.seconds = 0.0

    def until_it_ends(self, limit: float, output: int) -> str:
        """Empty when it ended by itself, else why it may not go on."""
        while True:
            self._look()
            try:
                self._process.wait(timeout=_LOOK_EVERY)
            except subprocess.TimeoutExpired:
                pass
            else:
                self.seconds = time.perf_counter() - self._began
                return ""
            self.seconds = time.perf_counter() - self._began
            if self.seconds > limit:
                return f"it had not ended after {limit:g} s"
            if os.fstat(output).st_size > _MOST_OUTPUT:
                return f"it wrote more than {_MOST_OUTPUT:,} bytes"

    def survivors(self) -> list[str]:
        """What still lives after the program ended; trackers and fork servers get time to end."""
        self._look()
        psutil.wait_procs([p for p in self.seen.values() if _is_service(p)], timeout=_SERVICES_END)
        alive = [p for p in self.seen.values() if trees.is_alive(p) and not trees.is_tracker(p)]
        servers = _servers(alive)
        return [_name(process) for process in alive if process not in servers]

    def end_all(self) -> None:
        """End everything that was seen and everything that carries our token."""

        def look() -> list[psutil.Process]:
            self._look()
            return [self._main, *self.seen.values(), *_carriers(self._token)]

        trees.end_all(look)
        self._process.wait()

    def _look(self) -> None:
        for process in trees.descendants(self._process.pid):
            self.seen.setdefault(process.pid, process)
        if self._process.poll() is not None:  # orphans have another parent now
            for process in _carriers(self._token):
                self.seen.setdefault(process.pid, process)


def _carriers(token: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.environ().get("COURSE_RUN") == token and trees.is_alive(process):
                found.append(process)
    return found


def _is_service(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        words = " ".join(process.cmdline())
        return "resource_tracker" in words or "multiprocessing.forkserver" in words
    return True  # it is gone


def _servers(processes: list[psutil.Process]) -> list[psutil.Process]:
    """The fork servers among them. A server's children bear its command line, so one that has no
    such child is taken for a child itself: a server without children ends."""
    parents = set()
    for process in processes:
        with suppress(psutil.Error):
            parents.add(process.ppid())
    return [process for process in processes if _is_service(process) and process.pid in parents]


def _name(process: psutil.Process) -> str:
    with suppress(psutil.Error):
        return process.name()
    return "a process"


def _environment(token: str) -> dict[str, str]:
    path = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **os.environ,
        "COURSE_RUN": token,
        "PYTHONPATH": os.pathsep.join(path),
        "PYTHONUNBUFFERED": "1",
        "PYTHONIOENCODING": "utf-8",
    }


def _text(output: object) -> str:
    output.seek(0)
    text = output.read(_MOST_OUTPUT).decode("utf-8", errors="replace")
    return text if len(text) < 20_000 else f"{text[:10_000]}\n[…]\n{text[-10_000:]}"


def _find(program: object) -> Path:
    if not isinstance(program, (str, os.PathLike)):
        raise bad_type("program", program, "a file's name", "Pass e.g. 'work_01.py'.")
    for path in (PROGRAMS / program, Path(program)):
        if path.is_file():
            return path.resolve()
    have = ", ".join(sorted(path.name for path in PROGRAMS.glob("*.py") if path.name[0] != "_"))
    raise bad_value("program", str(program), f"a Python file, or one of {have}", "Check the name.")
