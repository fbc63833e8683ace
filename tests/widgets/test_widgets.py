"""What a learner moves: the explorer at work, stopped and redrawn; predictions; fixed texts."""

from __future__ import annotations

import io
import itertools
import json
import threading
import time

import pytest
from matplotlib.image import imread

from helpers.progress import store
from helpers.widgets import (
    Explorer,
    Interleaver,
    LifeCycle,
    Placement,
    Prediction,
    ProgressBar,
    compare,
    predict,
)
from helpers.workers.workloads import Workload
from tests import odd_workers
from tests.running_processes import SOON, Trap

pytestmark = [pytest.mark.usefixtures("quiet", "own_notes"), pytest.mark.once]


def work_of(worker, task) -> Workload:
    """Return a workload for that worker in which every task is `task`."""
    return Workload(
        name="odd",
        says="what the test wants",
        worker=worker,
        kind="cpu",
        unit="things",
        sizes=(1, 10, 100),
        make_tasks=lambda count, size: [task] * count,
        is_right=lambda results, count, size: True,
    )


@pytest.fixture(scope="module")
def explorer() -> Explorer:
    """Return one for several tests, because its first run takes most of their time."""
    return Explorer(work_of(odd_workers.double, 21), tasks=2, workers=1)


def size_of(picture: bytes) -> tuple[int, int]:
    rows, columns, _ = imread(io.BytesIO(picture)).shape
    return columns, rows


@pytest.mark.processes
def test_it_shows_a_first_result_before_anyone_touches_it(explorer):
    assert size_of(explorer.picture.value) == (1440, 510)
    assert "processes × 1" in explorer.status.value
    assert "ceiling" in explorer.status.value
    assert not explorer.run_button.disabled
    assert explorer.stop_button.disabled


@pytest.mark.processes
def test_the_picture_has_its_text_beside_it_and_for_screen_readers(explorer):
    assert "processes × 1 did 2 tasks of double" in explorer.words.value
    assert "processes × 1 did 2 tasks of double" in explorer.picture.tooltip
    assert "this machine's ceiling" in explorer.picture.tooltip.replace("&#x27;", "'")


@pytest.mark.processes
def test_its_text_in_a_notebook_is_fixed(explorer):
    text = "Explorer of odd: open this notebook in JupyterLab to use it"
    assert repr(explorer) == text
    bundle = explorer._repr_mimebundle_()
    assert (bundle[0] if isinstance(bundle, tuple) else bundle)["text/plain"] == text


@pytest.mark.processes
def test_tasks_that_were_not_measured_say_so_and_measured_ones_come_back(explorer):
    before, words = explorer.picture.value, explorer.words.value
    explorer.tasks.value = 3
    assert "Not measured yet" in explorer.words.value
    explorer.tasks.value = 2
    assert explorer.words.value == words
    assert explorer.picture.value == before  # drawn from what is kept, the same again


@pytest.mark.processes
def test_another_run_is_added_beside_the_earlier_one(explorer):
    before = explorer.picture.value
    explorer.engine.value = "threads"
    explorer.workers.value = 2
    explorer.start()
    assert explorer.wait(SOON)
    assert "threads × 2" in explorer.status.value
    assert explorer.picture.value != before
    kept = explorer._results[(2, 10)]
    assert [sweep.runs[0].engine for sweep in kept] == ["processes", "threads"]


@pytest.mark.processes
def test_buttons_and_bar_tell_that_it_runs_and_stop_ends_it_within_a_second(explorer):
    with Trap() as trap:
        explorer.work = work_of(odd_workers.report_and_hang, trap.address)
        explorer.start()
        trap.catch(1)
        assert explorer.run_button.disabled
        assert not explorer.stop_button.disabled
        thread = explorer._thread
        explorer.start()  # while it runs: nothing happens
        assert explorer._thread is thread
        assert not explorer.wait(0)
        began = time.monotonic()
        explorer.stop()
        assert explorer.wait(SOON)
        assert time.monotonic() - began < 1
        assert trap.all_gone(limit=1 - (time.monotonic() - began))
    assert explorer.status.value == "stopped; nothing is left running"
    assert explorer.stop_button.disabled
    explorer.work = work_of(odd_workers.double, 21)
    explorer.start()
    assert explorer.wait(SOON)
    assert "times as fast as one loop" in explorer.status.value


@pytest.mark.processes
@pytest.mark.parametrize(
    ("worker", "words"),
    [
        (odd_workers.fail, "ValueError: on purpose, with 21"),
        (odd_workers.die, "ended before its work was done"),
        (lambda task: task, "worker must be a function at the top level of a module"),
        (5, "TypeError: worker must be a function of one task"),
    ],
)
def test_a_worker_that_fails_is_told_in_the_status(explorer, worker, words):
    explorer.engine.value = "threads"
    explorer.work = work_of(worker, 21)
    explorer.start()
    assert explorer.wait(SOON)
    assert words in explorer.status.value
    assert not explorer.run_button.disabled


@pytest.mark.processes
def test_moving_a_slider_while_it_draws_does_no_harm(explorer):
    drawers = [threading.Thread(target=explorer.redraw) for _ in range(4)]
    for drawer in drawers:
        drawer.start()
    for drawer in drawers:
        drawer.join(SOON)
    assert size_of(explorer.picture.value) == (1440, 510)


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"work": "prime"}, "name must be one of primes"),
        ({"work": 5}, "name must be one of primes"),
        ({"tasks": 0}, "tasks must be a whole number from 1 to 200"),
        ({"tasks": 10**9}, "tasks must be a whole number from 1 to 200"),
        ({"tasks": "2"}, "tasks must be a whole number"),
        ({"workers": 0}, "workers must be a whole number from 1 to 32"),
        ({"workers": 33}, "workers must be a whole number from 1 to 32"),
        ({"workers": None}, "workers must be a whole number"),
    ],
)
def test_an_explorer_of_nothing_is_refused(changes, match):
    with pytest.raises((TypeError, ValueError), match=match):
        Explorer(**{"work": "primes"} | changes)


@pytest.mark.processes
def test_the_explorer_of_hashing_reaches_sizes_for_which_hashlib_keeps_the_lock():
    explorer = Explorer("hash", tasks=1)
    # https://docs.python.org/3/library/hashlib.html: released for data larger than 2047 bytes
    bytes_of = [explorer.work.tasks(1, size)[0][1] for size in explorer.size.options]
    assert min(bytes_of) <= 2047 < sorted(bytes_of)[1] < 4_000


# --- predictions ----------------------------------------------------------------------------------


def test_a_prediction_is_kept_and_compared(capsys, own_notes):
    asked = predict("speed", "How many times faster?", "times", low=0, high=100)
    asked.answer.value = "1,7"
    asked.button.click()
    assert asked.status.value == "kept; now run the experiment"
    compare("speed", 1.23456, "times")
    assert capsys.readouterr().out == "measured: 1.23 times; you predicted 1.7\n"
    kept = json.loads(own_notes.read_text(encoding="utf-8"))["predictions"]["speed"]
    assert kept == {"question": "How many times faster?", "predicted": 1.7, "measured": 1.23456}


def test_a_prediction_that_cannot_be_kept_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COURSE_STATE", str(tmp_path))  # a folder
    asked = predict("speed", "How many times faster?")
    asked.answer.value = "2"
    asked.button.click()
    assert asked.status.value == (
        "not kept, as your notes can't be written; now run the experiment"
    )
    compare("speed", 3.0)
    assert "you predicted nothing yet" in capsys.readouterr().out


def test_a_measurement_takes_nothing_of_another_kernels_note_along(own_notes, monkeypatch):
    """The note is read and written under one lock."""
    store.keep("predictions", "speed", {"predicted": 1})
    read, newer = store.read, itertools.count(2)

    def read_and_be_overtaken(section: str) -> dict:
        found = read(section)
        store.keep("predictions", "speed", {"predicted": next(newer)})
        return found

    monkeypatch.setattr(store, "read", read_and_be_overtaken)
    compare("speed", 3.0)
    monkeypatch.undo()
    kept = json.loads(own_notes.read_text(encoding="utf-8"))["predictions"]["speed"]
    assert kept == {"predicted": next(newer) - 1, "measured": 3.0}


def test_a_kept_prediction_stands_in_the_field_again():
    first = predict("speed", "How many?")
    first.answer.value = "4"
    first.keep()
    again = predict("speed", "How many?")
    assert (again.answer.value, again.status.value) == ("4", "kept")


@pytest.mark.parametrize("answer", ["", "many", "nan", "-1", "101", "1e400"])
def test_what_is_no_number_in_the_range_is_not_kept(own_notes, answer):
    asked = predict("speed", "How many?", low=0, high=100)
    asked.answer.value = answer
    asked.keep()
    assert asked.status.value == "a number from 0 to 100, please"
    assert not own_notes.exists()


def test_nothing_predicted_is_said_so(capsys):
    compare("unknown", 12_345, "µs")
    assert capsys.readouterr().out == "measured: 12,345 µs; you predicted nothing yet\n"


def test_notes_that_somebody_spoiled_count_as_none(own_notes):
    own_notes.parent.mkdir()
    for spoiled in ("{", "[]", '{"predictions": 5}', '{"predictions": {"speed": "x"}}'):
        own_notes.write_text(spoiled, encoding="utf-8")
        assert predict("speed", "How many?").answer.value == ""
    own_notes.write_text('{"predictions": {"speed": {"predicted": "x"}}}', encoding="utf-8")
    assert predict("speed", "How many?").answer.value == ""


def test_texts_of_widgets_in_a_notebook_are_fixed(capsys):
    assert repr(predict("speed", "How many?", "times")) == "Predict: How many? (times)"
    assert repr(predict("speed", "How many?")) == "Predict: How many?"
    assert repr(ProgressBar("trying")) == "progress: trying"
    assert repr(LifeCycle()).startswith("Life cycle of a process: open this notebook")
    assert repr(Placement("works", {"a": "first", "b": "second"}, ("x",))) == "Place: a, b"


@pytest.mark.parametrize("function", [predict, Prediction])
@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"name": 5}, "name must be a str, got 5"),
        ({"question": None}, "question must be a str, got None"),
        ({"unit": 5}, "unit must be a str, got 5"),
        ({"low": "0"}, "low must be a number"),
        ({"low": 5, "high": 1}, "high must be a number from 5 to"),
    ],
)
def test_what_cannot_be_asked_is_refused(function, changes, match):
    with pytest.raises((TypeError, ValueError), match=match):
        function(**{"name": "speed", "question": "How many?"} | changes)


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ((5, 1.0), "name must be a str, got 5"),
        (("speed", "fast"), "measured must be a number"),
        (("speed", None), "measured must be a number"),
        (("speed", float("nan")), "measured must be a number"),
        (("speed", 1.0, 5), "unit must be a str"),
    ],
)
def test_what_cannot_be_compared_is_refused(arguments, match):
    with pytest.raises((TypeError, ValueError), match=match):
        compare(*arguments)


# --- the other widgets ----------------------------------------------------------------------------


def test_a_progress_bar_shows_itself_and_how_far_it_is(capsys):
    bar = ProgressBar("trying")
    assert capsys.readouterr().out == "progress: trying\n"
    bar(3, 10)
    assert (bar._bar.value, bar._bar.max) == (3, 10)
    assert bar._text.value == "trying: 3 of 10"


def test_a_progress_bar_of_nothing_is_refused():
    with pytest.raises(TypeError, match="doing must be a str, got 5"):
        ProgressBar(5)


def test_placements_are_kept_and_come_back(capsys):
    works = {"hash": "hash a buffer", "wait": "wait"}
    placed = Placement("works", works, ("threads", "processes"))
    assert placed.chosen == {"hash": "?", "wait": "?"}
    placed.choosers["hash"].value = "threads"
    again = Placement("works", works, ("threads", "processes"))
    assert again.chosen == {"hash": "threads", "wait": "?"}
    again.compare({"hash": "threads", "wait": "asyncio"})
    assert capsys.readouterr().out == (
        "measured: hash: fastest was threads; you said threads\n"
        "measured: wait: fastest was asyncio; you said ?\n"
    )


def test_a_placement_that_is_no_choice_any_more_is_forgotten():
    works = {"hash": "hash a buffer"}
    Placement("works", works, ("threads",)).choosers["hash"].value = "threads"
    assert Placement("works", works, ("processes",)).chosen == {"hash": "?"}


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ((5, {"a": "b"}, ("x",)), "name must be a str"),
        (("n", {}, ("x",)), "works must be a dict"),
        (("n", ["a"], ("x",)), "works must be a dict"),
        (("n", {"a": "b"}, ()), "choices must be a list"),
        (("n", {"a": "b"}, "xy"), "choices must be a list"),
    ],
)
def test_a_placement_of_nothing_is_refused(arguments, match):
    with pytest.raises(TypeError, match=match):
        Placement(*arguments)


@pytest.mark.processes
def test_the_life_cycle_shows_each_state_of_a_real_process():
    cycle = LifeCycle()
    assert "no process yet" in cycle.table.value
    cycle.join()
    assert "AssertionError: can only join a started process" in cycle.table.value
    cycle.start()
    assert cycle.process.is_alive()
    assert str(cycle.process.pid) in cycle.table.value
    cycle.start()
    assert "cannot start a process twice" in cycle.table.value
    cycle.kill()
    cycle.join()
    assert cycle.process.exitcode not in (0, None)
    cycle.new()
    cycle.start()
    cycle.finish()
    cycle.join()
    assert "gone" in cycle.table.value
    assert cycle.process.exitcode == 0


@pytest.mark.processes
def test_a_new_life_cycle_ends_the_process_of_the_old_one():
    cycle = LifeCycle()
    cycle.start()
    first = cycle.process
    cycle.new()
    assert not first.is_alive()


# --- two workers, stepped by hand -----------------------------------------------------------------


def test_the_interleaver_shows_who_may_do_what_before_anyone_touches_it():
    two = Interleaver()
    assert repr(two).startswith("Interleaver of two workers: open this notebook")
    assert size_of(two.picture.value) == (1440, 450)
    assert "The shared cell holds <b>0</b>" in two.table.value
    assert two.table.value.count("load") == 2
    assert "no worker has begun" in two.words.value
    assert two.picture.tooltip == two.words.value
    assert two.buttons["undo"].disabled


def test_an_addition_can_be_lost_by_pressing_buttons():
    two = Interleaver()
    for worker in "ABABAB":
        before = two.picture.value
        two.buttons[f"worker {worker}: next step"].click()
        assert two.picture.value != before
    assert "the cell holds 1 of 2, 1 addition lost" in two.words.value
    assert two.buttons["worker A: next step"].disabled
    assert two.buttons["worker B: next step"].disabled
    two.buttons["undo"].click()
    assert not two.buttons["worker B: next step"].disabled
    two.buttons["reset"].click()
    assert two.run.schedule == ""


def test_who_must_wait_for_the_lock_is_told_so_and_does_nothing():
    two = Interleaver("one lock from load to store")
    two.step("A")
    assert "waits: worker A has the lock" in two.table.value
    two.buttons["worker B: next step"].click()
    assert two.status.value == "Worker B waits: worker A has the lock."
    assert two.run.schedule == "A"


def test_the_search_and_the_worst_schedule_follow_what_is_chosen():
    two = Interleaver()
    two.buttons["search all schedules"].click()
    assert "20 schedules: 2 right, 18 lose" in two.status.value
    two.additions.value = 3
    two.buttons["show the worst"].click()
    assert "the cell holds 2 of 6, 4 additions lost" in two.words.value
    two.program.value = "one lock from load to store"
    assert two.run.schedule == ""
    two.buttons["search all schedules"].click()
    assert "20 schedules: 20 right, 0 lose" in two.status.value


@pytest.mark.parametrize("program", ["a lock", "", None, 5])
def test_an_interleaver_of_no_program_is_refused(program):
    with pytest.raises((TypeError, ValueError), match="program must be one of no lock"):
        Interleaver(program)
