"""Conditions that a rule may put on a Report: functions that take the Evidence and return a bool.

`main_in("queues.py:get")` returns such a function. It names a frame of Python's library by file and
function, because line numbers differ from one Python to the next. A frame of the learner's own is
never meant, even if its file and function have the same names.
"""

from __future__ import annotations

import linecache
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from helpers.runner.report import Member, Report
from helpers.runner.stacks import Frame, Stack

_LOCK_LINE = re.compile(r"\.acquire\(\)|^with\b")
_TRACED = re.compile(r'^\s*File "(.+)", line (\d+), in (.+)$', re.MULTILINE)
# What the library's own processes run. A learner's function may have such a name, too, so the
# module is part of it.
POOL = "multiprocessing.pool.worker"
EXECUTOR = "concurrent.futures.process._process_worker"
MANAGER = "multiprocessing.managers.BaseManager._run_server"
_MAX_IDLE = 0.15  # cores; processes that only wait use less


class Evidence:
    """A Report, with its processes sorted as the rules need them."""

    def __init__(self, report: Report) -> None:
        self.report, self.text = report, report.output
        self.main = report.main or Member(0)
        self.hung = report.stop in ("time", "still")
        living = [child for child in report.children if child.state == "alive"]
        self.alive = [child for child in living if child.target != MANAGER]
        self.pool = [child for child in report.children if child.target == POOL]
        self.executor = [child for child in report.children if child.target == EXECUTOR]
        of_library = {POOL, EXECUTOR, MANAGER}
        self.own = [child for child in report.children if child.target not in of_library]

    def noted(self, what: str) -> list[dict]:
        """Return the events of kind `what`."""
        return [note for note in self.report.notes if note["what"] == what]

    @property
    def ended_on_purpose(self) -> set[int]:
        """Return the ids of the processes to which another process of the tree sent a signal."""
        return {note["child"] for note in self.noted("kill") if note["child"] != note["pid"]}

    @property
    def unlooked(self) -> list[Member]:
        """Return the program's own children that failed and whose exit code it never read."""
        known = {note["child"] for note in self.noted("looked")} | self.ended_on_purpose
        return [child for child in self.own if child.exit_code and child.pid not in known]


Condition = Callable[[Evidence], bool]


def library_places(stack: Stack) -> list[str]:
    """Return `file:function` for each call; "" for one of the learner's own."""
    return ["" if frame.own else ":".join(frame.place) for frame in stack]


def has(stack: Stack, *places: str) -> bool:
    """Return whether all these calls are in the stack."""
    return set(library_places(stack)).issuperset(places)


def directly(stack: Stack, inner: str, outer: str) -> bool:
    """Return whether `outer` called `inner`."""
    return (inner, outer) in pairwise(library_places(stack))


def main_stack(member: Member) -> Stack:
    """Return the stack of a process's main thread; () if it is not known."""
    return member.threads[0] if member.threads else ()


def main_in(*places: str) -> Condition:
    """Return the condition that the main process is in one of these calls."""
    return lambda e: any(has(main_stack(e.main), place) for place in places)


def other_main_thread_in(place: str) -> Condition:
    """Return the condition that a thread of the main process, not its main one, is in `place`."""
    return lambda e: any(has(stack, place) for stack in e.main.threads[1:])


def child_in(*places: str) -> Condition:
    """Return the condition that a living child's main thread is in all these calls."""
    return lambda e: any(has(main_stack(child), *places) for child in e.alive)


def any_process_in(place: str) -> Condition:
    """Return the condition that the main thread of any living process is in `place`."""
    return either(main_in(place), child_in(place))


def child_thread_in(place: str) -> Condition:
    """Return the condition that any thread of a living child is in `place`."""
    return lambda e: any(has(stack, place) for child in e.alive for stack in child.threads)


def no(condition: Condition) -> Condition:
    """Return the condition that `condition` does not hold."""
    return lambda e: not condition(e)


def either(*conditions: Condition) -> Condition:
    """Return the condition that one of `conditions` holds."""
    return lambda e: any(condition(e) for condition in conditions)


def says(pattern: str) -> Condition:
    """Return the condition that the output matches a regular expression."""
    compiled = re.compile(pattern, re.MULTILINE)
    return lambda e: bool(compiled.search(e.text))


def traced_in(pattern: str) -> Condition:
    """Return the condition that a traceback in the output shows a call of Python's library.

    `pattern` is a regular expression for the end of `path:function`, with `/` in the path.
    """
    compiled = re.compile(rf"/(?:{pattern})$")
    return lambda e: any(
        compiled.search(f"{Path(frame.file).as_posix()}:{frame.function}")
        for frame in traced(e.text)
        if not frame.own
    )


def traced(text: str) -> list[Frame]:
    """Return the frames of all tracebacks in the text."""
    return [Frame(file, int(line), function) for file, line, function in _TRACED.findall(text)]


def raises(kind: str, words: str = "") -> Condition:
    """Return the condition that a traceback in the output ends in an error of this kind.

    `kind` and `words` are regular expressions: for the error's name, and for what its message must
    contain.
    """
    told = rf":.*(?:{words})" if words else r"(?::| *$)"
    return says(rf"^\W*(?:[\w.]+\.)?(?:{kind}){told}")


def hung(e: Evidence) -> bool:
    """Return whether the program did not end by itself."""
    return e.hung


def stopped(e: Evidence) -> bool:
    """Return whether the program passed a limit, such as that of time."""
    return bool(e.report.stop)


def idle(e: Evidence) -> bool:
    """Return whether the tree is deadlocked or, where that can't be seen, uses hardly any CPU."""
    return e.report.busy < _MAX_IDLE if e.report.still is None else e.report.still


def went_wrong(e: Evidence) -> bool:
    """Return whether the program was stopped, failed, or had a child that failed unnoticed."""
    return e.report.exit_code != 0 or bool(e.unlooked)


def ended_well(e: Evidence) -> bool:
    """Return whether the main process ended with exit code 0."""
    return e.report.exit_code == 0


def all_children_ended(e: Evidence) -> bool:
    """Return whether no child is alive, and there was one."""
    return not e.alive and bool(e.report.children)


def has_pool(e: Evidence) -> bool:
    """Return whether a Pool's workers were started."""
    return bool(e.pool)


def workers_replaced(e: Evidence) -> bool:
    """Return whether a Pool keeps replacing its workers: far more have ended than are alive."""
    dead = [child for child in e.pool if child.state != "alive"]
    return len(dead) > 2 * (len(e.pool) - len(dead)) + 3 and not e.report.still


def worker_died(e: Evidence) -> bool:
    """Return whether a Pool's worker has failed, and was not terminated by the Pool."""
    return any(child.exit_code for child in e.pool if child.pid not in e.ended_on_purpose)


def worker_ended(e: Evidence) -> bool:
    """Return whether a Pool's worker has ended."""
    return any(child.state != "alive" for child in e.pool)


def joining(e: Evidence) -> bool:
    """Return whether the main process waits for a child's end."""
    stack = main_stack(e.main)
    return has(stack, "process.py:join") or has(stack, "util.py:_exit_function")


def forked(e: Evidence) -> bool:
    """Return whether a living child was made by fork."""
    return any(child.method == "fork" for child in e.alive)


def wants_lock(member: Member) -> bool:
    """Return whether its main thread waits for a multiprocessing lock, not one inside a queue."""
    stack = main_stack(member)
    if not stack:
        return False
    inside = ("queues.py:get", "queues.py:put", "queues.py:_feed")
    if has(stack[:1], "synchronize.py:__enter__"):
        return not any(has(stack, place) for place in inside)
    return stack[0].own and bool(_LOCK_LINE.search(source(stack[0].file, stack[0].line)))


def main_wants_lock(e: Evidence) -> bool:
    """Return whether the main process waits for a lock."""
    return wants_lock(e.main)


def children_wanting_locks(e: Evidence) -> list[Member]:
    """Return the living children that wait for a lock."""
    return [child for child in e.alive if wants_lock(child)]


def source(file: str, line: int) -> str:
    """Return this line of the file, without its indentation; "" if it can't be read."""
    linecache.checkcache(file)  # a learner's file changes
    return linecache.getline(file, line).strip()
