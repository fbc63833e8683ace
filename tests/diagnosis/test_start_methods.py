"""The lens lays what a program does under each start method side by side."""

from __future__ import annotations

import multiprocessing

import pytest

from helpers.diagnosis.start_methods import ABSENT, Lens, print_lens, under_every_method
from helpers.engines.executors import START_METHODS
from helpers.runner.run import run_safely

pytestmark = [pytest.mark.usefixtures("quiet"), pytest.mark.processes]
HERE = [method for method in START_METHODS if method in multiprocessing.get_all_start_methods()]

INHERITS = """
import multiprocessing
number = 0
def tell(answers): answers.put(number)
if __name__ == "__main__":
    number = 5
    answers = multiprocessing.SimpleQueue()
    child = multiprocessing.Process(target=tell, args=(answers,))
    child.start()
    print("method:", multiprocessing.get_start_method())
    print("the child sees:", answers.get())
    child.join()
"""
NAMELESS = """
import multiprocessing
if __name__ == "__main__":
    child = multiprocessing.Process(target=lambda: None)
    child.start()
    child.join()
"""
WAITS = """
import multiprocessing
def wait(queue): queue.get()
if __name__ == "__main__":
    queue = multiprocessing.Queue()
    child = multiprocessing.Process(target=wait, args=(queue,))
    child.start()
    child.join()
"""


@pytest.fixture
def lens(tmp_path):
    """Return a function that runs a program's text under every start method."""

    def look(text: str, **options: object) -> Lens:
        file = tmp_path / "program.py"
        file.write_text(text, encoding="utf-8")
        return under_every_method(file, **options)

    return look


def test_what_is_printed_becomes_a_row_for_each_method(lens):
    seen = lens(INHERITS)
    assert seen.outcomes == dict.fromkeys(HERE, "works")
    assert seen.printed("method") == {method: method for method in HERE}
    inherited = {method: "5" if method == "fork" else "0" for method in HERE}
    assert seen.printed("the child sees") == inherited
    assert seen.same("the child sees") == (len(set(inherited.values())) == 1)
    head, outcome, *_ = str(seen).splitlines()
    assert head.split() == list(START_METHODS)
    assert outcome.split()[0] == "outcome"


def test_each_row_of_the_table_is_a_line_that_tests_do_not_compare(lens, capsys):
    seen = lens(INHERITS, methods=("spawn",))
    print_lens(seen)
    rows = [f"measured: {row}" for row in str(seen).splitlines()]
    assert capsys.readouterr().out.splitlines() == rows
    with pytest.raises(TypeError, match=r"lens must be a Lens, got 'stays.*under_every_method"):
        print_lens("stays_at_zero.py")


@pytest.mark.skipif("fork" not in HERE, reason="fork is what differs here")
def test_an_error_has_the_failures_name(lens):
    outcomes = lens(NAMELESS, methods=("spawn", "fork")).outcomes
    assert outcomes == {
        "spawn": "error: a function without a name that others can find",
        "fork": "works",
    }


def test_a_hang_has_the_failures_name(lens):
    seen = lens(WAITS, methods=("spawn",), limit=6)
    assert seen.outcomes == {"spawn": "hangs: no sentinel is sent"}
    assert ABSENT in str(seen)


def test_a_program_runs_under_the_method_that_is_asked_for(tmp_path):
    file = tmp_path / "program.py"
    file.write_text("import multiprocessing\nprint(multiprocessing.get_start_method())")
    for method in HERE:
        assert run_safely(file, method=method).output.strip() == method
    with pytest.raises(ValueError, match="method must be one of"):
        run_safely(file, method="thread")
