"""One night of lab 02's supervisor: jobs of known ends, one call, and what was seen of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import ModuleType

from helpers.checks.lifecycle import Lifecycle
from helpers.checks.parallelism import all_together, not_by_parent, one_process_each
from helpers.checks.timeouts import Overdue, alive, end_all
from helpers.checks.verdict import OK, Judgement, Verdict, not_yet, one_line
from helpers.rendezvous.meeting import Meeting

FAR = 60.0  # seconds; longer than a check may take, so nobody may wait for it
PATIENCE = 5.0  # more than the interpreters need to start on a loaded machine
_OVERDUE = 3.0  # how long a call may stay away when nothing is left to wait for


class Night:
    """One call of `answer.supervise` with these jobs.

    Unless the deadline is FAR, a stop is held back until all the jobs have reported: so it does not
    matter how long a busy machine takes to start them. A call that does not come back is judged by
    `overdue`, which gets the reason.
    """

    def __init__(
        self,
        answer: ModuleType,
        jobs: dict[str, tuple],
        deadline: float,
        patience: float,
        overdue: Callable[[Night, str], list[Verdict]],
    ) -> None:
        self.jobs, self.deadline, self.patience = jobs, deadline, patience
        self.ended: Judgement = OK
        self._answer, self._overdue, self._got = answer, overdue, None
        self._meeting = Meeting(len(jobs), PATIENCE)
        self._lifecycle = Lifecycle(self._wait_for_jobs)
        self._held, self._holds = 0.0, False  # seconds that a stop was held back; whether one is

    def run(self) -> Night:
        """Make the call. What it raises goes on, unless jobs ran in this process: that is told."""
        watch = Overdue(self._answer, self._lifecycle, _OVERDUE, self._is_due, self._tell)
        self._began = time.monotonic()
        try:
            with self._meeting, self._lifecycle, watch:
                self._call()
        finally:
            end_all(self._lifecycle)
        return self

    def _call(self) -> None:
        try:
            self._got = self._answer.supervise(dict(self.jobs), self.deadline, self.patience)
        except NotImplementedError:
            raise
        except (Exception, SystemExit):  # a job's own, if it ran here
            if self.in_processes() == OK:
                raise
        self._back = time.monotonic()
        self.ended = self._all_ended()

    def in_processes(self) -> Judgement:
        """Whether no job ran in this process."""
        return not_by_parent(self._meeting)

    def together(self) -> Judgement:
        """Whether each job ran in a process of its own, and all at the same time."""
        seen, jobs = len(self._meeting.reports), len(self.jobs)
        judgement = self.in_processes()
        if judgement == OK and seen != jobs and self._lifecycle.stopped:
            return not_yet(
                f"{jobs - seen} of {jobs} jobs were stopped before they could begin. "
                "Was the deadline over? It was far away"
            )
        if judgement == OK and seen != jobs:
            return not_yet(
                f"expected {jobs} jobs to run, saw {seen}. "
                "Has each Process target=function and args=args, and is it started?"
            )
        judgements = (
            judgement,
            one_process_each(self._meeting, jobs),
            all_together(self._meeting, self._lifecycle, jobs),
        )
        return next((judgement for judgement in judgements if judgement != OK), OK)

    def codes(self, judged: Callable[[dict], Judgement]) -> Judgement:
        """What `judged` says of the exit codes, if there is one for every job."""
        got = self._got
        if not isinstance(got, dict):
            return not_yet(
                f"expected a dict of name: exit code, got {one_line(got)}. What does it return?"
            )
        if missing := [name for name in self.jobs if name not in got]:
            return not_yet(f"no exit code for {', '.join(missing)}. Is every process asked for it?")
        if extra := [name for name in got if name not in self.jobs]:
            return not_yet(f"nobody asked for {one_line(extra)}. The names are those of the jobs")
        if early := [name for name in self.jobs if got[name] is None]:
            return not_yet(
                f"the exit code of {', '.join(early)} is None: it was read before the process had "
                "ended. Stop it, join() it, then read"
            )
        return judged({name: got[name] for name in self.jobs})

    def last_stop(self) -> float:
        """Seconds from the last start to the moment when the last one was stopped.

        To the call's return, if none was. Without what they were held back.
        """
        last = max(self._lifecycle.first_stop.values(), default=self._back)
        return last - self._lifecycle.last_start - self._held

    def _wait_for_jobs(self) -> None:
        """Until all have reported, before the first is stopped; with a far deadline nobody is."""
        if self.deadline == FAR or len(self._lifecycle.started) < len(self.jobs):
            return
        began, self._holds = time.monotonic(), True
        self._meeting.came(len(self.jobs), PATIENCE)
        self._held = max(self._held, time.monotonic() - began)
        self._holds = False

    def _is_due(self) -> bool:
        all_up = len(self._lifecycle.started) >= len(self.jobs)
        if all_up and not alive(self._lifecycle):
            return True
        last = max(self._began, self._lifecycle.last_start) + self.deadline
        return not self._holds and time.monotonic() > last + (self._held if all_up else PATIENCE)

    def _tell(self, where: str) -> list[Verdict]:
        return self._overdue(self, self._why_overdue(where))

    def _why_overdue(self, where: str) -> str:
        left = len(alive(self._lifecycle))
        if not left:
            return (
                f"every job has ended, and supervise still waits, {where}. "
                "join(timeout) comes back as soon as the process has ended; sleep does not"
            )
        if left == len(set(self._lifecycle.stopped)) == len(self.jobs):
            return (
                "a job takes no notice of terminate(), and supervise still waits for it, "
                f"{where}. kill() can't be refused"
            )
        return (
            f"{left} of {len(self.jobs)} jobs hang, and supervise still waits for them, {where}. "
            "join() without a time-out waits for ever"
        )

    def _all_ended(self) -> Judgement:
        left, started = len(alive(self._lifecycle)), len(self._lifecycle.started)
        if left:
            return not_yet(f"{left} of {started} processes are still alive: stop them")
        return self._lifecycle.all_joined()
