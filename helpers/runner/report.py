"""What the bounded runner tells of a program: one Report, with one Member for each process."""

from __future__ import annotations

import re
import signal
from dataclasses import dataclass, field
from pathlib import Path

from helpers.runner.limits import Limits
from helpers.runner.stacks import Frame, Stack, own_frame, read_stacks

_WINDOWS = {0xC0000005: "a memory fault", 0xC000013A: "an interrupt", 0xC0000409: "a crash"}
_CALLS = 4  # of a stack's innermost calls, which tell what it waits for
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

    `state` is how it was when the program ended or was stopped: "ended", "zombie" or "alive".
    `exit_code` is None where nobody saw it; `busy` is its use of a core just before that.
    """

    pid: int
    parent: int | None = None
    role: str = "other"  # main, child (of multiprocessing), service, python or other
    name: str = ""
    method: str = ""  # the start method, of a child
    target: str = ""
    state: str = "ended"
    exit_code: int | None = None
    seconds: float | None = None
    busy: float = 0.0
    futex: bool = False  # its main thread waits for a lock of threads
    threads: tuple[Stack, ...] = ()  # the main thread's stack first

    @property
    def line(self) -> Frame | None:
        """The learner's own line in which it was, if it was alive and in one."""
        mine = (own_frame(stack) for stack in self.threads)
        return next((frame for frame in mine if frame), None)


@dataclass(frozen=True)
class Report:
    """What a program did. `left` names the processes that were still alive when it had ended.

    `exit_code` is None if it had to be ended; then `stop` is the limit that it passed, and `reason`
    says so in words. What it left is named here and has been removed.
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
    still: bool | None = None  # whether all its processes waited without end, where that is seen
    members: tuple[Member, ...] = ()
    zombies: int = 0
    shared: tuple[str, ...] = ()  # shared memory that was left
    semaphores: tuple[str, ...] = ()
    notes: tuple[dict, ...] = field(default=(), repr=False)

    @property
    def verdict(self) -> str:
        """One fixed line: ended, ended with an exit code, or why it was stopped."""
        if self.exit_code is None:
            return f"stopped: {self.reason}"
        words = "ended" if self.exit_code == 0 else f"ended with exit code {self.exit_code}"
        return f"{words}, {len(self.left)} left behind" if self.left else words

    @property
    def meaning(self) -> str:
        """The exit code in words."""
        return f"was stopped: {self.reason}" if self.exit_code is None else meaning(self.exit_code)

    @property
    def main(self) -> Member | None:
        """The program's first process; None if nothing could be seen of it."""
        return next((member for member in self.members if member.role == "main"), None)

    @property
    def children(self) -> tuple[Member, ...]:
        """Those that multiprocessing started for the program, in order."""
        return tuple(member for member in self.members if member.role == "child")

    def stacks(self) -> tuple[str, ...]:
        """For each thread of each living process: whose it is, and its calls, outermost first.

        Of the learner's own calls the line is told; below it, and where there is none, what of
        Python's it is in. Functions of Python have other names in other versions.
        """
        alive = [m for m in self.members if m.state == "alive" and m.role in ("main", "child")]
        return tuple(line for member in alive for line in _stacks_of(member))

    def describe(self) -> str:
        """Several lines for people: the verdict, each process, the lines in which they were."""
        lines = [f"{self.program} {self.meaning}", *map(_described, self.members)]
        if self.left or self.zombies or self.shared or self.semaphores:
            lines.append(
                f"left behind: {len(self.left)} processes, {self.zombies} zombies, "
                f"{len(self.shared)} shared memory, {len(self.semaphores)} semaphores"
            )
        return "\n".join(lines)


def meaning(code: int) -> str:
    """An exit code in words."""
    if code in _WORDS:
        return _WORDS[code]
    if code < 0:
        try:
            return f"was ended by {signal.Signals(-code).name}"
        except ValueError:
            return f"was ended by signal {-code}"
    return f"ended on {_WINDOWS[code]}" if code in _WINDOWS else f"ended with exit code {code}"


def _stacks_of(member: Member) -> list[str]:
    name = "main program" if member.role == "main" else member.name or "a child"
    return [
        f"{name}{'' if place == 0 else ', another thread'}: {_calls(stack)}"
        for place, stack in enumerate(member.threads)
        if stack
    ]


def _calls(stack: Stack) -> str:
    """The innermost own line, then at most so many calls of Python's; outermost first."""
    own = own_frame(stack)
    inner = stack[: stack.index(own)] if own else stack
    calls = [frame.function for frame in reversed(inner[:_CALLS])]
    if len(inner) > _CALLS:
        calls.insert(0, "…")
    return " > ".join([f"line {own.line}", *calls] if own else calls)


def _described(member: Member) -> str:
    name = member.name or member.role
    how = f" by {member.method}" if member.method else ""
    if member.exit_code is not None:
        end = meaning(member.exit_code)
    else:
        end = {"alive": "was still alive", "zombie": "had ended"}.get(member.state, "ended")
    where = f", in line {member.line.line}: {member.line.function}" if member.line else ""
    took = f" after {member.seconds:.1f} s" if member.seconds is not None else ""
    return f"  {name}{how} {end}{took}{where}"


_INSIDE = re.escape(str(Path(__file__).parent / "injected"))
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
