"""The stress tests share a loop: it repeats each case, counts its faults and says so at the end."""

from __future__ import annotations

import argparse
import threading
from contextlib import contextmanager

import pytest

from tools.stress.__main__ import STRESS_TESTS, main, make_parser
from tools.stress.repeat import StressTest, run_stress_test

pytestmark = [pytest.mark.once, pytest.mark.alone]


def options(**given):
    return argparse.Namespace(**({"times": 3, "load": False, "only": ""} | given))


def stress_test(cases, **given):
    @contextmanager
    def ready(_options):
        yield cases

    return StressTest(says="Try", times=3, cases=ready, case_names="names", **given)


@pytest.mark.parametrize("together", [1, 2])
def test_each_case_runs_so_many_times_and_its_faults_are_counted(together, capsys):
    runs = []

    def good(number, times):
        runs.append((number, times))
        return []

    def bad(number, _times):
        return ["it is odd"] if number % 2 else []

    found = run_stress_test(
        stress_test({"good": good, "bad": bad}, together=together), options(times=4)
    )
    said = capsys.readouterr().out
    assert found == 1
    assert runs == [(0, 4), (1, 4), (2, 4), (3, 4)]
    assert "2 of 4 times: it is odd" in said
    assert said.endswith("2 cases, 4 times each: 1 with a fault.\n")


def test_without_a_fault_the_exit_code_is_0(capsys):
    assert run_stress_test(stress_test({"good": lambda *_: []}), options()) == 0
    assert "0 with a fault" in capsys.readouterr().out


def test_only_selects_by_name_and_refuses_a_text_that_no_name_has(capsys):
    cases = {"good": lambda *_: [], "bad": lambda *_: ["a fault"]}
    assert run_stress_test(stress_test(cases), options(only="goo")) == 0
    assert run_stress_test(stress_test(cases), options(only="neither")) == 1
    assert "--only neither: it is in none of the names" in capsys.readouterr().out


def test_one_case_at_a_time_runs_in_the_main_thread():
    threads = []
    run_stress_test(
        stress_test({"one": lambda *_: threads.append(threading.current_thread()) or []}),
        options(times=1),
    )
    assert threads == [threading.main_thread()]


@pytest.mark.parametrize("name", STRESS_TESTS)
def test_every_stress_test_takes_the_same_flags_and_has_cases(name):
    given = make_parser().parse_args([name, "--times", "2", "--load", "--only", "x"])
    assert (given.times, given.load, given.only) == (2, True, "x")


@pytest.mark.parametrize("name", ["runner", "diagnosis", "labs", "museum"])
def test_the_names_of_the_cases_are_what_the_help_says(name):
    with STRESS_TESTS[name].cases(make_parser().parse_args([name])) as cases:
        assert cases
        assert name == "museum" or any("/" in case and ".py" in case for case in cases)


def test_a_number_of_runs_below_1_is_refused(capsys):
    with pytest.raises(SystemExit):
        main(["museum", "--times", "0"])
    assert "got '0'; pass a whole number from 1 on, such as 10" in capsys.readouterr().err


@pytest.mark.processes
def test_a_real_stress_test_runs_under_load_and_looks_for_leftovers(capsys):
    code = main(["museum", "--times", "1", "--load", "--only", "join_before_get"])
    said = capsys.readouterr().out
    assert "1 times each" in said
    assert code == 0, said
    assert "Nothing is left." in said
