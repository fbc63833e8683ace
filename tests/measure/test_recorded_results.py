"""Recorded speedups in words: with date and machine, and never as measured here."""

from __future__ import annotations

import json

import pytest

from helpers.engines.executors import why_missing
from helpers.measure import recorded_results
from helpers.measure.recorded_results import RECORDS, recorded_speedups
from tools.benchmarks import interpreters

pytestmark = pytest.mark.once


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_says_when_and_where_and_never_that_it_was_measured_here(name):
    kept = json.loads((recorded_results.FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    first, how, *lines = recorded_speedups(name)
    assert first.startswith(f"recorded on {kept['date']}")
    assert kept["machine"] in first
    assert how == kept["what"]
    assert "same interpreter" in how
    assert "9 rounds" in how
    assert not any("measured" in line for line in (first, how, *lines))


@pytest.mark.parametrize("name", RECORDS)
def test_every_recorded_interpreter_and_workload_is_told(name):
    kept = json.loads((recorded_results.FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    told = "\n".join(recorded_speedups(name))
    for interpreter, works in kept["interpreters"].items():
        assert f"{interpreter}:\n" in told
        assert all(f"\n    {work} " in told for work in works)


def test_a_speedup_is_told_with_its_range():
    lines = recorded_speedups("free_threading")
    assert "    primes     2 threads 1.69 (1.56 to 2.09)   2 processes 1.82 (1.25 to 1.92)" in lines


@pytest.mark.parametrize("name", RECORDS)
def test_every_median_lies_in_its_range(name):
    kept = json.loads((recorded_results.FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    for works in kept["interpreters"].values():
        for seen in works.values():
            for median, low, high in (value for value in seen.values() if type(value) is list):
                assert low <= median <= high


@pytest.mark.processes
@pytest.mark.skipif(bool(why_missing("interpreters")), reason="this Python has no interpreters")
def test_interpreters_are_recorded_in_the_form_that_is_read(monkeypatch, tmp_path):
    made = interpreters.record_of(rounds=2, scale=0.001)
    (tmp_path / "interpreters.json").write_text(json.dumps(made), encoding="utf-8")
    monkeypatch.setattr(recorded_results, "FOLDER", tmp_path)
    told = recorded_speedups("interpreters")
    assert [line.split()[0] for line in told[3:]] == ["primes", "pi", "mandelbrot"]
    assert all("2 threads" in line and "2 interpreters" in line for line in told[3:])


@pytest.mark.parametrize(("name", "error"), [("quiet", ValueError), (3, TypeError)])
def test_an_unknown_record_is_refused(name, error):
    with pytest.raises(error, match="Pick one"):
        recorded_speedups(name)
