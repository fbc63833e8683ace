"""Memory of workers as the system counts it, and pickles of objects by size and time."""

from __future__ import annotations

import os
import pickle

import psutil
import pytest

from helpers.engines.executors import START_METHODS, why_missing
from helpers.measure import memory
from helpers.measure.memory import Weight, weigh, weigh_workers
from helpers.measure.pickling import PickleCost, measure_pickling, median_cost

pytestmark = pytest.mark.usefixtures("quiet")


def test_this_process_is_weighed():
    weight = weigh(os.getpid())
    assert weight.rss > 1_000_000
    if weight.uss is not None:
        assert 0 < weight.uss <= weight.rss


@pytest.mark.processes
def test_every_kind_of_worker_is_weighed_and_has_ended():
    found = weigh_workers(1)
    assert set(found) == {"thread", *(m for m in START_METHODS if not why_missing(m))}
    if found["spawn"].uss is not None:
        assert found["spawn"].uss > 1_000_000


@pytest.mark.processes
def test_where_the_system_does_not_tell_only_rss_is_known(monkeypatch):
    def refuse(self):
        raise psutil.AccessDenied

    monkeypatch.setattr(psutil.Process, "memory_full_info", refuse)
    weight = weigh(os.getpid())
    assert weight.rss > 0
    assert (weight.uss, weight.pss) == (None, None)
    assert weigh_workers(1)["spawn"].uss is None


def test_a_mean_of_what_is_not_known_is_not_known():
    assert memory._mean([1.0, 3.0]) == 2.0
    assert memory._mean([1.0, None]) is None
    assert Weight(1, None, None).pss is None


@pytest.mark.parametrize(
    ("seconds", "middle"), [((3.0,), 3.0), ((3.0, 1.0), 2.0), ((9.0, 1.0, 3.0), 3.0)]
)
def test_the_median_round_of_pickling_counts(seconds, middle):
    rounds = [PickleCost(7, one, 2 * one) for one in seconds]
    assert median_cost(rounds) == PickleCost(7, middle, 2 * middle)


def test_a_cost_has_the_size_of_its_pickle_and_both_times():
    found = measure_pickling({"list": [1, 2, 3], "bytes": b"x" * 1_000}, rounds=2)
    assert found["list"].size == len(pickle.dumps([1, 2, 3], 5))
    assert found["bytes"].size > 1_000
    assert all(one.pickling > 0 and one.rebuilding > 0 for one in found.values())


def test_the_seconds_are_those_of_pickling_and_rebuilding():
    assert PickleCost(10, 0.25, 0.5).seconds == 0.75


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: weigh_workers(0), "count must be"),
        (lambda: measure_pickling([1]), "objects must be a dict"),
        (lambda: measure_pickling({}), "at least one object"),
        (lambda: measure_pickling({"a": 1}, rounds=0), "rounds must be"),
    ],
)
def test_what_cannot_be_used_is_refused(call, match):
    with pytest.raises((TypeError, ValueError), match=match):
        call()
