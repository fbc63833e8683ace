"""Rounds of steps: their order and their number, what stops them, and the progress they report."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable

import pytest

from helpers import measure
from helpers.engines.pool import Stopped, measure_here
from helpers.measure.rounds import ROUNDS, take_rounds

pytestmark = pytest.mark.once


class Steps:
    """Steps that note their names in `taken`."""

    def __init__(self, names: str) -> None:
        self.taken = ""
        self.all = [self._step(name) for name in names]

    def _step(self, name: str) -> Callable[[], None]:
        def step() -> None:
            self.taken += name

        return step


@pytest.mark.parametrize("rounds", [1, 2, 7])
def test_each_round_takes_every_step_once_in_order(rounds):
    steps = Steps("abc")
    take_rounds(steps.all, rounds)
    assert steps.taken == "abc" * rounds


def test_progress_counts_the_steps_of_all_rounds():
    told = []
    steps = Steps("ab")
    take_rounds(steps.all, 2, progress=lambda *step: told.append(step))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_set_stop_lets_no_step_begin():
    steps, stop = Steps("ab"), threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        take_rounds(steps.all, 3, stop=stop)
    assert steps.taken == ""


@pytest.mark.parametrize(("steps_done", "taken"), [(1, "a"), (2, "ab"), (3, "aba"), (18, "ab" * 9)])
def test_a_stop_during_a_step_ends_the_rounds_after_it(steps_done, taken):
    steps, stop = Steps("ab"), threading.Event()
    with pytest.raises(Stopped):
        take_rounds(
            steps.all, 9, stop=stop,
            progress=lambda done, _: stop.set() if done == steps_done else None,
        )  # fmt: skip
    assert steps.taken == taken


def test_a_stop_that_is_never_set_changes_nothing():
    steps = Steps("ab")
    take_rounds(steps.all, 2, stop=threading.Event())
    assert steps.taken == "abab"


def test_what_a_step_raises_ends_the_rounds():
    steps = Steps("a")

    def fail() -> None:
        raise KeyError("on purpose")

    with pytest.raises(KeyError, match="on purpose"):
        take_rounds([*steps.all, fail, *steps.all], 3)
    assert steps.taken == "a"


@pytest.mark.parametrize(
    "name",
    [
        "compare_libraries",
        "compare_programs",
        "compare_waiting",
        "find_break_even",
        "measure_cuts",
        "scale",
        "sweep",
    ],
)
def test_what_compares_takes_a_fixed_number_of_rounds(name):
    options = inspect.signature(getattr(measure, name)).parameters
    assert options["rounds"].default == ROUNDS == 7


@pytest.mark.parametrize(
    "function",
    [*(getattr(measure, name) for name in measure.__all__), measure_here, take_rounds],
)
def test_nothing_ends_a_measurement_by_its_result(function):
    options = set(inspect.signature(function).parameters)
    assert not options & {"enough", "patience", "limit", "least", "settled", "as_expected"}
