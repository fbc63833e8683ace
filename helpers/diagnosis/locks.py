"""Conditions on which process holds and wants which lock, from the events of course_locks.py.

    Process-1  holds A, wants B        a process notes what it wants when it has waited a moment,
    Process-2  holds B, wants A        and what it holds at that time

A lock has the same name in all processes that share it.
"""

from __future__ import annotations

from helpers.diagnosis import program_text
from helpers.diagnosis.conditions import (
    Evidence,
    children_wanting_locks,
    directly,
    has,
    library_places,
    main_stack,
    main_wants_lock,
    source,
    wants_lock,
)
from helpers.runner.report import Member


def waiting_for_locks(e: Evidence) -> list[Member]:
    """Return the processes that wait for a lock."""
    return [*([e.main] if main_wants_lock(e) else []), *children_wanting_locks(e)]


def wanted(e: Evidence, member: Member) -> str:
    """Return the name of the lock that a process waits for; "" if it is not known."""
    notes = [note for note in e.noted("wants") if note["pid"] == member.pid]
    return notes[-1]["lock"] if notes and wants_lock(member) else ""


def held(e: Evidence, member: Member) -> set[str]:
    """Return the names of the locks that a process holds while it waits for a lock or a child."""
    notes = [
        n for n in e.report.notes if n["pid"] == member.pid and n["what"] in ("wants", "holds")
    ]
    if not notes:
        return set()
    return set(notes[-1].get("holds") or notes[-1].get("locks") or ())


def waits_for_own_lock(e: Evidence) -> bool:
    """Return whether a process waits for a lock that it holds itself."""
    return any(
        wanted(e, member) in held(e, member) or _is_inside_same_with(member)
        for member in waiting_for_locks(e)
    )


def _is_inside_same_with(member: Member) -> bool:
    """Return whether a line `with lock:` is inside another `with lock:` of the same text."""
    own = [frame for frame in main_stack(member) if frame.own]
    if not own:
        return False
    words = source(own[0].file, own[0].line)
    asked = words.removeprefix("with ").removesuffix(":").removesuffix(".acquire()")
    around = (program_text.held_by_with(frame.file, frame.line) for frame in own)
    return any(asked in held_there for held_there in around)


def wait_in_a_circle(e: Evidence) -> bool:
    """Return whether two processes each wait for a lock that the other one holds."""
    members = waiting_for_locks(e)
    return any(
        one.pid != other.pid
        and wanted(e, one) in held(e, other)
        and wanted(e, other) in held(e, one)
        and wanted(e, one) != wanted(e, other)
        for one in members
        for other in members
    )


def holder_waits_for_waiter(e: Evidence) -> bool:
    """Return whether the main program joins a child while it holds the lock that this wants."""
    joins = has(main_stack(e.main), "process.py:join")
    mine = held(e, e.main) if joins else set()
    return any(wanted(e, child) in mine for child in children_wanting_locks(e))


def owner_may_have_died(e: Evidence) -> bool:
    """Return whether a child that failed or was killed had used a lock that is waited for."""
    killed = {note["child"] for note in e.noted("kill")}
    dead = {c.pid for c in e.own if c.state != "alive" and (c.exit_code or c.pid in killed)}
    used = {note["lock"] for note in e.noted("used") if note["pid"] in dead}
    asked = {wanted(e, member) for member in waiting_for_locks(e)} - {""}
    return bool(dead) and (bool(asked & used) or not asked) and not is_held(e)


def ended_with_lock(e: Evidence) -> bool:
    """Return whether a process ended by itself while it held a lock that is waited for."""
    left = {lock for note in e.noted("held") for lock in note["locks"]}
    asked = {wanted(e, member) for member in waiting_for_locks(e)} - {""}
    return bool(left & asked) or (bool(left) and not asked)


def is_held(e: Evidence) -> bool:
    """Return whether a living process is known to hold a lock that another one waits for."""
    asked = {wanted(e, member) for member in waiting_for_locks(e)} - {""}
    living = [e.main, *e.alive]
    return any(asked & held(e, member) for member in living)


def waiter_is_gone(e: Evidence) -> bool:
    """Return whether a process that wakes the others waits for one that has died."""
    killed = {note["child"] for note in e.noted("kill")}
    died = any(c.state != "alive" and (c.exit_code or c.pid in killed) for c in e.own)
    innermost = [library_places(main_stack(member))[:1] for member in _living(e)]
    return died and ["synchronize.py:notify"] in innermost


def condition_waited_for(e: Evidence) -> bool:
    """Return whether a process waits for a condition, and not for an event or a barrier."""
    return any(_waits_for_condition(member) for member in _living(e))


def notified_before_the_wait(e: Evidence) -> bool:
    """Return whether a condition was notified when no process waited, and then waited for."""
    early = [(note["lock"], note["at"]) for note in e.noted("notified none")]
    late = [
        (note["lock"], note["at"])
        for note in e.noted("wants")
        if note["pid"] in {member.pid for member in _living(e) if _waits_for_condition(member)}
    ]
    return any(lock == other and at < later for lock, at in early for other, later in late)


def _waits_for_condition(member: Member) -> bool:
    stack = main_stack(member)
    place = "synchronize.py:wait"
    others = directly(stack, place, place) or has(stack, "threading.py:_wait")
    return library_places(stack)[:1] == [place] and not others


def _living(e: Evidence) -> list[Member]:
    return [e.main, *e.alive]
