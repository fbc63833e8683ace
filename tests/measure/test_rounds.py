"""Rounds of steps on a fake clock: their order, what ends them, and the progress they report."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable

import pytest

from helpers.engines.pool import Stopped
from helpers.measure import rounds
from helpers.measure.rounds import take_rounds

pytestmark = pytest.mark.once


class Clock:
    """A clock that stands still until a step moves it."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch) -> Clock:
    """Return the clock that take_rounds reads."""
    own = Clock()
    monkeypatch.setattr(rounds, "perf_counter", own)
    return own


class Steps:
    """Steps that note their names in `taken`, each after `seconds` on the clock."""

    def __init__(self, clock: Clock, names: str, seconds: float = 1.0) -> None:
        self.taken = ""
        self._clock, self._seconds = clock, seconds
        self.all = [self._step(name) for name in names]

    def _step(self, name: str) -> Callable[[], None]:
        def step() -> None:
            self._clock.now += self._seconds
            self.taken += name

        return step

    def so_far(self) -> str:
        """Return the names of the steps taken so far: the result of the rounds."""
        return self.taken


def test_each_round_takes_every_step_once_in_order(clock):
    steps = Steps(clock, "abc")
    assert take_rounds(steps.all, 3, steps.so_far) == "abcabcabc"


def test_the_result_is_asked_for_once_after_each_round(clock):
    steps, asked = Steps(clock, "ab"), []

    def result() -> int:
        asked.append(steps.taken)
        return len(asked)

    assert take_rounds(steps.all, 3, result) == 3
    assert asked == ["ab", "abab", "ababab"]


@pytest.mark.parametrize(("least", "taken"), [(1, 1), (2, 2), (3, 3)])
def test_enough_ends_the_rounds_but_not_before_the_least_number(clock, least, taken):
    steps = Steps(clock, "ab")
    result = take_rounds(steps.all, 9, steps.so_far, enough=lambda _: True, least=least)
    assert result == "ab" * taken


def test_two_rounds_are_taken_at_least_unless_told(clock):
    steps = Steps(clock, "a")
    assert take_rounds(steps.all, 9, steps.so_far, enough=lambda _: True) == "aa"


def test_enough_is_asked_about_the_newest_result(clock):
    steps = Steps(clock, "a")
    result = take_rounds(steps.all, 9, steps.so_far, enough=lambda taken: len(taken) == 5)
    assert result == "aaaaa"


def test_rounds_that_are_never_enough_end_at_their_number(clock):
    steps = Steps(clock, "a")
    assert take_rounds(steps.all, 4, steps.so_far, enough=lambda _: False) == "aaaa"


@pytest.mark.parametrize(
    ("limit", "taken"),
    [
        (0.0, 1),  # the first round is always taken
        (1.0, 1),  # in the middle of a round: it is taken to its end
        (3.9, 2),
        (4.0, 3),  # the limit itself is not past it
        (4.1, 3),
        (math.inf, 9),
    ],
)
def test_no_round_starts_after_the_limit_but_each_is_taken_to_its_end(clock, limit, taken):
    steps = Steps(clock, "ab")  # two seconds a round
    assert take_rounds(steps.all, 9, steps.so_far, limit=limit) == "ab" * taken


def test_the_limit_counts_even_before_the_least_number_of_rounds(clock):
    steps = Steps(clock, "a", seconds=10)
    result = take_rounds(steps.all, 9, steps.so_far, enough=lambda _: True, least=3, limit=5)
    assert result == "a"


def test_progress_counts_the_steps_of_all_rounds(clock):
    told = []
    steps = Steps(clock, "ab")
    take_rounds(steps.all, 2, steps.so_far, progress=lambda *step: told.append(step))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_set_stop_lets_no_step_begin(clock):
    steps, stop = Steps(clock, "ab"), threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        take_rounds(steps.all, 3, steps.so_far, stop=stop)
    assert steps.taken == ""


@pytest.mark.parametrize(("steps_done", "taken"), [(1, "a"), (2, "ab"), (3, "aba")])
def test_a_stop_during_a_step_ends_the_rounds_after_it(clock, steps_done, taken):
    steps, stop, asked = Steps(clock, "ab"), threading.Event(), []
    with pytest.raises(Stopped):
        take_rounds(
            steps.all, 9, lambda: asked.append(steps.taken), stop=stop,
            progress=lambda done, _: stop.set() if done == steps_done else None,
        )  # fmt: skip
    assert steps.taken == taken
    assert all(len(so_far) < len(taken) for so_far in asked)  # no result of the stopped round


def test_a_stop_that_is_never_set_changes_nothing(clock):
    steps = Steps(clock, "ab")
    assert take_rounds(steps.all, 2, steps.so_far, stop=threading.Event()) == "abab"


def test_what_a_step_raises_ends_the_rounds(clock):
    steps = Steps(clock, "a")

    def fail() -> None:
        raise KeyError("on purpose")

    with pytest.raises(KeyError, match="on purpose"):
        take_rounds([*steps.all, fail, *steps.all], 3, steps.so_far)
    assert steps.taken == "a"
