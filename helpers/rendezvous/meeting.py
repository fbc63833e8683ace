"""A meeting point that proves that workers were alive at the same time.

A lab's worker calls `report`. While a check runs, `report` connects to the check's meeting and
returns only when as many workers have come as the check expects, or when the meeting gives up. So
serial code, or start-join-start-join, is recognized without reading a clock. The meeting also
decides what becomes of each job: it is done, it raises JobError, or its process is killed.
"""

from __future__ import annotations

import hmac  # noqa: F401 (a connection imports it when it is made: while we fork, in a thread)
import os
import shutil
import signal
import socket
import tempfile
import threading
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing import AuthenticationError, current_process
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from types import TracebackType

from helpers.rendezvous.stepping import conduct, leave_turns, take_turns
from helpers.validation import number, one_of, texts, whole_number

FATES = ("is done", "fails", "is killed")
_WHERE = "course_meeting"
_IN_TURNS = "goes on in turns"
_APART = 0.05  # seconds between two that are let go one by one
_STUCK = 1.0  # seconds in which a thread of the parent may still start others
_OVER = (ConnectionRefusedError, FileNotFoundError)  # of who comes when the meeting has ended
_UNIX = getattr(socket, "AF_UNIX", None) if os.name == "posix" else None
_LONGEST_PATH = 90  # letters; macOS allows a socket 104
_open: list[Meeting] = []  # meetings that this process holds


class JobError(Exception):
    """A job that could not be done."""


def report(job: str) -> None:
    """Tell the check's meeting, if there is one, who does this job; go on when it lets us.

    For whatever work a lab gives: it calls this once. Raises JobError for a job that fails.
    """
    texts(job=job)
    address, key = _handed_down().get(_WHERE, (None, None))
    if not address:
        return
    leave_turns()
    with suppress(*_OVER):
        meeting = Client(address, authkey=key)
        meeting.send((job, os.getpid(), threading.get_native_id()))
        fate = meeting.recv()
        if fate == _IN_TURNS:
            take_turns(meeting)
        else:
            meeting.close()
            _meet(fate, job)


def _meet(fate: str, job: str) -> None:
    if fate == "fails":
        raise JobError(f"the job {job!r} could not be done")
    if fate == "is killed":
        # Windows has no SIGKILL: there os.kill ends the process at once, whatever the number.
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def parent_joins(pid: int, started: int) -> None:
    """Told when this process's main thread, having started so many, waits for the end of one."""
    for meeting in _open:
        if started < meeting.expected:
            meeting.parent_joins(pid)


def _handed_down() -> dict:
    """What multiprocessing hands from each process to its children, whatever the start method.

    The environment would not do: a fork server that runs already has an older one.
    """
    return current_process()._config


class Meeting:
    """A place where workers report; all go on when `expected` are there, or `patience` seconds on.

    `fates` tells for a job what becomes of it, one of FATES; it is done, if nothing is told. With
    `last_first` those who came last go on first, one after the other, so that answers come in
    another order than the jobs. With `in_turns` those who are let go together go on in turns, an
    instruction each (see stepping.py), so that a race between them comes about for certain.

    `reports` are (job, process id, thread id) in the order they came; `most_together` is the
    largest number of different threads, in whatever processes, that waited at one moment.
    """

    def __init__(
        self,
        expected: int,
        patience: float,
        fates: Mapping[str, str] | None = None,
        *,
        last_first: bool = False,
        in_turns: bool = False,
    ) -> None:
        self.expected = whole_number("expected", expected, 1, 1_000, "Pass how many, e.g. 3.")
        self.patience = number("patience", patience, 0, 600, "Pass seconds, e.g. 5.")
        self.fates = dict(fates or {})
        for fate in self.fates.values():
            one_of("fates", fate, FATES, "Pass e.g. {'sort': 'fails'}.")
        self.last_first = last_first
        self.in_turns = in_turns
        self.reports: list[tuple[str, int, int]] = []
        self.most_together = 0
        self._waiting: list[tuple[str, int, Connection]] = []
        self._joined: set[int] = set()  # process ids for whose end the parent waits
        self._changed = threading.Condition()
        self._key = os.urandom(16)
        self._folder = tempfile.mkdtemp(prefix="m")
        self._listener = Listener(self._free_address(), authkey=self._key, backlog=64)
        self._over = False
        self._mine = threading.get_native_id()  # who works in this thread can't start others
        self._door = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Meeting:
        _handed_down()[_WHERE] = (self._listener.address, self._key)
        self._door.start()
        _open.append(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _handed_down().pop(_WHERE, None)
        _open.remove(self)
        self._over = True
        self._knock()
        self._door.join(1)
        self._listener.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        with self._changed:
            self._let_go()

    def _free_address(self) -> str | tuple[str, int]:
        """A socket in a folder, where that can be: the runner knows that no stranger uses it."""
        path = str(Path(self._folder) / "door")
        return path if _UNIX and len(path) < _LONGEST_PATH else ("127.0.0.1", 0)

    def _knock(self) -> None:
        """Closing a listener does not wake who waits at it; this does."""
        address = self._listener.address
        family = _UNIX if isinstance(address, str) else socket.AF_INET
        with suppress(OSError), socket.socket(family) as knock:
            knock.settimeout(1)
            knock.connect(address)

    def came(self, count: int, seconds: float) -> bool:
        """Whether that many have reported; waits for them so long at the most."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.reports) >= count, seconds)

    def _accept(self) -> None:
        while not self._over:
            try:
                worker = self._listener.accept()
            except (OSError, EOFError, AuthenticationError):
                continue  # a worker that died at the door, or a stranger
            threading.Thread(target=self._receive, args=(worker,), daemon=True).start()

    def _receive(self, worker: Connection) -> None:
        try:
            report = worker.recv()
        except (OSError, EOFError):
            return
        with self._changed:
            me = (report[0], report[1], worker)
            self.reports.append(report)
            self._waiting.append(me)
            self.most_together = max(self.most_together, len(self._waiting))
            self._changed.notify_all()
            if len(self._waiting) >= self.expected or report[2] == self._mine:
                self._let_go()
            elif self._in_vain(me, report[1]):
                self.patience = min(self.patience, 0.1)  # not together: seen once is enough
                self._let_go()

    def _in_vain(self, me: tuple[str, int, Connection], pid: int) -> bool:
        """Whether all the patience was used up: the others did not come."""
        self._changed.wait_for(
            lambda: me not in self._waiting or pid in self._joined, self.patience
        )
        soon = min(self.patience, _STUCK) if pid in self._joined else 0
        return not self._changed.wait_for(lambda: me not in self._waiting, soon)

    def parent_joins(self, pid: int) -> None:
        """The parent waits for that worker's end: it will hardly start the others meanwhile."""
        with self._changed:
            self._joined.add(pid)
            self._changed.notify_all()

    def _let_go(self) -> None:
        go_on = [worker for _, pid, worker in self._waiting if self.in_turns and pid != os.getpid()]
        for job, _, worker in reversed(self._waiting) if self.last_first else self._waiting:
            with suppress(OSError):  # it was killed while it waited
                worker.send(_IN_TURNS if worker in go_on else self.fates.get(job, FATES[0]))
                if self.last_first:
                    self._see_off(worker)
        if go_on:
            threading.Thread(target=conduct, args=(go_on, self.patience), daemon=True).start()
        self._waiting.clear()
        self._changed.notify_all()

    def _see_off(self, worker: Connection) -> None:
        """Waits until it has gone, and a little longer: no event tells that its answer is there."""
        with suppress(EOFError, OSError):
            if worker.poll(self.patience):
                worker.recv()
        threading.Event().wait(_APART)
