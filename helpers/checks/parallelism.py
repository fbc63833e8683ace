"""Judgments on whether workers ran in parallel, by what a meeting of the workers proves.

At a meeting each worker reports and waits until all have come (rendezvous/meeting.py). So the
reports show which process and thread did each job, and how many were alive at one moment.
"""

from __future__ import annotations

import os

from helpers.checks.lifecycle import Lifecycle
from helpers.checks.verdict import OK, Judgment, not_yet
from helpers.rendezvous.meeting import Meeting


def in_processes(meeting: Meeting, jobs: int, given: str = "do_job") -> Judgment:
    """Judge whether each job was done once, and none by the parent or its threads.

    `given` is the name of the function that the lab provides to do a job.
    """
    judgment, done = not_by_parent(meeting), len(meeting.reports)
    if judgment == OK and done != jobs:
        return not_yet(f"expected {jobs} calls of {given}, saw {done}. What calls it?")
    return judgment


def not_by_parent(meeting: Meeting) -> Judgment:
    """Judge whether no job was done by the parent or by its threads."""
    by_parent = [thread for _, pid, thread in meeting.reports if pid == os.getpid()]
    if len(set(by_parent)) > 1:
        return not_yet("threads of the parent did the work. Start a Process, not a Thread")
    if by_parent:
        return not_yet(
            "the parent did the work itself. Is target the function, or what it returned? "
            "target=work, not target=work(job); and start(), not run()"
        )
    return OK


def one_process_each(meeting: Meeting, jobs: int, given: str = "do_job") -> Judgment:
    """Judge whether each job was done in its own process."""
    judgment = in_processes(meeting, jobs, given)
    processes = len({pid for _, pid, _ in meeting.reports})
    if judgment != OK or processes == jobs:
        return judgment
    threads = len({thread for _, _, thread in meeting.reports})
    if processes == 1 and threads > 1:
        return not_yet("threads of one process did all the jobs. Start a process for each")
    if processes == 1:
        return not_yet(
            f"one process did all {jobs} jobs, one after the other. Is it a pool of one?"
        )
    return not_yet(f"expected {jobs} processes, saw {processes}. Start one for each job")


def all_together(meeting: Meeting, lifecycle: Lifecycle, workers: int) -> Judgment:
    """Judge whether this many workers, in other processes, were alive at the same time.

    The reason tells start-join-start-join, a pool that is too small, and anything else apart.
    Serial code and threads are for `not_by_parent` and `one_process_each`.
    """
    if any(pid == os.getpid() for _, pid, _ in meeting.reports):
        return not_yet("can't be judged yet: first run each job in its own process")
    if meeting.most_together >= workers:
        return OK
    seen = f"only {meeting.most_together} of {workers} were alive at the same time"
    if len(lifecycle.started) >= workers and lifecycle.most_alive < workers:
        return not_yet(
            f"{seen}. join() right after start() waits before the next one starts: "
            "start all, then join all"
        )
    if _each_after_the_one_before(meeting, lifecycle, workers):
        return not_yet(
            f"{seen}: each was started only after the one before had done its job. Which line waits"
            " between two calls of start()? get() waits, too: start all, then get all"
        )
    if lifecycle.started and len(lifecycle.started) < workers:
        return not_yet(f"{seen}. {len(lifecycle.started)} were started: is the pool too small?")
    return not_yet(f"{seen}. What does each of them wait for?")


def _each_after_the_one_before(meeting: Meeting, lifecycle: Lifecycle, workers: int) -> bool:
    """Return whether each process was started only after the one before it had reported."""
    starts, reports = lifecycle.start_times, meeting.report_times
    if len(starts) != workers or len(reports) != workers:
        return False
    return all(start > report for start, report in zip(starts[1:], reports[:-1], strict=True))
