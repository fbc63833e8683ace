"""A model of two workers that add 1 to a shared value: every order of their steps, and its result.

    Interleaving("no lock")  ->  .take("A"), .take("B"), …  ->  .cell, .registers, .history
    search("no lock")        ->  Search: how many schedules there are, and the result of each

A **schedule** is a text such as "ABBA": which worker takes each step. No process runs here. In the
model, `cell.value += 1` is three steps, and taking a lock is a step that may have to wait.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from helpers.validation import bad_type, bad_value, one_of, whole_number

LOAD, ADD, STORE, TAKE, FREE = "load", "add", "store", "take lock", "free lock"
# The steps of one addition. multiprocessing.Value holds its own lock during each access, but not
# between them.
PROGRAMS = {
    "no lock": (LOAD, ADD, STORE),
    "a lock for each access": (TAKE, LOAD, FREE, ADD, TAKE, STORE, FREE),
    "one lock from load to store": (TAKE, LOAD, ADD, STORE, FREE),
}
WORKERS = "AB"
_MOST_ADDITIONS = 3


@dataclass(frozen=True)
class Step:
    """One step: its worker and action, and the values of the register and the cell after it."""

    worker: str
    action: str
    register: int | None
    cell: int


@dataclass(frozen=True)
class _State:
    """Steps done and register of each worker, the cell, and which worker owns the lock."""

    done: tuple[int, ...]
    registers: tuple[int | None, ...]
    cell: int = 0
    owner: int | None = None


_BEGIN = _State((0,) * len(WORKERS), (None,) * len(WORKERS))


class Interleaving:
    """Workers A and B that add 1 to a shared cell, one step at a time, in the order you choose.

    `program` is one of PROGRAMS. Each worker runs it `additions` times, 1 to 3.
    """

    def __init__(self, program: str, additions: int = 1) -> None:
        self._steps = _steps(program, additions)
        self.program, self.additions = program, additions
        self.reset()

    def reset(self) -> None:
        """Go back to the state before the first step."""
        self._states = [_BEGIN]
        self.history: list[Step] = []

    def undo(self) -> None:
        """Take back the last step; do nothing at the beginning."""
        if self.history:
            self._states.pop()
            self.history.pop()

    def take(self, worker: str) -> Step:
        """Do that worker's next step. Raise ValueError if it has none or must wait for the lock."""
        place = self._place(worker)
        if (reason := self.why_not(worker)) is not None:
            raise bad_value("worker", worker, "one that can go on", f"{worker} {reason}.")
        state = _after(self._states[-1], place, self._steps)
        self._states.append(state)
        action = self._steps[state.done[place] - 1]
        self.history.append(Step(worker, action, state.registers[place], state.cell))
        return self.history[-1]

    def follow(self, schedule: str) -> Interleaving:
        """Take all steps of the schedule and return self."""
        if not isinstance(schedule, str):
            raise bad_type("schedule", schedule, "a str such as 'ABBA'", "Name the workers.")
        for worker in schedule:
            self.take(worker)
        return self

    def next_action(self, worker: str) -> str | None:
        """Return what that worker does next, or None if it has finished."""
        done = self._states[-1].done[self._place(worker)]
        return self._steps[done] if done < len(self._steps) else None

    def why_not(self, worker: str) -> str | None:
        """Return why that worker can't take a step now, or None if it can."""
        action, owner = self.next_action(worker), self._states[-1].owner
        if action is None:
            return "has finished"
        if action == TAKE and owner is not None:
            return f"waits: worker {WORKERS[owner]} has the lock"
        return None

    @property
    def schedule(self) -> str:
        """Return the letters of the workers that took the steps so far, such as "AAB"."""
        return "".join(step.worker for step in self.history)

    @property
    def cell(self) -> int:
        """Return the value of the shared cell."""
        return self._states[-1].cell

    @property
    def expected(self) -> int:
        """Return the final value of the cell if no addition is lost."""
        return len(WORKERS) * self.additions

    @property
    def registers(self) -> dict[str, int | None]:
        """Return the value in each worker's register; None before its first load."""
        return dict(zip(WORKERS, self._states[-1].registers, strict=True))

    @property
    def finished(self) -> bool:
        """Return whether both workers have finished."""
        return all(self.next_action(worker) is None for worker in WORKERS)

    def _place(self, worker: object) -> int:
        return WORKERS.index(one_of("worker", worker, tuple(WORKERS), "Name one of the two."))


@dataclass(frozen=True)
class Search:
    """The results of all schedules: `endings` counts them by what the cell holds in the end.

    `examples` has one schedule for each ending. `expected` is the ending with no lost addition.
    """

    program: str
    expected: int
    endings: Mapping[int, int]
    examples: Mapping[int, str]

    @property
    def total(self) -> int:
        """Return how many schedules there are."""
        return sum(self.endings.values())

    @property
    def right(self) -> int:
        """Return how many schedules lose no addition."""
        return self.endings.get(self.expected, 0)

    @property
    def losing(self) -> int:
        """Return how many schedules lose at least one addition."""
        return self.total - self.right

    @property
    def least(self) -> int:
        """Return the smallest final value of the cell."""
        return min(self.endings)

    @property
    def worst(self) -> str:
        """Return a schedule that loses the most additions."""
        return self.examples[self.least]

    def __str__(self) -> str:
        return (
            f"{self.program}: {self.total:,} schedules, {self.right:,} right, "
            f"{self.losing:,} lose an addition; least ending {self.least}"
        )


def search(program: str, additions: int = 1) -> Search:
    """Count all schedules, that is, every order of the workers' steps, by their endings.

    A worker that would have to wait for the lock takes no step until it is free. Raise TypeError or
    ValueError for a program or a number of additions that Interleaving does not accept.
    """
    steps = _steps(program, additions)

    @cache
    def endings_from(state: _State) -> tuple[Counter[int], dict[int, str]]:
        """Return how often each ending follows from this state, and the steps to it.

        Many schedules pass through the same state. The cache computes what follows only once.
        """
        counts, rest = Counter(), {}
        for place in range(len(WORKERS)):
            if not _can_go(state, place, steps):
                continue
            more, tails = endings_from(_after(state, place, steps))
            counts.update(more)
            for ending, tail in tails.items():
                rest.setdefault(ending, WORKERS[place] + tail)
        return (counts, rest) if counts else (Counter({state.cell: 1}), {state.cell: ""})

    counts, examples = endings_from(_BEGIN)
    return Search(program, len(WORKERS) * additions, dict(sorted(counts.items())), examples)


def _steps(program: str, additions: int) -> tuple[str, ...]:
    one_of("program", program, tuple(PROGRAMS), "Choose how the lock is used.")
    whole_number("additions", additions, 1, _MOST_ADDITIONS, "Pass additions=1.")
    return PROGRAMS[program] * additions


def _can_go(state: _State, place: int, steps: tuple[str, ...]) -> bool:
    if state.done[place] == len(steps):
        return False
    return steps[state.done[place]] != TAKE or state.owner is None


def _after(state: _State, place: int, steps: tuple[str, ...]) -> _State:
    """Return the state after that worker's next step, which must be possible."""
    action, held = steps[state.done[place]], state.registers[place]
    done = _with(state.done, place, state.done[place] + 1)
    if action == LOAD:
        return replace(state, done=done, registers=_with(state.registers, place, state.cell))
    if action == ADD:
        return replace(state, done=done, registers=_with(state.registers, place, held + 1))
    if action == STORE:
        return replace(state, done=done, cell=held)
    return replace(state, done=done, owner=place if action == TAKE else None)


def _with(values: tuple, place: int, value: object) -> tuple:
    return (*values[:place], value, *values[place + 1 :])
