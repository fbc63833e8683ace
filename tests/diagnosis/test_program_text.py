"""What the text of a program tells: which names it sets late, what a `with` holds, what is read."""

from __future__ import annotations

import pytest

from helpers.diagnosis import program_text

PROGRAM = """
limit = 10
names = []
table = {}
untouched = 5

class Summer:
    def run(self):
        self.total = self.start = 1
        return self.start

def set_up():
    global limit
    limit = 3
    untouched = 6

def work(lock):
    with lock:
        print(limit)

if __name__ == "__main__":
    names.append("a")
    table["b"] = 2
    late, (later, *_) = 1, (2, 3)
    workers = [Summer() for _ in range(2)]
    print([worker.total for worker in workers], other.start)
"""


@pytest.fixture
def program(tmp_path):
    """Return the path of the program."""
    path = tmp_path / "program.py"
    path.write_text(PROGRAM, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", ["limit", "names", "table", "late", "later"])
def test_what_is_set_below_the_guard_or_in_a_function_is_set_late(program, name):
    assert program_text.is_set_late(program, name)


@pytest.mark.parametrize("name", ["untouched", "Summer", "work", "nothing"])
def test_what_is_set_only_at_the_top_is_not(program, name):
    assert not program_text.is_set_late(program, name)


def test_an_attribute_counts_only_where_it_is_read_of_such_an_object(program):
    assert program_text.is_read_outside_class(program, "Summer", "total")
    assert not program_text.is_read_outside_class(program, "Summer", "start")


def test_what_a_with_holds_is_told_for_the_lines_inside_it(program):
    inside = PROGRAM.splitlines().index("        print(limit)") + 1
    assert program_text.held_by_with(program, inside) == {"lock"}
    assert program_text.held_by_with(program, inside - 1) == set()


def test_classes_and_calls_of_methods_are_found(program):
    assert program_text.is_class(program, "Summer")
    assert not program_text.is_class(program, "work")
    assert program_text.calls_method(program, "append")
    assert not program_text.calls_method(program, "seek")


@pytest.mark.parametrize("text", [None, "this is not Python"])
def test_a_program_that_can_not_be_read_tells_nothing(tmp_path, text):
    path = tmp_path / "program.py"
    if text:
        path.write_text(text, encoding="utf-8")
    assert not program_text.is_set_late(str(path), "limit")
    assert program_text.held_by_with(str(path), 1) == set()
