"""The tools that people pick instead: each adapter, the comparison, and the advice it leads to."""

from __future__ import annotations

import tempfile
import threading
from dataclasses import replace

import pytest

from helpers.engines.pool import Stopped
from helpers.engines.ratios import Ratio
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
        "tiny tasks": {USUAL: (0.2, 0.2, 0.3), "joblib": (0.1, 0.1, 0.1)},
        "in chunks": {USUAL: (0.1, 0.1, 0.1), "joblib": (0.2, 0.2, 0.2)},
        "uneven tasks": {USUAL: (0.2, 0.2, 0.1), "joblib": (0.1, 0.1, 0.1)},  # they overlap
        "large arrays": {USUAL: (0.4, 0.4, 0.4), "joblib": (0.1, 0.1, 0.3)},
    },
    missing={"Dask": "Dask is not installed: pip install distributed"},
)


def test_the_best_is_the_fastest_and_the_others_are_multiples_of_it():
    assert FOUND.best("tiny tasks") == "joblib"
    assert FOUND.ratio("tiny tasks", USUAL) == pytest.approx(2)
    assert FOUND.ratio("tiny tasks", "joblib") == 1
    assert FOUND.ratio_range("tiny tasks", USUAL) == Ratio(2.0, 2.0, pytest.approx(3.0))
    assert FOUND.rounds == 3


def test_the_advice_changes_only_where_the_ranges_do_not_overlap():
    assert FOUND.changes() == {"tiny tasks": "joblib", "large arrays": "joblib"}
    advice = FOUND.advice()
    assert len(advice) == len(LIBRARY_WORKLOADS)
    assert advice[0].startswith("tiny tasks: joblib is 2.0 (2.0 to 3.0) times as fast as Process")
    assert advice[1] == "in chunks: ProcessPoolExecutor is the fastest"
    assert advice[2].endswith("no tool was faster than ProcessPoolExecutor in all of its rounds")


def test_the_opposite_numbers_give_the_opposite_advice():
    turned = {
        work: dict(zip(times, reversed(times.values()), strict=True))
        for work, times in FOUND.seconds.items()
    }
    assert replace(FOUND, seconds=turned).changes() == {"in chunks": "joblib"}


def test_a_record_is_read_as_it_was_written_and_says_where_it_was_made(monkeypatch):
    monkeypatch.setattr(compared.machine, "usable_cores", lambda: 2)
    kept = LibraryComparison.from_json(FOUND.as_json())
    assert replace(kept, where={}) == FOUND
    assert set(kept.where) == {"recorded", "machine", "versions"}
    assert "joblib" in kept.where["versions"]
    assert kept.in_words()[0].startswith("recorded: 20")


def test_the_recorded_comparison_is_that_of_the_file_if_there_is_one(monkeypatch, tmp_path):
    monkeypatch.setattr(compared, "RECORD", tmp_path / "libraries.json")
    monkeypatch.setattr(compared.machine, "usable_cores", lambda: 2)
    assert compared.recorded_comparison() is None
    (tmp_path / "libraries.json").write_text(FOUND.as_json(), encoding="utf-8")
    assert compared.recorded_comparison().seconds == FOUND.seconds


def test_the_words_say_how_each_tool_sends_its_tasks():
    words = FOUND.in_words()
    assert any(line.startswith("medians of 3 rounds") for line in words)
    assert "joblib 2.0 (2.0 to 2.0)" in "\n".join(words)
    assert f"{USUAL}: map sends each task in a message of its own (chunksize=1)" in words[-2]
    assert "10 ms" in words[-1]
    assert all(tool.sends for tool in TOOLS.values())


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
    assert "2.00 (2.00 to 3.00)  0.200 s" in lines[1]
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
    assert seen[-1] == len(seen) == 2 * len(LIBRARY_WORKLOADS)


@pytest.mark.processes
def test_each_tool_has_an_interpreter_of_its_own_and_all_rounds(monkeypatch):
    made = []

    class Counted(compared.OtherInterpreter):
        def __init__(self) -> None:
            super().__init__()
            made.append(self.pid)

    monkeypatch.setattr(compared, "OtherInterpreter", Counted)
    found = compare_libraries(
        rounds=2, scale=0.1, tools=("Pool", USUAL), works=("in chunks",), workers=1
    )
    assert len(set(made)) == 2
    assert {len(times) for times in found.seconds["in chunks"].values()} == {2}


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
        ({"works": ("sleep",)}, "works must be one of tiny tasks"),
        ({"works": ()}, "at least one name"),
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


@pytest.mark.processes
def test_the_command_records_its_result_if_it_is_asked_to(monkeypatch, tmp_path, capsys):
    path = tmp_path / "records" / "libraries.json"
    monkeypatch.setattr(libraries, "RECORD", path)
    monkeypatch.setattr(libraries, "compare_libraries", lambda **options: FOUND)
    monkeypatch.setattr(libraries.psutil, "cpu_percent", lambda interval: 3.0)
    assert libraries.main(["--record"]) == 0
    assert LibraryComparison.from_json(path.read_text(encoding="utf-8")).seconds == FOUND.seconds
    assert "recorded in libraries.json" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("name", TOOLS)
def test_every_tool_gives_the_results_of_a_loop_and_leaves_no_file(name, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert compare_libraries(rounds=1, scale=0.1, tools=(name,)).tools == (name,)
    assert list(tmp_path.iterdir()) == []
