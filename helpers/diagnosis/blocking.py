"""Conditions on what the processes of a tree wait for, and the list of these waits for a reader.

The conditions are for the rules in rules.py: each takes the Evidence and returns a bool.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from helpers.diagnosis.conditions import (
    Evidence,
    child_in,
    child_thread_in,
    children_wanting_locks,
    directly,
    either,
    has,
    idle,
    library_places,
    main_in,
    main_stack,
    main_wants_lock,
    raises,
    says,
    source,
    traced_in,
)
from helpers.runner.report import Member, Report
from helpers.runner.stacks import Frame, Stack, own_frame
from helpers.validation import bad_type


def waits_for_item(e: Evidence) -> bool:
    """Return whether a child waits for an item of a queue."""
    return any(has(main_stack(child), "queues.py:get", "connection.py:_recv") for child in e.alive)


def sibling_has_ended(e: Evidence) -> bool:
    """Return whether a child with the same work as one that waits for an item has ended well."""
    waiting = {c.target for c in e.alive if has(main_stack(c), "queues.py:get")}
    return waits_for_item(e) and any(
        c.state != "alive" and c.target in waiting and not c.exit_code for c in e.own
    )


def waits_for_read_lock(e: Evidence) -> bool:
    """Return whether a process waits for the lock of a queue's reading end."""
    place = "synchronize.py:__enter__"
    return any(directly(main_stack(c), place, "queues.py:get") for c in [e.main, *e.alive])


def no_process_receives(e: Evidence) -> bool:
    """Return whether no process is reading from a queue."""
    living = [e.main, *e.alive]
    return not any(has(main_stack(c), "queues.py:get", "connection.py:_recv") for c in living)


def only_reads_messages(e: Evidence) -> bool:
    """Return whether a child reads messages from a pipe of its own, not from a queue."""
    return any(
        has(main_stack(c), "connection.py:recv") and not has(main_stack(c), "queues.py:get")
        for c in e.alive
    )


def event_waited_for(e: Evidence) -> bool:
    """Return whether a process waits for an event."""
    place = "synchronize.py:wait"
    return any(directly(main_stack(c), place, place) for c in [e.main, *e.alive])


def barrier_waited_for(e: Evidence) -> bool:
    """Return whether a process waits at a barrier."""
    return any(
        has(main_stack(c), "threading.py:_wait", "synchronize.py:wait_for")
        for c in [e.main, *e.alive]
    )


def a_child_died(e: Evidence) -> bool:
    """Return whether a child has failed, or was killed."""
    killed = {note["child"] for note in e.noted("kill")}
    return any(c.exit_code or c.pid in killed for c in e.own if c.state != "alive")


def another_died(e: Evidence) -> bool:
    """Return whether a child failed whose target is not that of a child that waits for an item."""
    waiting = {c.target for c in e.alive if has(main_stack(c), "queues.py:get")}
    return any(c.exit_code and c.target not in waiting for c in e.own if c.state != "alive")


def ended_with_lock(e: Evidence) -> bool:
    """Return whether a process ended by itself while it held a lock."""
    return bool(e.noted("held"))


def two_locks_waited_for(e: Evidence) -> bool:
    """Return whether two processes wait for locks in lines that differ, so for different locks."""
    waiting = list(children_wanting_locks(e))
    if main_wants_lock(e):
        waiting.append(e.main)
    lines = {member.line for member in waiting if member.line}
    return len({source(line.file, line.line) for line in lines}) >= 2


def terminate_was_refused(e: Evidence) -> bool:
    """Return whether a child that was sent SIGTERM is still alive."""
    asked = {note["child"] for note in e.noted("kill") if note["signal"] == 15}
    return any(child.pid in asked for child in e.alive)


def forked_with_locked_thread(e: Evidence) -> bool:
    """Return whether a child, forked while its parent had threads, waits for a lock of threads.

    A process that waits for a semaphore waits in the same system call (futex). Its Python stack
    tells the two apart.
    """
    with_threads = {n["pid"] for n in e.noted("here") if n["how"] == "fork" and n["threads"] > 1}
    return any(
        c.pid in with_threads and c.futex and not _waits_for_process(c)
        for c in e.own
        if c.state == "alive"
    )


def _waits_for_process(child: Member) -> bool:
    """Return whether its innermost call waits for another process, not for a thread."""
    places = ("connection.py:_recv", "synchronize.py:__enter__", "queues.py:get", "queues.py:put")
    return any(has(main_stack(child)[:1], place) for place in places)


def executor_has_no_workers(e: Evidence) -> bool:
    """Return whether the main process waits for an executor whose workers have all ended well."""
    return (
        bool(e.executor)
        and waits_for_executor(e)
        and all(c.state != "alive" and not c.exit_code for c in e.executor)
    )


def forked_pool(e: Evidence) -> bool:
    """Return whether the workers of a Pool were forked."""
    return bool(e.pool) and e.pool[0].method == "fork"


def reading_failed(e: Evidence) -> bool:
    """Return whether reading from a connection raised an error."""
    return traced_in(r"connection\.py:recv\w*")(e) and raises(r"\w*Error")(e)


def waits_for_executor(e: Evidence) -> bool:
    """Return whether the main process waits for an executor's results, or for its end."""
    futures = main_in("_base.py:result", "_base.py:wait", "_base.py:as_completed")
    return either(futures, main_in("thread.py:_python_exit", "process.py:shutdown"))(e)


def feeder_is_stuck(e: Evidence) -> bool:
    """Return whether a child's feeder thread, or the child itself in put(), blocks in a send."""
    feeding = child_thread_in("queues.py:_feed")(e) and child_thread_in("connection.py:_send")(e)
    return feeding or child_in("queues.py:put", "connection.py:_send")(e)


def reads_all_input(e: Evidence) -> bool:
    """Return whether the main process is still reading the input of a map."""
    return main_in("pool.py:_map_async", "process.py:map", "_base.py:map")(e)


def child_raised(e: Evidence) -> bool:
    """Return whether a child ended with a traceback, and the program never read its exit code."""
    return says(r"Process \S+:$")(e) and any(child.exit_code == 1 for child in e.unlooked)


def at_the_exit(e: Evidence) -> bool:
    """Return whether the main program is done, but one of its children loops or waits forever."""
    waits = has(main_stack(e.main), "util.py:_exit_function")
    endless = any(in_endless_loop(frame) for c in e.alive for frame in main_stack(c))
    return waits and (endless or (idle(e) and any(c.line for c in e.alive)))


def in_endless_loop(frame: Frame) -> bool:
    """Return whether the line is the learner's, in a `while True` that nothing leaves.

    A break, a return or a raise leaves it.
    """
    if not frame.own:
        return False
    try:
        tree = ast.parse(Path(frame.file).read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError):
        return False
    loops = [node for node in ast.walk(tree) if isinstance(node, ast.While)]
    around = [loop for loop in loops if loop.lineno <= frame.line <= (loop.end_lineno or 0)]
    return any(isinstance(loop.test, ast.Constant) and not _is_left(loop) for loop in around)


def _is_left(loop: ast.While) -> bool:
    return any(isinstance(node, (ast.Break, ast.Return, ast.Raise)) for node in ast.walk(loop))


def crashed_in_shared_memory(e: Evidence) -> bool:
    """Return whether a process crashed in a program that made shared memory."""
    return bool(e.noted("shared")) and crashed(e)


def crashed(e: Evidence) -> bool:
    """Return whether a process crashed on a memory fault."""
    codes = [e.report.exit_code, *(child.exit_code for child in e.unlooked)]
    return any(code in (-11, -7, 0xC0000005) for code in codes)


def killed(e: Evidence) -> bool:
    """Return whether a process was killed by something other than its own program."""
    return e.report.exit_code == -9 or any(c.exit_code == -9 for c in e.unlooked)


# (calls that must be in the stack, the call to name, what it waits for): the first that fits.
# On Windows `_send_bytes` and `_recv_bytes` write and read a pipe themselves; on Linux they call
# `_send` and `_recv`.
_WAITS = (
    (("queues.py:_finalize_join",), "_finalize_join()", "its own feeder thread"),
    (("queues.py:_feed", "connection.py:_send_bytes"), "_send()", "room in the pipe"),
    (("queues.py:_feed",), "", ""),  # a feeder thread with nothing to send is normal
    (("queues.py:get", "synchronize.py:__enter__"), "get()", "the queue's read lock"),
    (("queues.py:get",), "get()", "an item"),
    (("queues.py:put", "connection.py:_send_bytes"), "put()", "room in the pipe"),
    (("queues.py:put",), "put()", "room in the bounded queue"),
    (("queues.py:join",), "join() of the queue", "task_done() for every item"),
    (("process.py:join",), "join() of a process", "the end of that process"),
    (("pool.py:_handle_workers",), "", ""),  # the three threads of a Pool wait between tasks
    (("pool.py:_handle_tasks",), "", ""),
    (("pool.py:_handle_results",), "", ""),
    (("pool.py:get", "pool.py:wait"), "get() of a Pool", "a result of the Pool"),
    (("_base.py:result",), "result() of a future", "a result of the executor"),
    (("synchronize.py:wait", "threading.py:_wait"), "wait() of a barrier", "another party"),
    (("synchronize.py:wait", "synchronize.py:wait_for"), "wait_for()", "its condition"),
    (("synchronize.py:wait",), "wait()", "another process to set or notify it"),
    (("synchronize.py:__enter__",), "a `with` statement", "a lock"),
    (("connection.py:_recv",), "recv()", "a message"),
    (("connection.py:_send",), "send()", "room in the pipe"),
)


@dataclass(frozen=True)
class Wait:
    """A thread that waits: `number` is 0 for a main thread; `line` is the learner's own line."""

    member: Member
    number: int
    call: str
    wanted: str
    line: Frame | None

    @property
    def waiter(self) -> str:
        """Return the name of the process, and whether another thread of it waits."""
        name = self.member.title
        return f"{name}, a thread of it" if self.number else name


def waits_of(report: Report) -> list[Wait]:
    """Return a Wait for each thread of a living process that waits for something known.

    Raise TypeError if `report` is not a Report.
    """
    if not isinstance(report, Report):
        raise bad_type("report", report, "a Report", "Pass what run_safely(...) returned.")
    found = []
    for member in report.members:
        for number, stack in enumerate(member.threads if member.state == "alive" else ()):
            call, wanted = _wait(stack)
            if call:
                found.append(Wait(member, number, call, wanted, own_frame(stack)))
    return found


def what_each_waits_for(report: Report) -> list[str]:
    """Return a line for each thread that waits for another one: `name: in …, waits for …`.

    Raise TypeError if `report` is not a Report.
    """
    return [f"{one.waiter}: in {one.call}, waits for {one.wanted}" for one in waits_of(report)]


def _wait(stack: Stack) -> tuple[str, str]:
    """Return the call in which a thread waits and what it waits for; ("", "") if unknown."""
    there = set(library_places(stack))
    fits = ((call, wanted) for places, call, wanted in _WAITS if there.issuperset(places))
    call, wanted = next(fits, ("", ""))
    if not call and stack and stack[0].own and ".acquire(" in source(stack[0].file, stack[0].line):
        return "acquire()", "a lock"  # written in C, so it has no frame of its own
    return call, wanted
