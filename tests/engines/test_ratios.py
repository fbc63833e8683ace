"""Ratios by round: the median, the range, what lies above what, and what counts as disturbed."""

from __future__ import annotations

import pytest

from helpers.engines.ratios import DISTURBED, Ratio, disturbance, ratio_by_round

pytestmark = pytest.mark.standard_library


@pytest.mark.parametrize(
    ("baseline", "measured", "ratio"),
    [
        ((8.0,), (4.0,), Ratio(2.0, 2.0, 2.0)),  # one round
        ((8.0, 8.0), (4.0, 2.0), Ratio(3.0, 2.0, 4.0)),  # an even number: between the two
        ((8.0, 9.0, 8.0), (8.0, 3.0, 4.0), Ratio(2.0, 1.0, 3.0)),  # an odd number
        ((1.0, 1.0, 1.0, 10.0), (1.0, 1.0, 1.0, 1.0), Ratio(1.0, 1.0, 10.0)),  # one busy minute
    ],
)
def test_each_round_is_compared_with_itself(baseline, measured, ratio):
    assert ratio_by_round(baseline, measured) == ratio


def test_a_busy_minute_that_slows_both_sides_changes_nothing():
    assert ratio_by_round((2.0, 20.0, 2.0), (1.0, 10.0, 1.0)) == Ratio(2.0, 2.0, 2.0)


@pytest.mark.parametrize(("baseline", "measured"), [((1.0,), (1.0, 2.0)), ((), ())])
def test_other_rounds_or_none_are_refused(baseline, measured):
    with pytest.raises(ValueError, match=r"got \d and \d rounds. Measure both"):
        ratio_by_round(baseline, measured)


@pytest.mark.parametrize(
    ("lowest", "highest", "undecided"),
    [
        (1.3, 1.9, False),  # every round is above
        (0.9, 1.1, False),  # every round is below
        (0.9, 1.2, False),  # none is above
        (1.2, 1.3, True),  # one is not above
        (0.9, 1.9, True),
    ],
)
def test_rounds_on_both_sides_of_a_bound_decide_nothing(lowest, highest, undecided):
    reason = Ratio(1.25, lowest, highest).undecided(1.2)
    assert bool(reason) == undecided
    if undecided:
        assert reason.endswith(
            f"above 1.2 times and some were not, from {lowest:.2f} to {highest:.2f}"
        )


def test_it_is_written_with_its_range():
    ratio = Ratio(1.824, 1.7, 1.91)
    assert f"{ratio:.1f} times" == "1.8 (1.7 to 1.9) times"
    assert str(ratio) == f"{ratio}" == "1.82 (1.70 to 1.91)"


@pytest.mark.parametrize(
    ("one", "other", "above"),
    [
        (Ratio(2.0, 1.9, 2.1), Ratio(1.5, 1.4, 1.6), True),
        (Ratio(2.0, 1.5, 2.1), Ratio(1.5, 1.4, 1.6), False),  # they overlap
        (Ratio(2.0, 1.6, 2.1), Ratio(1.5, 1.4, 1.6), False),  # they touch
        (Ratio(1.5, 1.4, 1.6), Ratio(2.0, 1.9, 2.1), False),
    ],
)
def test_above_means_that_the_ranges_do_not_overlap(one, other, above):
    assert one.is_above(other) == above
    assert other.is_below(one) == above


def test_a_speedup_above_the_ceiling_was_disturbed_and_is_told():
    said = disturbance("processes × 2", Ratio(2.0, 1.9, 2.1), Ratio(1.7, 1.6, 1.8))
    assert said == (
        f"{DISTURBED}: processes × 2 was 2.00 (1.90 to 2.10) times as fast as one loop, above the "
        "ceiling of this machine, 1.70 (1.60 to 1.80). Measure again when the machine is quiet"
    )


@pytest.mark.parametrize("lowest", [1.8, 1.75, 0.5])
def test_a_speedup_whose_range_reaches_the_ceilings_was_not_disturbed(lowest):
    assert disturbance("x", Ratio(2.0, lowest, 2.1), Ratio(1.7, 1.6, 1.8)) == ""
