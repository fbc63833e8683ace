"""Check of lab 04, a pipeline with an orderly end: each name has its result, each process ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from types import ModuleType
from typing import NamedTuple

from helpers.checks.lifecycle import Lifecycle
from helpers.checks.parallelism import all_together
from helpers.checks.queue_faults import first_look_too_early, line_that_looked, no_queue_of_threads
from helpers.checks.timeouts import Overdue, nothing_started
from helpers.checks.verdict import OK, Judgment, Verdict, not_yet, one_line
from helpers.diagnosis.match import Diagnosis
from helpers.rendezvous.meeting import Meeting
from helpers.runner.report import Report
from helpers.workers.lab_04 import SpoiledError, develop

REQUIREMENTS = (
    "every name has its own result",
    "the consumers work at the same time",
    "a spoiled picture stops no process",
    "a large picture comes through",
    "none and many come through",
    "every process ends by itself",
)
# Words of the reasons for known mistakes; for each an answer in tests/labs shows the mistake.
MISTAKES = (
    "What does it return?",
    "no result for 'road', 'spoiled 2'",
    "no result for '",
    "asks whether a queue is empty, and it was",
    "got the result of another name",
    "None is not one of the names",
    "expected 3 calls of develop, saw 9",
    "queue.Queue is for threads",
    "a function without a name that others can find",
    "threads of the parent did the work",
    "the parent did the work itself",
    "threads of one process did the work",
    "join() right after start()",
    "a spoiled picture has a result, too",
    "str(error) is its text",
    "join before the queue is read",
    "fewer sentinels than workers",
    "no sentinel is sent",
    "run_line waits for a result",
    "no process was started, and run_line still waits",
    "The parent does not see a dict that a child fills",
    "processes were started for one consumer",
    "task_done is missing",
    "a full queue that no process reads",
    "b'' is a picture, too",
    "stopped by terminate() or kill()",
    "were never joined",
    "expected exit code 0",
)
HINTS = {
    REQUIREMENTS[0]: (
        "How many results will come, and how do you know which name each of them belongs to?",
        "Every name gets one result, so len(names) times get() is enough; put (name, result).",
        "found = dict(results.get() for _ in names), after all consumers have been started.",
    ),
    REQUIREMENTS[1]: (
        "When does the second consumer start: while the first one works, or after that?",
        "start() all of them in one loop; join() them in another one, at the end.",
        "for process in line: process.start(), then collect, then for process in line: join().",
    ),
    REQUIREMENTS[2]: (
        "What happens to a consumer when develop raises? What waits for its result then?",
        "Put try and except inside the loop, so that the consumer goes on with the next name.",
        "except SpoiledError as error: result = str(error); after it put (name, result) as always.",
    ),
    REQUIREMENTS[3]: (
        "What is different with a large picture? Below a queue is a pipe, and it has little room.",
        "A child can't exit until its feeder thread has written everything: what reads meanwhile?",
        "Collect all results first, then join; start the consumers before anything can fill up.",
    ),
    REQUIREMENTS[4]: (
        "Try no names at all, more consumers than names, and a picture that is b''.",
        "Count names, not consumers, and test `is None`, not whether a result is true.",
        "dict(results.get() for _ in names) is {} for no names; each consumer gets a None anyway.",
    ),
    REQUIREMENTS[5]: (
        "How does each consumer learn that there is no more work, and which line joins it?",
        "Put one sentinel for each consumer; join every process; don't call terminate().",
        "for _ in range(consumers): tasks.put(None), and at the end join every process.",
    ),
}
PATIENCE = 5.0  # seconds; more than three interpreters need to start on a loaded machine
_THREE = ["boat", "tree", "hill"]


class _Case(NamedTuple):
    """One call of run_line: its name in the verdict, the names, and how many consumers."""

    what: str
    names: list[str]
    consumers: int


_SPOILED = (_Case("spoiled ones first and last", ["spoiled 1", "road", "spoiled 2"], 1),)
_LARGE = (_Case("one large picture and two consumers", ["panorama 1"], 2),)
_SIZES = (
    _Case("no names", [], 1),
    _Case("40 names", [f"{'moon' if n % 9 else 'blank'} {n}" for n in range(40)], 1),
)


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield a verdict for each requirement, in order, up to the first that can't be judged."""
    own, together, spoiled, large, sizes, ends = REQUIREMENTS
    first = _Case("three names", _THREE, len(_THREE))
    with first_look_too_early(), Lifecycle() as lifecycle, no_queue_of_threads():
        meeting = Meeting(len(_THREE), PATIENCE, last_first=True)
        with meeting, Overdue(answer, lifecycle, _nothing_started):
            got = answer.run_line(list(_THREE), len(_THREE))  # the trial diagnoses an error
        with_three = len(lifecycle.started)
        yield Verdict(own, *_every_result(got, first))
        yield Verdict(together, *_all_at_work(meeting, lifecycle))
        yield Verdict(spoiled, *_judged(answer, _SPOILED))
        with_one = len(lifecycle.started) - with_three
        yield Verdict(large, *_judged(answer, _LARGE))
        asked = _as_many_as_asked(meeting, lifecycle, with_one, with_three)
        yield Verdict(sizes, *(_judged(answer, _SIZES) if asked == OK else asked))
    yield Verdict(ends, *_all_ended(lifecycle))


def explained(report: Report, found: Diagnosis) -> str:
    """Return what to say of a run that did not end, in place of the diagnosis; "" to keep that.

    Here the process that has ended need not be the producer, and it may have ended well.
    """
    if found.id != "producer_gone":
        return ""
    ended = [child for child in report.children if child.state != "alive"]
    codes = ", ".join(str(child.exit_code) for child in ended)
    where = f" ({found.where[0].text})" if found.where else ""
    return (
        f"run_line waits for a result{where}, and {len(ended)} of the {len(report.children)} "
        f"processes that were started so far have ended, with the exit codes {codes}. Does each "
        "name get a result, a spoiled one too? Does a consumer end while names are left, at an "
        "error or at a sentinel that comes too early?"
    )


def _nothing_started(where: str) -> list[Verdict]:
    return [Verdict(REQUIREMENTS[0], *nothing_started("run_line", where))]


def _judged(answer: ModuleType, cases: tuple[_Case, ...]) -> Judgment:
    """Return the first judgment of a case that is not OK, else OK."""
    judged = (_every_result(_answer(answer, case), case) for case in cases)
    return next((one for one in judged if one != OK), OK)


def _as_many_as_asked(
    meeting: Meeting, lifecycle: Lifecycle, with_one: int, with_three: int
) -> Judgment:
    """Judge whether fewer processes were started for one consumer than for three.

    Producers and managers make no difference, because the number of names was the same.
    """
    by_own_children = all(pid in lifecycle.pids for _, pid, _ in meeting.reports)
    if by_own_children and with_one >= with_three:
        return not_yet(
            f"with three names, {with_one} processes were started for one consumer, and "
            f"{with_three} for three. Start as many consumers as `consumers` says"
        )
    return OK


def _answer(answer: ModuleType, case: _Case) -> object:
    """Return what run_line returns, or the exception that it raises."""
    try:
        return answer.run_line(list(case.names), case.consumers)
    except NotImplementedError:
        raise
    except Exception as error:  # the learner's code can raise anything
        return error


def _every_result(got: object, case: _Case) -> Judgment:
    """Judge whether every name of the case has the right result."""
    if isinstance(got, Exception):
        error = one_line(f"{type(got).__name__}: {got}")
        return not_yet(f"with {case.what} it raised {error}")
    if not isinstance(got, dict):
        return not_yet(
            f"with {case.what}: expected a dict of name: result, got {one_line(got)}. "
            "What does it return?"
        )
    fault = _missing(case.names, got) or _not_asked_for(case.names, got) or _wrong(case.names, got)
    return not_yet(f"with {case.what}: {fault}") if fault else OK


def _missing(names: list[str], got: dict) -> str:
    """Return which names have no result, and a likely cause; "" if all have one."""
    missing = [name for name in names if name not in got]
    if not missing:
        return ""
    words = f"no result for {one_line(', '.join(map(repr, missing)))}. "
    if looked := line_that_looked():
        return f"{words}{looked}: take until a sentinel comes instead"
    if missing == names and len(names) > 1 and not got:
        return (
            f"{words}The parent does not see a dict that a child fills: is each result put into a "
            "queue, and read?"
        )
    if all(name.startswith("blank") for name in missing):
        return f"{words}b'' is a picture, too: is a result passed over because it is false?"
    if all(name.startswith("spoiled") for name in missing):
        return f"{words}a spoiled picture has a result, too: the text of its error"
    return f"{words}Is every result read, and does every consumer go on until the end?"


def _not_asked_for(names: list[str], got: dict) -> str:
    """Return the first result that belongs to no name, in words; "" if there is none."""
    extra = [name for name in got if name not in names]
    if not extra:
        return ""
    return f"{one_line(extra[0])} is not one of the names. Is a sentinel taken for a name?"


def _wrong(names: list[str], got: dict) -> str:
    """Return what is wrong with the first result that is not right; "" if all are."""
    right = {name: _result(name) for name in names}
    for name, wanted in right.items():
        result = got[name]
        if isinstance(wanted, str) and result != wanted:
            return (
                f"expected {wanted!r} for {name!r}, got {one_line(result)}. "
                "SpoiledError is caught as error; str(error) is its text"
            )
        if isinstance(wanted, bytes) and result != wanted:
            if result in right.values():
                return (
                    f"{name!r} got the result of another name. They come in any order: "
                    "put (name, result)"
                )
            return f"expected the picture that develop({name!r}) returns, got {one_line(result)}"
    return ""


def _result(name: str) -> bytes | str:
    """Return the right result for the name: the picture, or the text of its error."""
    try:
        return develop(name)
    except SpoiledError as error:
        return str(error)


def _all_at_work(meeting: Meeting, lifecycle: Lifecycle) -> Judgment:
    """Judge whether three consumers, each in its own process, worked at the same time."""
    by_parent = [thread for _, pid, thread in meeting.reports if pid == os.getpid()]
    if len(set(by_parent)) > 1:
        return not_yet("threads of the parent did the work. Start a Process, not a Thread")
    if by_parent:
        return not_yet(
            "the parent did the work itself. Is target the function, or what it returned? "
            "target=consume, not target=consume(tasks, results)"
        )
    calls = len(meeting.reports)
    if calls != len(_THREE):
        return not_yet(f"expected {len(_THREE)} calls of develop, saw {calls}: one for each name")
    judgment = all_together(meeting, lifecycle, len(_THREE))
    if judgment == OK and len({pid for _, pid, _ in meeting.reports}) < len(_THREE):
        return not_yet("threads of one process did the work. Start a process for each consumer")
    return judgment


def _all_ended(lifecycle: Lifecycle) -> Judgment:
    """Judge whether every process ended by itself, with exit code 0, and was joined."""
    started, stopped = len(lifecycle.started), len(set(lifecycle.stopped))
    if stopped:
        return not_yet(
            f"{stopped} of {started} processes were stopped by terminate() or kill(), before "
            "you waited for their end. `with Pool()` does so, too: close() and join() it first"
        )
    return lifecycle.all_ended_well()
