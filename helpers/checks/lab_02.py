"""Check of lab 02, a small supervisor: jobs at once, one deadline, exit codes, nothing left."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from types import ModuleType

from helpers.checks.lifecycle import Lifecycle
from helpers.checks.results import Case, right_results
from helpers.checks.supervised_run import FAR, SupervisedRun
from helpers.checks.verdict import OK, Judgment, Verdict, not_yet, one_line
from helpers.workers import lab_02

REQUIREMENTS = (
    "all the jobs ran at once, each in a process",
    "it comes back when the last job has ended",
    "every job has its exit code",
    "what hangs is asked to end",
    "one deadline holds for all",
    "what does not listen is killed",
    "all are asked before any is killed",
    "every process was joined",
    "no jobs, no processes",
)
TOGETHER, BACK, CODES, ASKED, DEADLINE, KILLED, ALL_ASKED, JOINED, EMPTY = REQUIREMENTS
# Words of the reasons for known mistakes; for each an answer in tests/labs shows the mistake.
MISTAKES = (
    "join() right after start()",
    "the parent did the work itself",
    "threads of the parent did the work",
    "target=function and args=args",
    "every job has ended, and supervise",
    "the workers of a pool did the jobs",
    "no process was started",
    "expected a dict of name: exit code",
    "The parent does not see a dict that a child fills",
    "no exit code for",
    "Was the deadline over",
    "expected the exit codes",
    "Has each name the exit code of its own process?",
    "The deadline was 0.3 seconds",
    "jobs hang, and supervise still waits for them",
    "it was read before the process had ended",
    "killed without being asked",
    "killed while it put things in order",
    "Has each a deadline of its own",
    "ignores terminate()",
    "one job was killed before",
    "are still alive",
    "with no jobs: expected {}",
)
HINTS = {
    TOGETHER: (
        "When does the second process start: at once, or when the first has ended?",
        "Two loops: one that starts them all, then one that waits for them.",
        "processes = {name: Process(target=function, args=args) for name, (function, args) in "
        "jobs.items()}, and then process.start() for each of processes.values()",
    ),
    BACK: (
        "The deadline is the longest time to wait. What if all jobs are done after a second?",
        "join(timeout) comes back as soon as its process has ended; time.sleep(timeout) does not.",
        "for process in processes.values(): process.join(the seconds that are left)",
    ),
    CODES: (
        "What does a process leave behind when it ends, and where do you read it?",
        "process.exitcode, after join(): 0, a number above 0, or a signal's number below 0.",
        "return {name: process.exitcode for name, process in processes.items()}",
    ),
    ASKED: (
        "What do you do with a process that is_alive() when the deadline is over?",
        "terminate() asks. Then wait for up to `patience` seconds, before you read on.",
        "terminate() for each process, then join them within `patience` seconds, and only then "
        "kill()",
    ),
    DEADLINE: (
        "Five jobs hang, and you wait `deadline` seconds for each. How long is that?",
        "Note once when the time is over, on the clock of time.monotonic(), and wait for what is "
        "left of it.",
        "end = time.monotonic() + deadline, then join(max(0, end - time.monotonic())) for each",
    ),
    KILLED: (
        "terminate() is a request, and a program may ignore it. How do you know that it did?",
        "After terminate() and join(patience), ask is_alive(). One call is left that can't be "
        "ignored.",
        "if process.is_alive(): process.kill(), and then process.join()",
    ),
    ALL_ASKED: (
        "Three jobs ignore terminate(), and you stop one after the other. When is the last one "
        "asked to end?",
        "Do each step for all processes before you begin the next step: three loops.",
        "terminate() for each process, then join all with one deadline, then kill() for each that "
        "is_alive()",
    ),
    JOINED: (
        "Which processes did you not wait for?",
        "Those that you killed need a join() too: it waits until they have really ended.",
        "After the last terminate() or kill(): process.join() for each of processes.values()",
    ),
    EMPTY: (
        "What does each of your lines do when `jobs` is {}?",
        "min(), max() and an index into an empty list raise; a loop over nothing does nothing.",
        "return {name: process.exitcode for name, process in processes.items()} is {} by itself",
    ),
}
_WINDOWS = sys.platform == "win32"
_ASKED = -signal.SIGTERM  # on Windows too: multiprocessing says so there
_KILLED = _ASKED if _WINDOWS else -9  # without signals, a process can't refuse terminate()
_DUE = 0.3  # seconds; the deadline of jobs that hang
_LONGER = 1.2  # seconds; the deadline of a second run with the same jobs
# How many deadlines may pass until the last of four hanging jobs is stopped: one deadline for all
# needs little more than 1, a deadline for each needs 4.
_LATE = 3.5
_SOON = 0.1  # seconds
_A_WHILE = 0.6  # seconds; the patience with jobs that refuse to end
_ENDING = {
    "backup": (lab_02.work, ("backup",)),
    "mail": (lab_02.work, ("mail", 3)),
    "index": (lab_02.fail, ("index",)),
    "video": (lab_02.crash, ("video",)),
}
# On Windows the exit code is the number that os.kill was given.
_ENDED = {"backup": 0, "mail": 3, "index": 1, "video": 15 if _WINDOWS else -9}
_HANGING = {
    "mail": (lab_02.hang, ("mail",)),
    "index": (lab_02.tidy_up, ("index", 7)),
    "video": (lab_02.hang, ("video",)),
    "photos": (lab_02.hang, ("photos",)),
}
_STOPPED = {
    "mail": _ASKED,
    "index": _ASKED if _WINDOWS else 7,
    "video": _ASKED,
    "photos": _ASKED,
}
_REFUSING = {name: (lab_02.refuse_to_end, (name,)) for name in ("index", "video")}


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield a verdict for each requirement, in order, up to the first that can't be judged."""
    ending = SupervisedRun(answer, _ENDING, FAR, FAR, _ending_overdue).run()
    together = ending.together()
    yield Verdict(TOGETHER, *together)
    if ending.in_processes() != OK:
        return
    yield Verdict(BACK, *OK)
    yield Verdict(CODES, *ending.codes(_right_codes(ending)))
    if together != OK:
        return
    hanging = SupervisedRun(answer, _HANGING, _DUE, FAR, _overdue(ASKED)).run()
    yield Verdict(ASKED, *hanging.codes(_asked_first))
    deadline = _one_deadline(hanging, _DUE)
    if deadline != OK:
        # Was the answer late, or the machine busy? A longer deadline makes the machine matter less.
        longer = SupervisedRun(
            answer, _HANGING, _LONGER, FAR, lambda *_: [Verdict(DEADLINE, *deadline)]
        )
        deadline = _one_deadline(longer.run(), _LONGER)
    yield Verdict(DEADLINE, *deadline)
    refusing = SupervisedRun(answer, _REFUSING, _SOON, _A_WHILE, _overdue(KILLED)).run()
    yield Verdict(KILLED, *refusing.codes(_killed_at_last))
    yield Verdict(ALL_ASKED, *refusing.asked_too_late())
    ends = (run.ended for run in (ending, hanging, refusing))
    yield Verdict(JOINED, *next((ended for ended in ends if ended != OK), OK))
    yield Verdict(EMPTY, *_nothing_to_do(answer))


def _ending_overdue(run: SupervisedRun, reason: str) -> list[Verdict]:
    """Return the verdicts if the call does not return although all jobs end by themselves."""
    return [Verdict(TOGETHER, *run.together()), Verdict(BACK, *not_yet(reason))]


def _overdue(requirement: str) -> Callable[[SupervisedRun, str], list[Verdict]]:
    """Return what judges a call that does not return: this requirement is not met."""
    return lambda run, reason: [Verdict(requirement, *not_yet(reason))]


def _right_codes(run: SupervisedRun) -> Callable[[dict], Judgment]:
    """Return what judges the exit codes of jobs that end by themselves."""

    def judged(got: dict) -> Judgment:
        if got == _ENDED:
            return OK
        seen = f"expected the exit codes {_ENDED}, got {one_line(got)}. "
        if run.has_stopped_any():
            return not_yet(
                f"{seen}Some jobs were stopped that would have ended by themselves. "
                "Was the deadline over? It was far away"
            )
        return not_yet(f"{seen}Has each name the exit code of its own process?")

    return judged


def _asked_first(got: dict) -> Judgment:
    """Judge whether jobs that hang were asked to end, and were given time for it."""
    killed = [name for name in got if got[name] == -9]
    if "mail" in killed:
        return not_yet(
            f"{', '.join(killed)}: killed without being asked, the exit code is -9. "
            "terminate() and join(patience) come before kill()"
        )
    if killed:
        return not_yet(
            f"{', '.join(killed)} was asked to end, and killed while it put things in order. It "
            "has `patience` seconds for that: join(patience) between terminate() and kill()"
        )
    if got != _STOPPED:
        return not_yet(f"expected the exit codes {_STOPPED}, got {one_line(got)}")
    return OK


def _one_deadline(run: SupervisedRun, due: float) -> Judgment:
    """Judge whether all jobs were stopped at one deadline, `due` seconds after the last start."""
    last = run.last_stop()
    if last > _LATE * due:
        return not_yet(
            f"expected all that hang to be stopped when {due} seconds were over, the last one was "
            f"after {last:.1f}. Has each a deadline of its own? Compute the end once, and wait for "
            "the time that is left"
        )
    return OK


def _killed_at_last(got: dict) -> Judgment:
    """Judge whether the jobs that refuse to end were killed."""
    expected = dict.fromkeys(_REFUSING, _KILLED)
    if got == expected:
        return OK
    return not_yet(f"expected the exit codes {expected}, got {one_line(got)}")


def _nothing_to_do(answer: ModuleType) -> Judgment:
    with Lifecycle() as lifecycle:
        judgment = right_results(answer.supervise, [Case("no jobs", ({}, FAR, FAR), {})])
    if judgment == OK and lifecycle.started:
        return not_yet("expected no process to be started when there are no jobs")
    return judgment
