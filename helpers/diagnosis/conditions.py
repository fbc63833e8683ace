"""Questions about a Report that a rule may ask, each answered with yes or no.

`main_in("queues.py:get")` is a condition: a function that takes the Evidence. Frames are named by
file and function, since line numbers differ from one Python to the next.
"""

from __future__ import annotations

import linecache
import re
from collections.abc import Callable
from itertools import pairwise

from helpers.runner.report import Member, Report
from helpers.runner.stacks import Stack

_LOCK_LINE = re.compile(r"\.acquire\(\)|^with\b")
_POOL, _EXECUTOR, _MANAGER = "worker", "_process_worker", "BaseManager._run_server"
_MAX_IDLE = 0.15  # of a core; what waits uses less


class Evidence:
    """A Report, seen from the side of the rules."""

    def __init__(self, report: Report) -> None:
        self.report, self.text = report, report.output
        self.main = report.main or Member(0)
        self.hung = report.stop in ("time", "still")
        of_pools = {_POOL, _EXECUTOR, _MANAGER}
        self.pool = [child for child in report.children if child.target == _POOL]
        self.executor = [child for child in report.children if child.target == _EXECUTOR]
        self.own = [child for child in report.children if child.target not in of_pools]
        self.alive = [child for child in report.children if child.state == "alive"]
        self.alive = [child for child in self.alive if child.target != _MANAGER]

    def noted(self, what: str) -> list[dict]:
        """The notes of that kind."""
        return [note for note in self.report.notes if note["what"] == what]

    @property
    def ended_on_purpose(self) -> set[int]:
        """Those to which another process of the tree sent a signal."""
        return {note["child"] for note in self.noted("kill") if note["child"] != note["pid"]}

    @property
    def unlooked(self) -> list[Member]:
        """Children of the program itself that ended badly, of which nobody took notice."""
        known = {note["child"] for note in self.noted("looked")} | self.ended_on_purpose
        return [child for child in self.own if child.exit_code and child.pid not in known]


Condition = Callable[[Evidence], bool]


def has(stack: Stack, *places: str) -> bool:
    """Whether all these calls are in the stack."""
    there = {":".join(frame.place) for frame in stack}
    return all(place in there for place in places)


def directly(stack: Stack, inner: str, outer: str) -> bool:
    """Whether `outer` called `inner`."""
    names = [":".join(frame.place) for frame in stack]
    return (inner, outer) in pairwise(names)


def main_stack(member: Member) -> Stack:
    """The stack of a process's main thread; empty if it is not known."""
    return member.threads[0] if member.threads else ()


def main_in(*places: str) -> Condition:
    """The main process is in one of these calls."""
    return lambda e: any(has(main_stack(e.main), place) for place in places)


def main_thread_named(place: str) -> Condition:
    """A thread of the main process, not its first one, is in that call."""
    return lambda e: any(has(stack, place) for stack in e.main.threads[1:])


def child_in(*places: str) -> Condition:
    """A living child's main thread is in all these calls."""
    return lambda e: any(has(main_stack(child), *places) for child in e.alive)


def anybody_in(place: str) -> Condition:
    """The main process, or a living child's main thread, is in that call."""
    return either(main_in(place), child_in(place))


def child_thread_in(place: str) -> Condition:
    """Any thread of a living child is in that call."""
    return lambda e: any(has(stack, place) for child in e.alive for stack in child.threads)


def no(condition: Condition) -> Condition:
    """Not that."""
    return lambda e: not condition(e)


def either(*conditions: Condition) -> Condition:
    """One of these."""
    return lambda e: any(condition(e) for condition in conditions)


def says(pattern: str) -> Condition:
    """The output has that, read as a regular expression."""
    compiled = re.compile(pattern, re.MULTILINE)
    return lambda e: bool(compiled.search(e.text))


def raises(kind: str, words: str = "") -> Condition:
    """The output has the last line of a traceback with that kind of error and those words."""
    told = rf":.*(?:{words})" if words else r"(?::| *$)"
    return says(rf"^\W*(?:[\w.]+\.)?(?:{kind}){told}")


def hung(e: Evidence) -> bool:
    """It did not end by itself."""
    return e.hung


def stopped(e: Evidence) -> bool:
    """It passed a limit, of time or another."""
    return bool(e.report.stop)


def idle(e: Evidence) -> bool:
    """Nobody in the tree can go on, or, where that can't be seen, nobody computes."""
    return e.report.busy < _MAX_IDLE if e.report.still is None else e.report.still


def went_wrong(e: Evidence) -> bool:
    """It was stopped, ended with an error, or had a child with an error of which nobody knows."""
    return e.report.exit_code != 0 or bool(e.unlooked)


def ended_well(e: Evidence) -> bool:
    """The main process ended with exit code 0."""
    return e.report.exit_code == 0


def nobody_lives(e: Evidence) -> bool:
    """No child is alive, and there was one."""
    return not e.alive and bool(e.report.children)


def has_pool(e: Evidence) -> bool:
    """A Pool's workers were started."""
    return bool(e.pool)


def workers_replaced(e: Evidence) -> bool:
    """Far more of a Pool's workers have ended than it has, and more will: it never stands still."""
    dead = [child for child in e.pool if child.state != "alive"]
    return len(dead) > 2 * (len(e.pool) - len(dead)) + 3 and not e.report.still


def worker_died(e: Evidence) -> bool:
    """A Pool's worker has ended badly, and not by the Pool's own hand."""
    return any(child.exit_code for child in e.pool if child.pid not in e.ended_on_purpose)


def worker_ended(e: Evidence) -> bool:
    """A Pool's worker has ended."""
    return any(child.state != "alive" for child in e.pool)


def joining(e: Evidence) -> bool:
    """The main process waits for a child's end."""
    stack = main_stack(e.main)
    return has(stack, "process.py:join") or has(stack, "util.py:_exit_function")


def forked(e: Evidence) -> bool:
    """A living child was made by fork."""
    return any(child.method == "fork" for child in e.alive)


def wants_lock(member: Member) -> bool:
    """Whether its main thread waits for a lock of multiprocessing, and not inside a queue."""
    stack = main_stack(member)
    if not stack:
        return False
    inside = {("queues.py", name) for name in ("get", "put", "_feed")}
    if stack[0].place == ("synchronize.py", "__enter__"):
        return not any(frame.place in inside for frame in stack)
    return stack[0].own and bool(_LOCK_LINE.search(source(stack[0].file, stack[0].line)))


def main_wants_lock(e: Evidence) -> bool:
    """The main process waits for a lock."""
    return wants_lock(e.main)


def children_wanting_locks(e: Evidence) -> list[Member]:
    """Living children that wait for a lock."""
    return [child for child in e.alive if wants_lock(child)]


def source(file: str, line: int) -> str:
    """That line of the file, without its indentation; "" if there is none."""
    linecache.checkcache(file)  # a learner's file changes
    return linecache.getline(file, line).strip()
