"""The model of two workers: every schedule is found, and what each leaves in the cell."""

from __future__ import annotations

from itertools import permutations

import pytest

from helpers.interleaving import PROGRAMS, TAKE, Interleaving, search

pytestmark = pytest.mark.standard_library


def by_brute_force(program: str, additions: int = 1) -> dict[int, int]:
    """Return the endings by count, from every order of steps that can be followed to its end."""
    steps = len(PROGRAMS[program]) * additions
    endings: dict[int, int] = {}
    for letters in sorted(set(permutations("A" * steps + "B" * steps))):
        run = Interleaving(program, additions)
        try:
            run.follow("".join(letters))
        except ValueError:  # it asks for a step that must wait
            continue
        endings[run.cell] = endings.get(run.cell, 0) + 1
    return endings


def test_two_workers_with_three_steps_have_20_schedules_of_which_2_are_right():
    found = search("no lock")
    assert (found.total, found.right, found.losing) == (20, 2, 18)
    assert found.endings == by_brute_force("no lock") == {1: 18, 2: 2}


def test_only_the_schedules_without_any_overlap_are_right():
    right = [
        "".join(letters)
        for letters in sorted(set(permutations("AAABBB")))
        if Interleaving("no lock").follow("".join(letters)).cell == 2
    ]
    assert right == ["AAABBB", "BBBAAA"]


def test_one_lock_from_load_to_store_leaves_the_right_schedules_only():
    found = search("one lock from load to store")
    assert found.endings == {2: 2}
    assert search("one lock from load to store", additions=3).endings == {6: 20}


def test_a_lock_for_each_access_helps_nothing():
    found = search("a lock for each access")
    assert (found.total, found.right) == (52, 2)


@pytest.mark.parametrize("additions", [2, 3])
@pytest.mark.parametrize("program", ["no lock", "a lock for each access"])
def test_without_one_lock_for_both_the_cell_may_end_at_two(program, additions):
    assert search(program, additions).least == 2


@pytest.mark.parametrize("additions", [1, 2, 3])
@pytest.mark.parametrize("program", PROGRAMS)
def test_each_example_is_a_schedule_that_ends_as_it_says(program, additions):
    found = search(program, additions)
    assert set(found.examples) == set(found.endings)
    for ending, schedule in found.examples.items():
        run = Interleaving(program, additions).follow(schedule)
        assert run.finished
        assert (run.cell, run.schedule) == (ending, schedule)
    assert found.worst == found.examples[found.least]


def test_a_search_of_two_additions_agrees_with_counting_by_hand():
    # 12 steps, 6 of each: C(12, 6) of them; a lock held throughout leaves C(4, 2).
    assert search("no lock", 2).total == 924
    assert search("one lock from load to store", 2).total == 6


def test_a_step_shows_the_register_and_the_cell():
    run = Interleaving("no lock")
    assert run.registers == {"A": None, "B": None}
    run.follow("AAB")
    assert (run.registers, run.cell) == ({"A": 1, "B": 0}, 0)
    assert run.take("A").cell == run.cell == 1
    assert run.next_action("A") is None
    assert run.next_action("B") == "add"


def test_undo_takes_back_step_by_step_down_to_the_beginning():
    run = Interleaving("no lock").follow("AAAB")
    for left in ("AAA", "AA", "A", "", ""):
        run.undo()
        assert run.schedule == left
    assert (run.cell, run.registers) == (0, {"A": None, "B": None})


def test_who_wants_a_lock_that_is_held_must_wait_until_it_is_free():
    run = Interleaving("one lock from load to store").follow("A")
    assert run.next_action("B") == TAKE
    assert run.why_not("B") == "waits: worker A has the lock"
    with pytest.raises(ValueError, match="waits: worker A has the lock"):
        run.take("B")
    run.follow("AAAA")
    assert run.why_not("B") is None


def test_who_has_finished_takes_no_step():
    run = Interleaving("no lock").follow("AAA")
    with pytest.raises(ValueError, match="A has finished"):
        run.take("A")
    assert not run.finished
    assert run.follow("BBB").finished


@pytest.mark.parametrize("function", [search, Interleaving])
@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        (("a lock",), "program must be one of no lock"),
        ((None,), "program must be one of no lock"),
        (("no lock", 0), "additions must be a whole number from 1 to 3"),
        (("no lock", 4), "additions must be a whole number from 1 to 3"),
        (("no lock", "1"), "additions must be a whole number"),
    ],
)
def test_what_is_no_program_is_refused(function, arguments, match):
    with pytest.raises((TypeError, ValueError), match=match):
        function(*arguments)


@pytest.mark.parametrize("schedule", ["C", "AX", 5, None])
def test_a_schedule_of_others_is_refused(schedule):
    with pytest.raises((TypeError, ValueError), match=r"schedule must be|worker must be one of"):
        Interleaving("no lock").follow(schedule)
