"""Report on a program that ran, with a Member for each of its processes."""

from __future__ import annotations

import re
import signal
from dataclasses import dataclass, field
from pathlib import Path

from helpers.runner.limits import Limits
from helpers.runner.stacks import Frame, Stack, own_frame, read_stacks

_WINDOWS = {0xC0000005: "a memory fault", 0xC000013A: "an interrupt", 0xC0000409: "a crash"}
_MOST_CALLS = 4  # innermost calls of a stack that are shown: they tell what it waits for
_WORDS = {
    0: "ended well",
    1: "ended with an error",
    2: "was called in a wrong way",
    -9: "was killed, by a program or by the system when memory was short",
    -11: "crashed on a memory fault",
    -15: "was terminated",
}


@dataclass(frozen=True)
class Member:
    """One process of the program's tree.

    `state` is its state when the program ended or was stopped: "ended", "zombie" or "alive".
    `exit_code` is None if unknown. `busy` is how many cores it used at that time, on average over
    half a second. `seconds` is how long it lived, None if unknown.
    """

    pid: int
    parent: int | None = None
    role: str = "other"  # main, child (of multiprocessing), service, python or other
    name: str = ""
    method: str = ""  # the start method, of a child
    target: str = ""  # what a child runs, such as "multiprocessing.pool.worker"
    state: str = "ended"
    exit_code: int | None = None
    seconds: float | None = None
    busy: float = 0.0
    futex: bool = False  # its main thread waits for a lock between threads
    threads: tuple[Stack, ...] = ()  # the main thread's stack first

    @property
    def title(self) -> str:
        """Return what to call it: `main program`, or the name that multiprocessing gave it."""
        return "main program" if self.role == "main" else self.name or "a process"

    @property
    def fate(self) -> str:
        """Return how it ended and after which time, or that it had not ended."""
        if self.exit_code is not None:
            end = meaning(self.exit_code)
        else:
            end = {"alive": "was still alive", "zombie": "had ended"}.get(self.state, "ended")
        return f"{end} after {self.seconds:.1f} s" if self.seconds is not None else end

    @property
    def line(self) -> Frame | None:
        """Return the learner's line that it was executing; None if it had ended or was in none."""
        mine = (own_frame(stack) for stack in self.threads)
        return next((frame for frame in mine if frame), None)


@dataclass(frozen=True)
class Report:
    """What a program did, and what it left behind, which has been removed.

    `exit_code` is None if the program was stopped; then `stop` is the kind of limit that it passed,
    and `reason` says so in words. `left` names the processes that were still alive when the program
    had ended. `seconds` is how long it ran, `cpu_seconds` what all of its processes used, and
    `busy` how many cores they used at the end. `started` is how many processes it started.
    """

    program: str
    exit_code: int | None
    reason: str
    seconds: float
    output: str
    started: int
    left: tuple[str, ...]
    stop: str = ""
    path: str = ""
    cpu_seconds: float = 0.0
    busy: float = 0.0
    still: bool | None = None  # whether it was deadlocked; None where that can't be seen
    members: tuple[Member, ...] = ()
    zombies: int = 0
    shared: tuple[str, ...] = ()  # shared memory that was left
    semaphores: tuple[str, ...] = ()
    notes: tuple[dict, ...] = field(default=(), repr=False)

    @property
    def verdict(self) -> str:
        """Return how it ended, or why it was stopped, in words that are the same in every run."""
        if self.exit_code is None:
            return f"stopped: {self.reason}"
        words = "ended" if self.exit_code == 0 else f"ended with exit code {self.exit_code}"
        return f"{words}, {len(self.left)} left behind" if self.left else words

    @property
    def meaning(self) -> str:
        """Return the exit code in words."""
        return f"was stopped: {self.reason}" if self.exit_code is None else meaning(self.exit_code)

    @property
    def main(self) -> Member | None:
        """Return the program's first process; None if nothing was seen of it."""
        return next((member for member in self.members if member.role == "main"), None)

    @property
    def children(self) -> tuple[Member, ...]:
        """Return the processes that multiprocessing started for the program, in order."""
        return tuple(member for member in self.members if member.role == "child")

    def stacks(self) -> tuple[str, ...]:
        """Return a line for each thread of each living process: its name and its innermost calls.

        The outermost call comes first: the learner's innermost line, if there is one. The calls
        after it are Python's own functions, whose names differ from version to version.
        """
        alive = [m for m in self.members if m.state == "alive" and m.role in ("main", "child")]
        return tuple(line for member in alive for line in _stacks_of(member))

    def describe(self) -> str:
        """Return several lines to read: the verdict, each process, and the line that it was in."""
        lines = [f"{self.program} {self.meaning}", *map(_described, self.members)]
        if self.left or self.zombies or self.shared or self.semaphores:
            lines.append(
                f"left behind: {len(self.left)} processes, {self.zombies} zombies, "
                f"{len(self.shared)} shared memory, {len(self.semaphores)} semaphores"
            )
        return "\n".join(lines)


def meaning(code: int) -> str:
    """Return what an exit code means, in words."""
    if code in _WORDS:
        return _WORDS[code]
    if code < 0:
        try:
            return f"was ended by {signal.Signals(-code).name}"
        except ValueError:
            return f"was ended by signal {-code}"
    return f"ended on {_WINDOWS[code]}" if code in _WINDOWS else f"ended with exit code {code}"


def _stacks_of(member: Member) -> list[str]:
    return [
        f"{member.title}{'' if place == 0 else ', another thread'}: {_calls(stack)}"
        for place, stack in enumerate(member.threads)
        if stack
    ]


def _calls(stack: Stack) -> str:
    """Return the learner's innermost line, then Python's calls inside it, outermost first."""
    own = own_frame(stack)
    inner = stack[: stack.index(own)] if own else stack
    calls = [frame.function for frame in reversed(inner[:_MOST_CALLS])]
    if len(inner) > _MOST_CALLS:
        calls.insert(0, "…")
    return " > ".join([f"line {own.line}", *calls] if own else calls)


def _described(member: Member) -> str:
    name = member.name or member.role
    how = f" by {member.method}" if member.method else ""
    where = f", in line {member.line.line}: {member.line.function}" if member.line else ""
    return f"  {name}{how} {member.fate}{where}"


_INJECTED = re.escape(str(Path(__file__).parent / "injected"))
# In a traceback, the frames of our injected modules, with their lines of source.
_OUR_FRAMES = re.compile(rf'^  File "{_INJECTED}[^"]*", line .*\n(?:    .*\n)*', re.MULTILINE)


def report_of(evidence: dict, path: str, program: str, allowed: Limits) -> Report:
    """Return the Report on a program, from the supervisor's evidence (see snapshot.py)."""
    # What the processes did while they were being killed does not count.
    until = evidence.get("until") or float("inf")
    evidence["notes"] = [note for note in evidence["notes"] if note["at"] <= until]
    members = _members(evidence)
    shared = evidence.get("shared", [])
    memory = tuple(name for name in shared if not name.startswith("/mp-"))
    names = {member.pid: member.name for member in members}
    left = [names.get(int(pid)) or name for pid, name in evidence.get("left", {}).items()]
    zombies = [member for member in members if member.state == "zombie"]
    return Report(
        program=program,
        exit_code=evidence["exit_code"],
        reason=allowed.words(evidence["stop"]),
        seconds=evidence["seconds"],
        output=_OUR_FRAMES.sub("", evidence["output"]),
        started=len(members) - 1,
        left=tuple(sorted(left)),
        stop=evidence["stop"],
        path=path,
        cpu_seconds=evidence["cpu"],
        busy=sum(member.busy for member in members),
        still=evidence.get("still"),
        members=tuple(members),
        zombies=len(zombies) if not evidence["stop"] else 0,
        shared=memory,
        semaphores=tuple(name for name in shared if name not in memory),
        notes=tuple(evidence["notes"]),
    )


def nothing_seen(path: str, program: str, allowed: Limits, seconds: float) -> Report:
    """Return the Report on a program whose supervisor was killed or was far too late."""
    reason = allowed.words("watcher")
    return Report(program, None, reason, seconds, "", 0, (), stop="watcher", path=path)


def _members(evidence: dict) -> list[Member]:
    """Return a Member for each process that was seen or noted, the program's first one first."""
    facts: dict[int, dict] = {evidence["main"]: {"role": "main"}}
    for event in evidence["notes"]:
        _add_facts(facts, event)
    for pid in evidence["seen"]:
        facts.setdefault(pid, {})
    codes = {int(pid): code for pid, code in evidence.get("zombies", {}).items()}
    stacks = {int(pid): text for pid, text in evidence["stacks"].items()}
    members = []
    for pid, known in facts.items():
        state = (
            "alive" if pid in evidence.get("alive", ()) else "zombie" if pid in codes else "ended"
        )
        begun, ended = known.pop("begun", None), known.pop("ended", None)
        known["seconds"] = ended - begun if begun is not None and ended is not None else None
        known.setdefault("exit_code", codes.get(pid))
        members.append(
            Member(
                pid=pid,
                state=state,
                busy=evidence.get("busy", {}).get(str(pid), 0.0),
                futex=pid in evidence.get("futex", ()),
                threads=read_stacks(stacks.get(pid, "")),
                **known,
            )
        )
    main = members[0]
    if evidence["exit_code"] is not None:
        members[0] = Member(**{**main.__dict__, "exit_code": evidence["exit_code"]})
    return members


def _add_facts(facts: dict[int, dict], event: dict) -> None:
    """Add what one event says to the facts about the processes, by their ids."""
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
