"""One call of a learner's supervisor in lab 02, with jobs that end in known ways."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import ModuleType

from helpers.checks.lifecycle import Lifecycle
from helpers.checks.parallelism import all_together, not_by_parent, one_process_each
from helpers.checks.timeouts import Overdue, alive, kill_all, nothing_started
from helpers.checks.verdict import OK, Judgment, Verdict, not_yet, one_line
from helpers.rendezvous.meeting import Meeting

FAR = 60.0  # seconds; longer than a check may take, so a right answer never waits for it
PATIENCE = 5.0  # seconds; more than the interpreters need to start on a loaded machine
_GRACE = 3.0  # seconds that a call may stay away when nothing is left to wait for


class SupervisedRun:
    """One call of `answer.supervise` with these jobs; `deadline` and `patience` are in seconds.

    Unless the deadline is FAR, each stop is held back until all jobs have reported. So the verdict
    does not depend on how long a busy machine takes to start them.

        start all      deadline: supervise stops the first        the stop is carried out
        ----|--------------------|-----------------------------------|--------->
                                 |<-- held back: jobs still start -->|

    If the call does not return, `overdue` is called with this run and the reason, and returns the
    verdicts to send. `ended` is the judgment on whether every process was stopped and joined.
    """

    def __init__(
        self,
        answer: ModuleType,
        jobs: dict[str, tuple],
        deadline: float,
        patience: float,
        overdue: Callable[[SupervisedRun, str], list[Verdict]],
    ) -> None:
        self.jobs, self.deadline, self.patience = jobs, deadline, patience
        self.ended: Judgment = OK
        self._answer = answer
        self._judge_reason = overdue
        self._returned: object = None
        self._meeting = Meeting(len(jobs), PATIENCE)
        self._lifecycle = Lifecycle(self._wait_for_jobs)
        self._called_at = self._returned_at = 0.0  # by time.monotonic(), in seconds
        self._seconds_held = 0.0  # the longest that a stop was held back
        self._is_holding = False  # whether a stop is held back now
        self._hold_ended = 0.0  # when, by time.monotonic(), in seconds

    def run(self) -> SupervisedRun:
        """Make the call and return this run.

        Raises what the call raises, unless jobs ran in this process, which `in_processes` reports.
        """
        watch = Overdue(self._answer, self._lifecycle, self._judge_overdue, _GRACE, self._is_due)
        self._called_at = time.monotonic()
        try:
            with self._meeting, self._lifecycle, watch:
                self._call()
        finally:
            kill_all(self._lifecycle)
        return self

    def _call(self) -> None:
        try:
            self._returned = self._answer.supervise(dict(self.jobs), self.deadline, self.patience)
        except NotImplementedError:
            raise
        except (Exception, SystemExit):  # a job raised it, if jobs ran here or in a pool
            if self.in_processes() == OK and not self._lifecycle.pooled:
                raise
        self._returned_at = time.monotonic()
        self.ended = self._all_ended()

    def in_processes(self) -> Judgment:
        """Judge whether no job ran in this process."""
        return not_by_parent(self._meeting)

    def together(self) -> Judgment:
        """Judge whether each job ran in its own process, and all at the same time."""
        seen, jobs = len(self._meeting.reports), len(self.jobs)
        judgment = self.in_processes()
        if judgment == OK and self._lifecycle.pooled:
            return not_yet(
                "the workers of a pool did the jobs. How a job ended is told by the exit code of a "
                "process of its own, and a pool's workers have theirs: start a Process for each job"
            )
        if judgment == OK and seen != jobs and not self._lifecycle.started:
            return not_yet(f"expected {jobs} jobs to run, and no process was started. start() each")
        if judgment == OK and seen != jobs and self._lifecycle.stopped:
            return not_yet(
                f"{jobs - seen} of {jobs} jobs were stopped before they could begin. "
                "Was the deadline over? It was far away"
            )
        if judgment == OK and seen != jobs:
            return not_yet(
                f"expected {jobs} jobs to run, saw {seen}. "
                "Has each Process target=function and args=args, and is it started?"
            )
        judgments = (
            judgment,
            one_process_each(self._meeting, jobs),
            all_together(self._meeting, self._lifecycle, jobs),
        )
        return next((judgment for judgment in judgments if judgment != OK), OK)

    def codes(self, judged: Callable[[dict], Judgment]) -> Judgment:
        """Return what `judged` returns for the exit codes, if there is one for every job."""
        got = self._returned
        if not isinstance(got, dict):
            return not_yet(
                f"expected a dict of name: exit code, got {one_line(got)}. What does it return?"
            )
        if not got:
            return not_yet(
                "expected a dict of name: exit code, got {}. Is each process asked for its exit "
                "code? The parent does not see a dict that a child fills"
            )
        if missing := [name for name in self.jobs if name not in got]:
            return not_yet(f"no exit code for {', '.join(missing)}. Is every process asked for it?")
        if extra := [name for name in got if name not in self.jobs]:
            return not_yet(f"{one_line(extra)}: no job has that name. Return a code for each job")
        if early := [name for name in self.jobs if got[name] is None]:
            return not_yet(
                f"the exit code of {', '.join(early)} is None: it was read before the process had "
                "ended. Stop it, join() it, then read"
            )
        return judged({name: got[name] for name in self.jobs})

    def has_stopped_any(self) -> bool:
        """Return whether the answer stopped a process before it saw its end."""
        return bool(self._lifecycle.stopped)

    def last_stop(self) -> float:
        """Return the seconds from the last start until the last process was stopped.

        If no process was stopped, this is the time until the call returned. The time for which
        stops were held back does not count.
        """
        last = max(self._lifecycle.first_stop.values(), default=self._returned_at)
        return last - self._lifecycle.last_start - self._seconds_held

    def asked_too_late(self) -> Judgment:
        """Judge whether every job that had to be stopped was asked before any job was killed."""
        stopped = self._lifecycle.stopped
        asked = min(self._lifecycle.first_stop.values(), default=float("inf"))
        first = min(self._lifecycle.first_kill.values(), default=float("inf"))
        if asked < first < self._hold_ended:
            return OK  # another thread of the answer waited meanwhile: its patience went by here
        late = [one for one in stopped if self._lifecycle.first_stop[one] > first]
        if late:
            return not_yet(
                f"one job was killed before {len(late)} of the other {len(stopped) - 1} was asked "
                "to end. Ask all of them at the deadline, then wait for all, then kill"
            )
        return OK

    def _wait_for_jobs(self) -> None:
        """Hold a stop back until all jobs have reported; called before each stop."""
        if self.deadline == FAR or len(self._lifecycle.started) < len(self.jobs):
            return  # the answer stops a job without a reason: don't wait for the others
        if self._meeting.came(len(self.jobs), 0):
            return
        began = time.monotonic()
        self._is_holding = True
        self._meeting.came(len(self.jobs), PATIENCE)
        self._hold_ended = time.monotonic()
        self._seconds_held = max(self._seconds_held, self._hold_ended - began)
        self._is_holding = False

    def _is_due(self) -> bool:
        """Return whether the call has nothing left to wait for."""
        if self._lifecycle.pooled:  # they stay when all jobs have ended
            return self._meeting.came(len(self.jobs), 0)
        all_up = len(self._lifecycle.started) >= len(self.jobs)
        if all_up and not alive(self._lifecycle):
            return True
        last = max(self._called_at, self._lifecycle.last_start) + self.deadline
        return not self._is_holding and time.monotonic() > last + (
            self._seconds_held if all_up else PATIENCE
        )

    def _judge_overdue(self, where: str) -> list[Verdict]:
        return self._judge_reason(self, self._why_overdue(where))

    def _why_overdue(self, where: str) -> str:
        left = len(alive(self._lifecycle))
        if not self._lifecycle.started:
            return nothing_started("supervise", where)[1]
        if self._lifecycle.pooled:
            return f"supervise still waits, {where}, though every job has run in a pool's worker"
        if not left:
            return (
                f"every job has ended, and supervise still waits, {where}. "
                "join(timeout) comes back as soon as the process has ended; sleep does not"
            )
        if set(alive(self._lifecycle)) & set(self._lifecycle.stopped):
            return (
                "a job ignores terminate(), and supervise still waits for it, "
                f"{where}. kill() can't be ignored"
            )
        return (
            f"{left} of {len(self.jobs)} jobs hang, and supervise still waits for them, {where}. "
            f"The deadline was {self.deadline:g} seconds. How long may this line wait?"
        )

    def _all_ended(self) -> Judgment:
        left, started = len(alive(self._lifecycle)), len(self._lifecycle.started)
        if left:
            return not_yet(f"{left} of {started} processes are still alive: stop them")
        return self._lifecycle.all_joined()
