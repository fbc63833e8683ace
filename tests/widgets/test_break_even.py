"""The break-even calculator: it predicts before anyone touches it, measures, and stops."""

from __future__ import annotations

import io
import time

import pytest
from matplotlib.image import imread

from helpers.measure import machine
from helpers.widgets import BreakEvenCalculator
from tests.running_processes import SOON

pytestmark = [pytest.mark.usefixtures("quiet"), pytest.mark.once]


@pytest.fixture(scope="module")
def calculator(tmp_path_factory) -> BreakEvenCalculator:
    """Return one for several tests; its profile is measured once, and kept in notes of its own."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("COURSE_STATE", str(tmp_path_factory.mktemp("notes") / "notes.json"))
        machine.profile(repeats=1)
        return BreakEvenCalculator()


@pytest.mark.processes
def test_it_predicts_and_has_measured_before_anyone_touches_it(calculator):
    rows, columns, _ = imread(io.BytesIO(calculator.picture.value)).shape
    assert (columns, rows) == (1440, 510)
    assert "predicted: the pool is" in calculator.status.value
    assert "predicted: 100 tasks pay from" in calculator.words.value
    assert "times as fast as a loop" in calculator.picture.tooltip
    assert "measured once: 2 workers by" in calculator.words.value
    assert not calculator.run_button.disabled


@pytest.mark.processes
def test_its_text_in_a_notebook_is_fixed(calculator):
    assert repr(calculator) == "Break-even calculator: open this notebook in JupyterLab to use it"


@pytest.mark.processes
def test_a_moved_slider_changes_the_prediction_and_measures_nothing(calculator):
    before, words = calculator.picture.value, calculator.status.value
    calculator.carried.value = 1_000_000
    assert calculator.picture.value != before
    assert "carrying bytes 0 ms" in words
    assert "carrying bytes 0 ms" not in calculator.status.value
    assert calculator.wait(0)
    calculator.carried.value = 0
    assert calculator.status.value == words


@pytest.mark.processes
def test_run_measures_what_was_predicted_and_keeps_it(calculator):
    calculator.tasks.value, calculator.milliseconds.value = 10, 0.1
    calculator.start()
    assert calculator.wait(SOON)
    assert "measured once: 2 workers by" in calculator.words.value
    calculator.tasks.value = 20
    assert "measured" not in calculator.words.value
    calculator.tasks.value = 10
    assert "measured once: 2 workers by" in calculator.words.value


@pytest.mark.processes
def test_stop_ends_a_long_run(calculator):
    calculator.tasks.value, calculator.milliseconds.value = 1_000, 20
    calculator.start()
    assert calculator.run_button.disabled
    began = time.monotonic()
    calculator.stop()
    assert calculator.wait(SOON)
    assert time.monotonic() - began < 2
    assert calculator.status.value == "stopped; nothing is left running"
