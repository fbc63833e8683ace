"""Parts of claims: what held, what contradicts a claim, and what was not decided here."""

from __future__ import annotations

from dataclasses import replace

import pytest

from helpers.engines.ratios import Ratio
from helpers.measure import evidence
from helpers.measure.evidence import (
    Part,
    above,
    at_once,
    below,
    decided,
    in_turns,
    judged,
    not_above,
)
from tests.claims.lesson_07 import MIXED, work

CLEAR, UNCLEAR = Ratio(1.8, 1.6, 1.9), Ratio(1.1, 0.9, 1.9)


@pytest.fixture(autouse=True)
def two_cores(monkeypatch):
    monkeypatch.setattr(evidence.machine, "usable_cores", lambda: 2)
    monkeypatch.setattr(evidence.machine, "has_gil", lambda: True)


def test_rounds_that_agree_are_above_a_bound_or_below_it():
    assert above(CLEAR, 1.2) == Part(True)
    assert below(CLEAR, 1.2) == Part(False)
    assert above(CLEAR, 2) == Part(False)
    assert below(CLEAR, 2) == Part(True)


def test_rounds_on_both_sides_of_the_bound_are_a_doubt():
    assert not above(UNCLEAR, 1.2).held
    assert not below(UNCLEAR, 1.2).held
    assert not_above(UNCLEAR, 1.2).held
    assert not not_above(UNCLEAR, 1.0).held
    assert not_above(UNCLEAR, 1.0).doubt
    assert "from 0.90 to 1.90" in above(UNCLEAR, 1.2).doubt
    assert above(UNCLEAR, 1.2).doubt == below(UNCLEAR, 1.2).doubt


def test_what_ran_at_once_did_not_run_in_turns():
    sweep = work(at_once=("processes",))
    assert at_once(sweep, "processes").held
    assert in_turns(sweep, "threads").held
    assert in_turns(sweep, "processes") == Part(False, load_explains=False)  # can't be chance
    assert at_once(sweep, "threads") == Part(False)


def test_what_was_seen_at_once_is_not_in_doubt_because_other_rounds_were_slower():
    sweep = work(at_once=("processes",))
    fast = sweep.run("processes", 2)
    slow = replace(fast, cpus=(1.0, *fast.cpus[1:]))
    assert at_once(replace(sweep, runs=(sweep.runs[0], slow)), "processes") == Part(True)


def test_of_runs_that_are_too_short_for_a_stretch_all_rounds_count(monkeypatch):
    monkeypatch.setattr(evidence, "SHORTEST_STRETCH", 1_000.0)
    sweep = work(at_once=("processes",))
    assert at_once(sweep, "processes").held
    assert in_turns(sweep, "threads").held


def test_all_parts_must_hold():
    assert judged(work(), above(CLEAR, 1.2), True) == {"held": True, "unless": ""}
    assert judged(work(), above(CLEAR, 1.2), False) == {"held": False, "unless": ""}


def test_load_excuses_only_what_it_can_explain():
    late, wrong = above(CLEAR, 2), False
    assert decided(late, unless="busy") == {"held": False, "unless": "busy"}
    assert decided(late, wrong, unless="busy") == {"held": False, "unless": ""}
    assert decided(above(CLEAR, 1.2), True, unless="busy") == {"held": True, "unless": ""}
    assert decided(above(UNCLEAR, 1.2))["unless"] == above(UNCLEAR, 1.2).doubt


def test_a_doubt_excuses_only_its_own_part():
    open_part, wrong = above(UNCLEAR, 1.2), above(CLEAR, 2)
    assert judged(work(), open_part)["unless"] == open_part.doubt
    assert judged(work(), open_part, open_part)["unless"] == open_part.doubt  # said once
    assert judged(work(), open_part, wrong) == {"held": False, "unless": ""}
    assert judged(work(), not_above(UNCLEAR, 1.2), wrong) == {"held": False, "unless": ""}


@pytest.mark.parametrize(
    ("sweeps", "reason"),
    [
        ([work(), work(others=1.7)], "other programs kept 1.7 cores busy"),
        ([work(), work(ceiling=1.1)], "together were 1.10"),
    ],
)
def test_one_crowded_measurement_of_several_is_a_doubt(sweeps, reason):
    assert reason in judged(sweeps, above(CLEAR, 2))["unless"]
    assert judged(sweeps, above(CLEAR, 1.2), True) == {"held": True, "unless": ""}


def test_other_programs_excuse_no_proof_and_no_wrong_count():
    busy = work(at_once=("threads", "processes"), others=1.7)
    assert judged(busy, in_turns(busy, "threads")) == {"held": False, "unless": ""}
    assert judged(busy, in_turns(busy, "threads"), above(CLEAR, 2)) == {"held": False, "unless": ""}
    assert judged(busy, False) == {"held": False, "unless": ""}


@pytest.mark.parametrize("sweep", [work(), work(others=1.7), work(ceiling=1.1)])
def test_rounds_that_disagree_support_no_claim(sweep):
    chance = Ratio(1.3, 0.5, 3.9)
    for part in (above(chance, 1.2), below(chance, 1.2)):
        assert not part.held
        assert judged(sweep, part, True)["unless"] != ""


def test_one_core_or_no_gil_is_a_doubt(monkeypatch):
    monkeypatch.setattr(evidence.machine, "has_gil", lambda: False)
    assert judged(work(), False)["unless"] == "this Python runs without a GIL"
    monkeypatch.setattr(evidence.machine, "usable_cores", lambda: 1)
    assert judged(work(), False)["unless"] == "this process may use one core only"


def test_a_run_of_which_no_round_was_parallel_is_not_in_doubt():
    sweep = work(processes=MIXED, at_once=())
    assert at_once(sweep, "processes") == Part(False)


def test_a_run_of_which_some_rounds_were_parallel_is_in_doubt():
    sweep = work(at_once=())
    run = sweep.run("processes", 2)
    mixed = replace(run, cpus=(1.9 * run.walls[0], *run.cpus[1:]))
    part = at_once(replace(sweep, runs=(sweep.runs[0], mixed)), "processes")
    assert not part.held
    assert "some rounds were above 1.25" in part.doubt


@pytest.mark.parametrize(
    "call",
    [
        lambda: above(1.8, 1.2),
        lambda: below(CLEAR, "1.2"),
        lambda: not_above(CLEAR, "1.2"),
        lambda: decided(1),
        lambda: at_once("primes", "threads"),
        lambda: in_turns(None, "threads"),
        lambda: judged("primes", True),
        lambda: judged([], True),
        lambda: judged([work(), 3], True),
        lambda: judged(work(), 1),
    ],
)
def test_what_can_not_be_used_is_refused(call):
    with pytest.raises(TypeError, match=r"must be .+, got"):
        call()


def test_a_run_that_was_not_measured_is_named():
    with pytest.raises(KeyError, match="interpreters × 2 was not measured"):
        at_once(work(), "interpreters")
