"""A meeting of workers: it proves that they were alive at the same time, and decides their fates.

A lab's worker calls `report`. While a check runs, `report` connects to the check's meeting and
returns when as many workers have come as the check expects, or when the meeting loses patience. So
a check recognizes serial code, and start-join-start-join, without reading a clock.

    worker 1   report --->|            |---> does its job
    worker 2      report ------------->|---> raises JobError
    worker 3            report ------->|---> is killed
                        the last of three has come: the meeting tells each one its fate
"""

from __future__ import annotations

# A connection imports hmac when it authenticates. Import it here, so that no thread holds its
# import lock at the moment in which another thread forks.
import hmac  # noqa: F401
import os
import shutil
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing import AuthenticationError, current_process
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from types import TracebackType

from helpers.rendezvous.stepping import conduct, leave_turns, take_turns
from helpers.validation import number, one_of, texts, whole_number

FATES = ("is done", "fails", "is killed")
_CONFIG_KEY = "course_meeting"  # where a child finds the meeting's address
_IN_TURNS = "goes on in turns"
_RELEASE_GAP = 0.05  # seconds between two workers, with last_first
_PATIENCE_AFTER_JOIN = 1.0  # seconds in which another thread of the parent may still start workers
_MEETING_ENDED = (ConnectionRefusedError, FileNotFoundError)  # on connecting to it
_UNIX = getattr(socket, "AF_UNIX", None) if os.name == "posix" else None
_LONGEST_PATH = 90  # characters; macOS allows 104 for a socket
_open_meetings: list[Meeting] = []  # of this process


class JobError(Exception):
    """The job could not be done."""


def report(job: str) -> None:
    """Report to the check's meeting which worker does this job, and wait until it lets us go on.

    Do nothing if no meeting is open. A lab's work function calls this once for each job. Raise
    JobError if the meeting decides that this job fails, and TypeError if `job` is not a str.
    """
    texts(job=job)
    address, key = _inherited_config().get(_CONFIG_KEY, (None, None))
    if not address:
        return
    leave_turns()
    with suppress(*_MEETING_ENDED):
        meeting = Client(address, authkey=key)
        meeting.send((job, os.getpid(), threading.get_native_id()))
        fate = meeting.recv()
        if fate == _IN_TURNS:
            take_turns(meeting)
        else:
            meeting.close()
            _carry_out(fate, job)


def _carry_out(fate: str, job: str) -> None:
    if fate == "fails":
        raise JobError(f"the job {job!r} could not be done")
    if fate == "is killed":
        # Windows has no SIGKILL. There os.kill ends the process at once for SIGTERM too.
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def parent_joins(pid: int, started: int) -> None:
    """Tell the open meetings that this process's main thread waits for the end of process `pid`.

    `started` is how many processes it has started. A meeting that expects more than these need not
    wait its whole patience: the main thread starts no others while it waits.
    """
    for meeting in _open_meetings:
        if started < meeting.expected:
            meeting.parent_joins(pid)


def _inherited_config() -> dict:
    """Return the dict that multiprocessing passes from each process to its children.

    It passes it by every start method. An environment variable would not reach the children of a
    fork server that was started before it was set.
    """
    return current_process()._config


class Meeting:
    """A `with` block in which workers report; they go on when `expected` of them have come.

    If a worker has waited `patience` seconds, all workers that have come go on. `fates` maps a job
    to one of FATES; other jobs are done. With `last_first`, workers go on one by one, and the last
    to come goes first, so that results come in another order than jobs. With `in_turns`, workers
    that go on together take turns, one instruction each (see stepping.py), so that a race between
    them happens every time.

    `reports` holds (job, process id, thread id) in the order in which the workers came.
    `most_together` is the largest number of threads, of any process, that waited at the same time.
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
        self.report_times: list[float] = []  # of each report, by time.monotonic(), in seconds
        self.most_together = 0
        self._waiting: list[tuple[str, int, Connection]] = []
        self._joined_pids: set[int] = set()  # processes for whose end the parent waits
        self._changed = threading.Condition()
        self._key = os.urandom(16)
        self._folder = tempfile.mkdtemp(prefix="m")
        self._listener = Listener(self._listener_address(), authkey=self._key, backlog=64)
        self._ended = False
        # A job done in this thread reports alone: the thread can't start workers meanwhile.
        self._home_thread = threading.get_native_id()
        self._accept_thread = threading.Thread(target=self._accept_workers, daemon=True)

    def __enter__(self) -> Meeting:
        _inherited_config()[_CONFIG_KEY] = (self._listener.address, self._key)
        self._accept_thread.start()
        _open_meetings.append(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _inherited_config().pop(_CONFIG_KEY, None)
        _open_meetings.remove(self)
        self._ended = True
        self._wake_accept_thread()
        self._accept_thread.join(1)
        self._listener.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        with self._changed:
            self._release_all()

    def _listener_address(self) -> str | tuple[str, int]:
        """Return a path for a Unix socket in a folder of our own, else an address on this machine.

        Other users can't connect to the path, and the runner can tell that it is the course's.
        """
        path = str(Path(self._folder) / "door")
        return path if _UNIX and len(path) < _LONGEST_PATH else ("127.0.0.1", 0)

    def _wake_accept_thread(self) -> None:
        """Connect once: closing a listener does not wake a thread that waits in accept."""
        address = self._listener.address
        family = _UNIX if isinstance(address, str) else socket.AF_INET
        with suppress(OSError), socket.socket(family) as client:
            client.settimeout(1)
            client.connect(address)

    def came(self, count: int, seconds: float) -> bool:
        """Wait up to `seconds` for `count` reports; return whether they have come."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.reports) >= count, seconds)

    def _accept_workers(self) -> None:
        while not self._ended:
            try:
                worker = self._listener.accept()
            except (OSError, EOFError, AuthenticationError):
                continue  # a worker that died while it connected, or a program without the key
            threading.Thread(target=self._receive_report, args=(worker,), daemon=True).start()

    def _receive_report(self, worker: Connection) -> None:
        try:
            report = worker.recv()
        except (OSError, EOFError):
            return
        with self._changed:
            job, pid, thread = report
            waiting = (job, pid, worker)
            self.reports.append(report)
            self.report_times.append(time.monotonic())
            self._waiting.append(waiting)
            self.most_together = max(self.most_together, len(self._waiting))
            self._changed.notify_all()
            if len(self._waiting) >= self.expected or thread == self._home_thread:
                self._release_all()
            elif self._waits_in_vain(waiting):
                self.patience = min(self.patience, 0.1)  # it is serial: don't wait long again
                self._release_all()

    def _waits_in_vain(self, waiting: tuple[str, int, Connection]) -> bool:
        """Wait until this worker is released; return True if patience ran out before.

        If the parent joins the worker's process, the rest of the patience shrinks to
        _PATIENCE_AFTER_JOIN seconds.
        """
        pid = waiting[1]
        self._changed.wait_for(
            lambda: waiting not in self._waiting or pid in self._joined_pids, self.patience
        )
        rest = min(self.patience, _PATIENCE_AFTER_JOIN) if pid in self._joined_pids else 0
        return not self._changed.wait_for(lambda: waiting not in self._waiting, rest)

    def parent_joins(self, pid: int) -> None:
        """Note that the parent's main thread waits for the end of that worker's process."""
        with self._changed:
            self._joined_pids.add(pid)
            self._changed.notify_all()

    def _release_all(self) -> None:
        """Tell each waiting worker its fate. The caller holds `_changed`."""
        # Only other processes take turns. A job in a thread of this process goes on freely.
        in_turns = [
            worker for _, pid, worker in self._waiting if self.in_turns and pid != os.getpid()
        ]
        for job, _, worker in reversed(self._waiting) if self.last_first else self._waiting:
            with suppress(OSError):  # it was killed while it waited
                worker.send(_IN_TURNS if worker in in_turns else self.fates.get(job, FATES[0]))
                if self.last_first:
                    self._wait_until_gone(worker)
        if in_turns:
            threading.Thread(target=conduct, args=(in_turns, self.patience), daemon=True).start()
        self._waiting.clear()
        self._changed.notify_all()

    def _wait_until_gone(self, worker: Connection) -> None:
        """Wait until the worker has closed its connection, and for _RELEASE_GAP seconds more.

        Its result comes after that, and no event tells the meeting that it has come.
        """
        with suppress(EOFError, OSError):
            if worker.poll(self.patience):
                worker.recv()
        threading.Event().wait(_RELEASE_GAP)
