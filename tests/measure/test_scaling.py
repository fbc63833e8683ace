"""Work with a known serial part: its laws, its terms, and that every share is really measured."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from helpers.engines.pool import Stopped
from helpers.engines.ratios import DISTURBED, Ratio
from helpers.measure import scaling
from helpers.measure.scaling import (
    Scaling,
    amdahl,
    amdahl_with_start,
    best_number,
    gustafson,
    scale,
)
from helpers.workers import payloads
from helpers.workers.compute import count_primes

pytestmark = pytest.mark.usefixtures("quiet")

# A machine of two whole cores, and a program that obeys Amdahl's law there.
IDEAL = Scaling(
    tasks=32,
    loops=(1.0,) * 3,
    walls={(k, n): (1 / amdahl(min(n, 2), k / 32),) * 3 for k in (0, 8, 16) for n in (2, 4)},
    grown={(8, 2): (1.0,) * 3},
    ceiling_walls={2: (0.5,) * 3, 4: (0.5,) * 3},
    starts={2: 0.1, 4: 0.2},
)


def with_ceiling(speedup: float, core: float = 1.0) -> Scaling:
    """A Scaling of one round whose ceiling is that speedup."""
    return Scaling(1, (1.0,), {}, {}, {2: (1 / speedup,)}, {}, core=core)


def test_gustafson_grows_with_the_workers():
    assert gustafson(4, 0.25) == pytest.approx(0.25 + 0.75 * 4)
    assert gustafson(4, 0) == 4
    assert gustafson(4, 1) == 1


def test_without_a_start_the_law_is_amdahls():
    assert amdahl_with_start(8, 0.1, 0) == pytest.approx(amdahl(8, 0.1))


def test_paying_the_start_gives_the_curve_a_top_where_best_number_says():
    top = best_number(0.1, 0.01)
    assert top == pytest.approx((0.9 / 0.01) ** 0.5)
    here = amdahl_with_start(top, 0.1, 0.01)
    assert here > amdahl_with_start(0.9 * top, 0.1, 0.01)
    assert here > amdahl_with_start(1.1 * top, 0.1, 0.01)


@pytest.mark.parametrize("serial", [0, 8, 16])
def test_the_fit_finds_the_share_that_was_kept_serial(serial):
    assert IDEAL.fitted(serial) == pytest.approx(IDEAL.share(serial), abs=1e-9)


def test_the_terms_add_up_to_the_time_that_was_measured():
    for serial, workers in IDEAL.walls:
        terms = IDEAL.terms(serial, workers)
        assert sum(terms.values()) == pytest.approx(IDEAL.walls[serial, workers][0])


def test_with_more_workers_than_cores_the_machine_holds_back():
    assert IDEAL.holds_back(0, 4) == "machine"
    assert IDEAL.holds_back(16, 2) == "serial part"


def test_each_round_is_compared_with_the_law_under_its_own_ceiling():
    for serial, workers in IDEAL.walls:
        of_the_law = IDEAL.of_the_law(serial, workers)
        assert of_the_law.lowest == of_the_law.highest == pytest.approx(1)
    slow_in_one_round = replace(IDEAL, ceiling_walls={2: (0.5, 1.0, 0.5)})
    assert slow_in_one_round.of_the_law(0, 2) == Ratio(1, 1, 2)


def test_grown_work_is_held_against_a_loop_over_all_of_it():
    assert IDEAL.scaled(8, 2) == pytest.approx(gustafson(2, 0.25))


def test_no_room_says_what_the_machine_gave():
    assert IDEAL.no_room(2) == ""
    assert with_ceiling(1.4).no_room(2) == (
        "2 independent programs together were 1.40 (1.40 to 1.40) times as fast as one loop"
    )
    assert with_ceiling(1.6).no_room(2) == ""


def test_where_the_loop_got_no_whole_core_nothing_can_be_shown():
    assert with_ceiling(2.0, core=0.4).no_room(2).startswith("a plain loop got 40% of a core")


def test_every_ratio_is_taken_round_by_round():
    found = Scaling(
        4, (8.0, 6.0, 8.0), {(2, 2): (4.0, 6.0, 2.0)}, {(2, 2): (6.0, 9.0, 12.0)},
        {2: (4.0, 3.0, 5.0)}, {2: 0.1},
    )  # fmt: skip
    assert found.speedup_range(2, 2) == Ratio(2.0, 1.0, 4.0)
    assert found.speedup(2, 2) == 2.0
    assert found.scaled_range(2, 2) == Ratio(1.0, 1.0, 2.0)  # 1.5 times the work
    assert found.scaled(2, 2) == 1.0
    assert found.ceilings == {2: Ratio(2.0, 1.6, 2.0)}
    assert (found.loop, found.rounds) == (8.0, 3)


def test_a_speedup_above_the_ceiling_was_disturbed():
    found = Scaling(4, (8.0, 8.0), {(0, 2): (4.0, 4.4)}, {}, {2: (5.0, 6.0)}, {2: 0.1})
    (said,) = found.disturbed()
    assert said.startswith(f"{DISTURBED}: 2 workers with 0% serial was 1.91 (1.82 to 2.00) times")
    assert IDEAL.disturbed() == []


@pytest.mark.processes
def test_everything_asked_for_is_measured():
    found = scale(
        count_primes, payloads.pieces(400, 4), serial=(0, 2), workers=(2,), grow=(2,), rounds=1
    )
    assert set(found.walls) == {(0, 2), (2, 2)}
    assert set(found.grown) == {(2, 2)}
    assert set(found.ceilings) == set(found.starts) == {2}
    assert (found.tasks, found.rounds) == (4, 1)
    assert min(found.loops, *found.walls.values(), *found.grown.values()) > (0,)


@pytest.mark.processes
def test_stop_ends_it():
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        scale(count_primes, payloads.pieces(40, 4), serial=(0,), grow=(), stop=stop)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"serial": 3}, "serial must be a list"),
        ({"serial": (4,)}, "Keep at least one task to divide"),
        ({"workers": 2}, "workers must be a list"),
        ({"workers": ()}, "workers must be"),
        ({"workers": (0,)}, "workers must be"),
        ({"rounds": 0}, "rounds must be"),
        ({"stop": 5}, "stop must be"),
    ],
)
def test_what_cannot_be_used_is_refused(options, match):
    with pytest.raises((TypeError, ValueError), match=match):
        scale(count_primes, payloads.pieces(40, 4), **{"serial": (0,), "grow": (), **options})


@pytest.mark.parametrize(
    "call",
    [
        lambda: scaling.gustafson(0, 0.5),
        lambda: scaling.gustafson(2, 1.5),
        lambda: scaling.best_number(0.1, 0),
    ],
)
def test_numbers_outside_of_the_laws_are_refused(call):
    with pytest.raises(ValueError, match="must be a number from"):
        call()
