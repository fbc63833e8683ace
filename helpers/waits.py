"""For what each process of a stopped program waits, read from its stacks: who, in what, for whom.

    report = run_safely("join_then_get.py", 100_000, still=1)
    print(*what_each_waits_for(report), sep="\\n")

It knows the waits of queues and of join; what stands still elsewhere is not named.
"""

from __future__ import annotations

from collections.abc import Iterator

from helpers.runner.report import Member, Report
from helpers.runner.stacks import Stack
from helpers.validation import bad_type

# (calls that must be in the stack, the call that is named, what it waits for): the first that fits.
# On Windows a pipe is written and read by the calls with `_bytes`; on Linux those call the others.
_WAITS = (
    (("queues.py:_finalize_join",), "_finalize_join()", "its own feeder thread"),
    (("queues.py:_feed", "connection.py:_send_bytes"), "_send()", "room in the pipe"),
    (("queues.py:_feed",), "", ""),  # a feeder with nothing to do is in nobody's way
    (("queues.py:get", "synchronize.py:__enter__"), "get()", "the queue's read lock"),
    (("queues.py:get",), "get()", "an item"),
    (("queues.py:put", "connection.py:_send_bytes"), "put()", "room in the pipe"),
    (("queues.py:put",), "put()", "room in the bounded queue"),
    (("queues.py:join",), "join() of the queue", "task_done() for every item"),
    (("process.py:join",), "join() of a process", "the end of that process"),
)


def what_each_waits_for(report: Report) -> list[str]:
    """A line for each living thread that waits in a queue or in join: `who: in …, waits for …`."""
    if not isinstance(report, Report):
        raise bad_type("report", report, "a Report", "Pass what run_safely(...) returned.")
    living = [member for member in report.members if member.state == "alive"]
    return [line for member in living for line in _lines(member)]


def _lines(member: Member) -> Iterator[str]:
    name = "main program" if member.role == "main" else member.name or "a process"
    for number, stack in enumerate(member.threads):
        call, wanted = _wait(stack)
        if call:
            who = f"{name}, a thread of it" if number else name
            yield f"{who}: in {call}, waits for {wanted}"


def _wait(stack: Stack) -> tuple[str, str]:
    there = {":".join(frame.place) for frame in stack}
    fits = ((call, wanted) for places, call, wanted in _WAITS if there.issuperset(places))
    return next(fits, ("", ""))
