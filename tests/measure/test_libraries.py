"""The tools that people pick instead: each adapter, the comparison, and the advice it leads to."""

from __future__ import annotations

import tempfile
import threading
from dataclasses import replace

import pytest

from helpers.engines.pool import Stopped
from helpers.measure import libraries as compared
from helpers.measure import library_adapters
from helpers.measure.libraries import LIBRARY_WORKLOADS, USUAL, LibraryComparison, compare_libraries
from helpers.measure.library_adapters import TOOLS
from tools.benchmarks import libraries

pytestmark = [pytest.mark.usefixtures("quiet", "own_notes"), pytest.mark.once]

FOUND = LibraryComparison(
    workers=2,
    startup={USUAL: 0.1, "joblib": 0.5},
    seconds={
        "tiny tasks": {USUAL: 0.2, "joblib": 0.1},
        "in chunks": {USUAL: 0.1, "joblib": 0.2},
        "uneven tasks": {USUAL: 0.11, "joblib": 0.1},
        "large arrays": {USUAL: 0.4, "joblib": 0.1},
    },
    missing={"Dask": "Dask is not installed: pip install distributed"},
)


def test_the_best_is_the_fastest_and_the_others_are_multiples_of_it():
    assert FOUND.best("tiny tasks") == "joblib"
    assert FOUND.ratio("tiny tasks", USUAL) == pytest.approx(2)
    assert FOUND.ratio("tiny tasks", "joblib") == 1


def test_the_advice_changes_only_where_another_is_clearly_faster():
    assert FOUND.changes() == {"tiny tasks": "joblib", "large arrays": "joblib"}
    advice = FOUND.advice()
    assert len(advice) == len(LIBRARY_WORKLOADS)
    assert "joblib is 4.0 times as fast as ProcessPoolExecutor" in advice[3]
    assert "as good as the best" in advice[1]


def test_without_the_usual_tool_no_advice_changes():
    found = replace(FOUND, startup={"joblib": 0.5})
    assert found.changes() == {}
    assert found.advice() == [
        "ProcessPoolExecutor was not measured, so nothing can be said against it"
    ]


def test_the_table_has_a_line_a_tool_and_the_words_say_who_is_left_out():
    lines = FOUND.table()
    assert len(lines) == 3
    assert lines[1].startswith(USUAL)
    assert "2.00  (200.0 ms)" in lines[1]
    assert any("Dask is left out" in line for line in FOUND.in_words())


@pytest.mark.processes
def test_who_is_not_installed_is_left_out(monkeypatch):
    monkeypatch.setattr(library_adapters, "find_spec", lambda package: None)
    assert library_adapters.why_missing("joblib") == "joblib is not installed: pip install joblib"
    assert library_adapters.why_missing("Pool") == ""
    found = compare_libraries(rounds=1, scale=0.1, tools=("Pool", "joblib"))
    assert found.tools == ("Pool",)
    assert "joblib" in found.missing


@pytest.mark.processes
def test_tools_of_the_standard_library_do_all_works():
    seen = []
    found = compare_libraries(
        rounds=1, scale=0.1, tools=("Pool", USUAL), progress=lambda done, total: seen.append(done)
    )
    assert found.tools == ("Pool", USUAL)
    assert set(found.seconds) == set(LIBRARY_WORKLOADS)
    assert all(set(times) == {"Pool", USUAL} for times in found.seconds.values())
    assert seen[-1] == len(seen) == 2 + 2 * len(LIBRARY_WORKLOADS) + 2


@pytest.mark.processes
def test_stop_ends_it():
    stop = threading.Event()
    with pytest.raises(Stopped):
        compare_libraries(tools=("Pool",), progress=lambda done, total: stop.set(), stop=stop)


def test_a_tool_that_gives_wrong_results_is_no_tool(monkeypatch):
    class Wrong:
        def map(self, worker: object, tasks: list) -> list:
            return [0 for _ in tasks]

    monkeypatch.setitem(compared._open, "Wrong", Wrong())
    with pytest.raises(RuntimeError, match="Wrong gave other results than a loop for tiny tasks"):
        compared.step(("do", "tiny tasks", "Wrong", 0.1))


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"tools": "Pool"}, "tools must be a list of names"),
        ({"tools": ()}, "at least one name"),
        ({"tools": ("Spark",)}, "tools must be one of Pool"),
        ({"workers": 0}, "workers must be"),
        ({"rounds": 0}, "rounds must be"),
        ({"scale": 0}, "scale must be"),
    ],
)
def test_what_cannot_be_used_is_refused(options, match):
    with pytest.raises((TypeError, ValueError), match=match):
        compare_libraries(**options)


def test_an_unknown_work_is_refused():
    with pytest.raises(ValueError, match="work must be one of tiny tasks"):
        FOUND.best("none")


@pytest.mark.processes
def test_the_command_prints_table_works_and_advice(monkeypatch, capsys):
    monkeypatch.setattr(libraries, "compare_libraries", lambda **options: FOUND)
    monkeypatch.setattr(libraries.psutil, "cpu_percent", lambda interval: 3.0)
    assert libraries.main(["--rounds", "2"]) == 0
    printed = capsys.readouterr().out
    assert "the machine was 3% busy" in printed
    assert all(line in printed for line in [*FOUND.table(), *FOUND.advice()])
    assert "pip install distributed" in printed


@pytest.mark.slow
@pytest.mark.parametrize("name", TOOLS)
def test_every_tool_gives_the_results_of_a_loop_and_leaves_no_file(name, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert compare_libraries(rounds=1, scale=0.1, tools=(name,)).tools == (name,)
    assert list(tmp_path.iterdir()) == []
