"""The model of costs: what it adds up, when a task pays, and what it takes from the profile."""

from __future__ import annotations

import math

import pytest

from helpers.measure import cost_model, machine
from helpers.measure.cost_model import Costs
from helpers.measure.machine import Profile

pytestmark = pytest.mark.usefixtures("quiet", "own_notes")

MODEL = Costs(start=0.1, task=0.001, byte=1e-9, cores=4)
PROFILE = Profile(4, 2**33, {"thread": 1e-4, "spawn": 0.06}, 3e-5)


def test_a_pool_takes_the_sum_of_its_parts():
    parts = MODEL.parts(100, 0.01, 2, carried=1_000_000)
    assert parts == pytest.approx(
        {"starting workers": 0.2, "sending tasks": 0.1, "carrying bytes": 0.1, "working": 0.5}
    )
    assert MODEL.pool(100, 0.01, 2, carried=1_000_000) == pytest.approx(0.9)
    assert MODEL.loop(100, 0.01) == pytest.approx(1.0)
    assert MODEL.speedup(100, 0.01, 2, carried=1_000_000) == pytest.approx(1 / 0.9)


@pytest.mark.parametrize("workers", [2, 3, 4, 8])
@pytest.mark.parametrize("tasks", [1, 10, 1_000])
def test_at_break_even_a_pool_is_as_fast_as_a_loop(workers, tasks):
    at = MODEL.break_even(tasks, workers, carried=5_000)
    if tasks == 1:
        assert at == math.inf  # one task is one worker's
    else:
        assert MODEL.speedup(tasks, at, workers, carried=5_000) == pytest.approx(1)
        assert MODEL.speedup(tasks, 2 * at, workers, carried=5_000) > 1


def test_no_task_pays_where_one_core_works():
    assert Costs(0.1, 0.001, 0, cores=1).break_even(100, 4) == math.inf
    assert MODEL.break_even(100, 1) == math.inf


def test_workers_that_stand_ready_cost_no_start():
    assert MODEL.warm().parts(10, 0.1, 2)["starting workers"] == 0
    assert MODEL.warm().break_even(10, 2) == pytest.approx(2 * MODEL.task)


def test_the_profile_gives_start_message_and_cores():
    assert cost_model.from_profile(PROFILE, "spawn", byte=2e-9) == Costs(0.06, 3e-5, 2e-9, 4)


@pytest.mark.processes
def test_the_profile_is_taken_for_the_default_start_method():
    profile = machine.profile(repeats=1)
    usual = machine.default_start_method()
    assert cost_model.from_profile(profile).start == profile.starts[usual]


@pytest.mark.processes
def test_a_byte_is_measured_and_nothing_is_left():
    assert 0 < cost_model.byte_seconds(tries=1) < 1e-3


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: cost_model.from_profile({}), "profile must be a Profile, got {}"),
        (lambda: cost_model.from_profile(PROFILE, "fork"), "method must be one of thread, spawn"),
        (lambda: MODEL.pool(0, 0.1, 2), "tasks must be a whole number from 1"),
        (lambda: MODEL.pool(10, -1, 2), "the seconds of one task"),
        (lambda: MODEL.pool(10, 0.1, 0), "workers must be a whole number from 1"),
        (lambda: MODEL.pool(10, 0.1, 2, carried=-1), "carried must be"),
    ],
)
def test_what_cannot_be_used_is_refused(call, match):
    with pytest.raises((TypeError, ValueError), match=match):
        call()
