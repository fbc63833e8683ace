"""From what the guard saw, and what the processes noted of themselves, to one Report."""

from __future__ import annotations

import re
from pathlib import Path

from helpers.limits import Limits
from helpers.reports import Member, Report
from helpers.stacks import read_stacks

_INSIDE = re.escape(str(Path(__file__).parent / "inside"))
# In a traceback, the frames of what takes notes, with their lines of source.
_OUR_FRAMES = re.compile(rf'^  File "{_INSIDE}[^"]*", line .*\n(?:    .*\n)*', re.MULTILINE)


def report_of(told: dict, path: str, program: str, allowed: Limits) -> Report:
    """The Report on a program, from the guard's evidence."""
    until = told.get("until") or float("inf")  # what they did while they were ended does not count
    told["notes"] = [note for note in told["notes"] if note["at"] <= until]
    members = _members(told)
    shared = told.get("shared", [])
    memory = tuple(name for name in shared if not name.startswith("/mp-"))
    names = {member.pid: member.name for member in members}
    left = [names.get(int(pid)) or name for pid, name in told.get("left", {}).items()]
    zombies = [member for member in members if member.state == "zombie"]
    return Report(
        program=program,
        exit_code=told["exit_code"],
        reason=allowed.words(told["stop"]),
        seconds=told["seconds"],
        output=_OUR_FRAMES.sub("", told["output"]),
        started=len(members) - 1,
        left=tuple(sorted(left)),
        stop=told["stop"],
        path=path,
        cpu_seconds=told["cpu"],
        busy=sum(member.busy for member in members),
        still=told.get("still"),
        members=tuple(members),
        zombies=len(zombies) if not told["stop"] else 0,
        shared=memory,
        semaphores=tuple(name for name in shared if name not in memory),
        notes=tuple(told["notes"]),
    )


def nothing_seen(path: str, program: str, allowed: Limits, seconds: float) -> Report:
    """The Report on a program whose guard came to harm."""
    reason = allowed.words("watcher")
    return Report(program, None, reason, seconds, "", 0, (), stop="watcher", path=path)


def _members(told: dict) -> list[Member]:
    facts: dict[int, dict] = {told["main"]: {"role": "main"}}
    for event in told["notes"]:
        _learn(facts, event)
    for pid in told["seen"]:
        facts.setdefault(pid, {})
    codes = {int(pid): code for pid, code in told.get("zombies", {}).items()}
    stacks = {int(pid): text for pid, text in told["stacks"].items()}
    members = []
    for pid, known in facts.items():
        state = "alive" if pid in told.get("alive", ()) else "zombie" if pid in codes else "ended"
        begun, ended = known.pop("begun", None), known.pop("ended", None)
        known["seconds"] = ended - begun if begun is not None and ended is not None else None
        known.setdefault("exit_code", codes.get(pid))
        members.append(
            Member(
                pid=pid,
                state=state,
                busy=told.get("busy", {}).get(str(pid), 0.0),
                futex=pid in told.get("futex", ()),
                threads=read_stacks(stacks.get(pid, "")),
                **known,
            )
        )
    main = members[0]
    if told["exit_code"] is not None:
        members[0] = Member(**{**main.__dict__, "exit_code": told["exit_code"]})
    return members


def _learn(facts: dict[int, dict], event: dict) -> None:
    """Adds what one event tells to what is known of the processes."""
    what, pid, at = event["what"], event["pid"], event["at"]
    mine = facts.setdefault(pid, {})
    if what == "here":
        mine.setdefault("begun", at)
        mine.setdefault("parent", event["parent"])
        mine.setdefault("role", "service" if event["service"] else "python")
    elif what == "begin":
        mine.update(role="child", name=event["name"])
    elif what == "start":
        child = facts.setdefault(event["child"], {})
        child.update(
            role="child",
            parent=pid,
            name=event["name"],
            method=event["method"],
            target=event["target"] or "",
        )
        child.setdefault("begun", at)
    elif what == "end":
        mine.update(exit_code=event["code"], ended=at)
    elif what == "ended":
        child = facts.setdefault(event["child"], {})
        child["exit_code"] = event["code"]
        child.setdefault("ended", at)
