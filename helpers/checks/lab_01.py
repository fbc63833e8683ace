"""Check of lab 01: a process for each job, all at once, and every answer returned."""

from __future__ import annotations

import os
from collections.abc import Iterator
from types import ModuleType

from helpers.checks.lifecycle import Lifecycle
from helpers.checks.parallelism import all_together, one_process_each
from helpers.checks.queue_faults import looks_that_found_nothing
from helpers.checks.results import Case, right_results
from helpers.checks.timeouts import Overdue, alive, nothing_started
from helpers.checks.verdict import OK, Judgment, Verdict, not_yet, one_line
from helpers.rendezvous.meeting import Meeting

REQUIREMENTS = (
    "every job has an answer",
    "every job was done in a process of its own",
    "all the processes were alive together",
    "every process was joined",
    "no jobs, no processes",
)
HINTS = {
    "every job has an answer": (
        "What a function returns in a child stays in the child. Which things can carry an answer"
        " from one process to another?",
        "Make one SimpleQueue in who_did_what, and give it to every child, in args. A child puts"
        " its answer in; the parent gets as many answers as there are jobs.",
        "In work, put a pair:\n"
        "    answers.put((job, do_job(job)))\n"
        "In who_did_what, get once for each job, and fill a dict:\n"
        "    for _ in jobs:\n"
        "        job, pid = answers.get()\n"
        "        done_by[job] = pid",
    ),
    "every job was done in a process of its own": (
        "Which process calls do_job: the parent, one child for all, or a child for each job?",
        "Make a Process for each job, with work as its target and the job in its args. work is"
        " passed by its name: with parentheses behind it, the parent calls it at once.",
        "One process a job, made in a list, and started with start():\n"
        "    processes = [Process(target=work, args=(job, answers)) for job in jobs]",
    ),
    "all the processes were alive together": (
        "When does your program start the second process: before the first has ended, or after?",
        "join() waits until a process has ended, and get() until an answer is there. Call neither"
        " between the first start() and the last.",
        "Three loops, one after the other: start all; get an answer for each job; join all:\n"
        "    for process in processes:\n"
        "        process.start()",
    ),
    "every process was joined": (
        "When who_did_what returns, every process that it started must have ended. Which line waits"
        " for that?",
        "Call join() on every process that you started, the last one included. So keep them all in"
        " a list: one variable in a loop remembers only the last.",
        "After the answers are read:\n    for process in processes:\n        process.join()",
    ),
    "no jobs, no processes": (
        "Call who_did_what([]) yourself. What comes back, and what should?",
        "An empty list is not an error. But a pool can't have 0 workers, and a get() waits forever"
        " for an answer that no process sends.",
        "Loops over an empty list do nothing, and the dict stays empty. If you use a pool or"
        " take the first of the jobs, begin with:\n"
        "    if not jobs:\n"
        "        return {}",
    ),
}
_JOBS = ["sort", "count", "paint"]
# Words of the reasons for known mistakes; for each an answer in tests/labs shows the mistake.
MISTAKES = (
    "no answer for",
    "each process has its own memory",
    "finds a queue empty before all answers have come",
    "no process was started",
    "the children ended at once",
    "the children ended before they did their jobs",
    "no answer is on its way",
    "expected a dict of job: process id",
    "expected 3 calls of do_job, saw 0",
    "the parent did the work itself",
    "threads of the parent did the work",
    "one process did all 3 jobs",
    "the ids do not belong to the jobs",
    "the id of the parent",
    "is not the process id of a child",
    "join() right after start()",
    "each was started only after the one before",
    "were never joined",
    "with an empty list: expected {}",
)
PATIENCE = 5.0  # seconds; more than three interpreters need to start on a loaded machine
_GRACE = 3.0  # seconds in which the answer must return when all its children have ended


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield a verdict for each requirement, in order, up to the first that can't be judged."""
    whole, separate, together, joined, empty = REQUIREMENTS
    # The last job's worker goes on first, so that answers come in another order than jobs.
    meeting, lifecycle = Meeting(len(_JOBS), PATIENCE, last_first=True), Lifecycle()

    def all_have_ended() -> bool:
        return bool(lifecycle.started) and not alive(lifecycle)

    def judge_overdue(where: str) -> list[Verdict]:
        return [Verdict(whole, *_still_waits(meeting, lifecycle, where))]

    overdue = Overdue(answer, lifecycle, judge_overdue, _GRACE, all_have_ended)
    with meeting, lifecycle, overdue, looks_that_found_nothing(answer) as looks:
        got = answer.who_did_what(list(_JOBS))
    yield Verdict(whole, *_all_answered(meeting, lifecycle, got, looks))
    yield Verdict(separate, *_all_separate(meeting, got))
    yield Verdict(together, *all_together(meeting, lifecycle, len(_JOBS)))
    yield Verdict(joined, *lifecycle.all_joined())
    with Meeting(1, 0.1) as meeting:
        yield Verdict(empty, *_nothing_to_do(answer, meeting))


def _still_waits(meeting: Meeting, lifecycle: Lifecycle, where: str) -> Judgment:
    """Return why who_did_what waits although no child is left; `where` is the line that waits."""
    if not lifecycle.started:
        return nothing_started("who_did_what", where)
    waits = f"no child is left, and who_did_what still waits, {where}"
    if len(meeting.reports) < len(_JOBS):
        return not_yet(
            f"{waits}: the children ended before they did their jobs. What they printed says why. "
            "Does each get all that its function takes? args=(job,) needs its comma"
        )
    if lifecycle.ended_at_once():
        return not_yet(
            f"{waits}: the children ended at once, as by os._exit(), and what a queue has not "
            "written by then is lost. Let the child's function return"
        )
    return not_yet(
        f"{waits}: no answer is on its way. Count them: one for each job. And has every child been "
        "given the queue, one of multiprocessing and not of `queue`?"
    )


def _all_answered(
    meeting: Meeting, lifecycle: Lifecycle, got: object, looks: list[int]
) -> Judgment:
    """Judge whether the dict that came back has an answer for each job, and no others.

    `looks` are the lines in which the answer found a queue empty.
    """
    if not lifecycle.started and not meeting.reports:
        return not_yet(
            f"no process was started, and it returned {one_line(got)}. Does it get to the lines "
            "that start them? Code below `if __name__ == '__main__':` does not run in an imported "
            "file"
        )
    if not isinstance(got, dict):
        return not_yet(
            f"expected a dict of job: process id, got {one_line(got)}. What does it return?"
        )
    missing = [job for job in _JOBS if got.get(job) is None]
    if missing and looks:
        return not_yet(
            f"no answer for {', '.join(missing)}. Line {looks[0]} finds a queue empty before all "
            "answers have come. get() without a timeout waits: call it once for each job"
        )
    if missing == _JOBS and _done_elsewhere(meeting) == len(_JOBS):
        return not_yet(
            f"no answer for {', '.join(missing)}, and yet all were done: each process has its own "
            "memory, and the parent does not see a dict or a list that a child fills. Is each "
            "answer sent back, and read?"
        )
    if missing:
        return not_yet(f"no answer for {', '.join(missing)}. Is an answer read for every job?")
    extra = [job for job in got if job not in _JOBS]
    return not_yet(f"{one_line(extra)}: these are not jobs") if extra else OK


def _done_elsewhere(meeting: Meeting) -> int:
    """Return how many jobs were done in other processes."""
    return sum(pid != os.getpid() for _, pid, _ in meeting.reports)


def _all_separate(meeting: Meeting, got: object) -> Judgment:
    """Judge whether each job had its own process, whose id the answer names."""
    judgment = one_process_each(meeting, len(_JOBS))
    reported = {job: pid for job, pid, _ in meeting.reports}
    if judgment != OK or not isinstance(got, dict):
        return judgment
    if all(got[job] == pid for job, pid in reported.items() if got.get(job) is not None):
        return judgment
    strange = [got[job] for job in _JOBS if job in got and got[job] not in reported.values()]
    if os.getpid() in strange:
        return not_yet("got the id of the parent, which did no job. do_job returns the right one")
    if strange:
        what = f"{one_line(strange[0])} is not the process id of a child"
        return not_yet(f"{what}. do_job returns it")
    return not_yet("the ids do not belong to the jobs. Answers come in any order: send (job, id)")


def _nothing_to_do(answer: ModuleType, meeting: Meeting) -> Judgment:
    judgment = right_results(answer.who_did_what, [Case("an empty list", ([],), {})])
    if judgment == OK and meeting.reports:
        return not_yet("expected no job to be done for an empty list")
    return judgment
