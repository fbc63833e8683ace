"""The case studies: right results against a serial or another way, and every cut is the whole."""

from __future__ import annotations

import math
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from helpers.case_studies import images, parameter_search, readings, simulation
from helpers.case_studies.registry import CASES, case, split
from helpers.engines.records import Run, Sweep
from tools.benchmarks import case_studies as tool

pytestmark = pytest.mark.once

# --- images ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def photos(tmp_path_factory) -> list[str]:
    return images.make_photographs(tmp_path_factory.mktemp("photos"), 2)


def test_photographs_are_the_same_in_every_run_and_differ_from_one_another(photos, tmp_path):
    again = images.make_photographs(tmp_path, 2)
    assert [Path(p).read_bytes() for p in again] == [Path(p).read_bytes() for p in photos]
    assert not np.array_equal(images.load(photos[0]), images.load(photos[1]))


def test_denoising_takes_the_mean_only_where_a_value_is_near_it():
    pixels = np.full((5, 5, 3), 100, np.uint8)
    pixels[2, 2] = (109, 255, 100)
    calm = images.denoise(pixels)
    assert np.allclose(calm[2, 2], (101, 255, 100))
    assert np.allclose(calm[0, 0], 100)


def test_sharpening_enlarges_a_step_and_leaves_a_plain_picture_alone():
    plain = np.full((4, 6, 3), 50, np.float32)
    assert np.allclose(images.sharpen(plain), 50)
    step = plain.copy()
    step[:, 3:] = 150
    assert images.sharpen(step)[1, 3, 0] == pytest.approx(150 + 0.5 * (150 - 350 / 3))


def test_stretching_uses_the_whole_range():
    ramp = np.tile(np.linspace(50, 60, 800, dtype=np.float32)[:, None, None], (1, 8, 3))
    stretched = images.stretch(ramp)
    assert (stretched.min(), stretched.max()) == (0, 255)


def test_a_photograph_is_developed_as_its_three_steps_do_it(photos):
    pixels = images.enhance(images.load(photos[0]))
    assert images.develop(photos[0]) == images.save(photos[0], pixels)
    name, mean, _ = images.develop(photos[0])
    assert (name, mean) == ("photo_000.ppm", round(float(pixels.mean()), 3))
    with Image.open(Path(photos[0]).with_suffix(".png")) as small:
        assert small.size == (images.WIDTH // 4, images.HEIGHT // 4)


@pytest.mark.parametrize(
    "pixels",
    [b"abc", np.zeros((2, 2), np.uint8), np.zeros((0, 2, 3), np.uint8), np.zeros((2, 2, 3))],
)
def test_what_is_no_photograph_is_refused(pixels):
    with pytest.raises((TypeError, ValueError), match=r"pixels must be .* Pass what load\(path\)"):
        images.enhance(pixels)


# --- simulation -----------------------------------------------------------------------------------


def test_a_day_draws_from_the_child_that_spawning_gives():
    child = np.random.SeedSequence(7).spawn(4)[3]
    draw = np.random.default_rng(child)
    gaps = draw.exponential(1 / simulation.ARRIVALS, simulation.CUSTOMERS)
    needed = draw.exponential(1 / simulation.SERVICES, simulation.CUSTOMERS)
    arrives = np.concatenate(([0.0], gaps[:-1].cumsum()))
    free, waits = 0.0, []
    for arrival, service in zip(arrives, needed, strict=True):
        waits.append(max(0.0, free - arrival))
        free = max(free, arrival) + service
    assert simulation.one_day((7, 3)) == pytest.approx(np.mean(waits))


def test_the_mean_wait_is_what_theory_says():
    waits = simulation.days((2024, 0, 3_000))
    assert np.mean(waits) == pytest.approx(simulation.expected_wait(), rel=0.06)


def test_days_are_the_same_however_they_are_cut():
    one_by_one = [simulation.one_day((5, day)) for day in range(23)]
    for pieces in (1, 2, 7, 23):
        ranges = simulation.day_ranges(5, 23, pieces)
        assert len(ranges) == pieces
        assert [wait for part in map(simulation.days, ranges) for wait in part] == one_by_one


@pytest.mark.parametrize("task", [5, (1,), (1, -1), (1, "a"), (1.5, 2), None])
def test_what_is_no_day_is_refused(task):
    with pytest.raises((TypeError, ValueError), match="task must be"):
        simulation.one_day(task)


# --- readings -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> str:
    return readings.make_readings(tmp_path_factory.mktemp("readings") / "r.txt", 5_000)


def test_the_table_is_what_another_way_finds(file):
    values = defaultdict(list)
    for line in Path(file).read_text(encoding="ascii").split():
        station, value = line.split(";")
        values[station.encode()].append(round(float(value) * 10))
    expected = {
        station: [len(them), min(them), max(them), sum(them)] for station, them in values.items()
    }
    assert readings.summarize((file, 0, Path(file).stat().st_size)) == expected


@pytest.mark.parametrize("pieces", [1, 2, 3, 16, 999, 200_000])
def test_ranges_meet_at_line_ends_and_give_the_whole_table(file, pieces):
    data, ranges = Path(file).read_bytes(), readings.cut_at_lines(file, pieces)
    assert b"".join(data[start:end] for _, start, end in ranges) == data
    assert all(data[end - 1 : end] == b"\n" for _, _, end in ranges)
    if pieces < 1_000:
        whole = readings.summarize((file, 0, len(data)))
        assert readings.merge(map(readings.summarize, ranges)) == whole


def test_a_cut_right_at_a_lines_start_skips_no_line(tmp_path):
    path = tmp_path / "even.txt"
    path.write_bytes(b"a;1.0\nb;2.0\nc;3.0\nd;4.0\n")
    assert [(start, end) for _, start, end in readings.cut_at_lines(path, 4)] == [
        (0, 6), (6, 12), (12, 18), (18, 24)
    ]  # fmt: skip


def test_one_reader_finds_the_same(file):
    whole = readings.summarize((file, 0, Path(file).stat().st_size))
    batches = list(readings.batches(file, 700))
    assert [len(batch) for batch in batches] == [700] * 7 + [100]
    # the batches keep their line ends, which int() does not mind
    assert readings.merge(map(readings.summarize_lines, batches)) == whole


@pytest.mark.parametrize("task", ["r.txt", ("r.txt", 0), ("r.txt", 5, 2), ("none.txt", 0, 2)])
def test_what_is_no_range_is_refused(task):
    with pytest.raises((TypeError, ValueError), match="must be"):
        readings.summarize(task)


# --- search ---------------------------------------------------------------------------------------


def test_a_search_ends_with_a_round_trip_of_the_length_it_says():
    length, tour = parameter_search.anneal((2_000, 20.0, 3))
    places = parameter_search.cities()
    assert sorted(tour) == list(range(len(places)))
    steps = zip(tour, tour[1:] + tour[:1], strict=True)
    assert length == pytest.approx(sum(math.dist(places[a], places[b]) for a, b in steps))


def test_more_steps_find_a_shorter_tour_and_the_same_seed_the_same_one():
    short, long = (
        parameter_search.anneal((500, 20.0, 1)),
        parameter_search.anneal((20_000, 20.0, 1)),
    )
    assert long[0] < short[0] < parameter_search.tour_length(tuple(range(36)))
    assert parameter_search.anneal((500, 20.0, 1)) == short


def test_the_grid_is_uneven_and_sorted():
    grid = parameter_search.grid(32_000)
    assert len(grid) == 18
    assert grid == sorted(grid)
    assert grid[-1][0] == 32 * grid[0][0]


@pytest.mark.parametrize("task", [5, (100, 2.0), (0, 2.0, 1), (100, 0, 1), (100, 2.0, -1)])
def test_what_is_no_setting_is_refused(task):
    with pytest.raises((TypeError, ValueError), match="must be"):
        parameter_search.anneal(task)


# --- the catalog ----------------------------------------------------------------------------------

SIZES = {"blur": 48, "images": 3, "simulation": 60, "data": 2_000, "search": 640}


def flat(name: str, results: list) -> object:
    """Return the results of all pieces as one result."""
    if name == "data":
        return readings.merge(results)
    if name == "search":
        return sorted(found for part in results for found in part)
    return [one for part in results for one in part]


@pytest.mark.parametrize("name", [name for name in CASES if name != "blur"])
def test_a_case_gives_the_same_in_any_number_of_pieces(name, tmp_path):
    one = case(name)
    results = [
        flat(name, [one.worker(task) for task in one.cut(tmp_path, SIZES[name], pieces)])
        for pieces in (1, 2, 3)
    ]
    assert results[0] == results[1] == results[2]
    assert results[0]


@pytest.mark.parametrize("name", CASES)
def test_a_case_can_be_cut_into_as_many_pieces_as_it_says(name, tmp_path):
    one = case(name)
    if name != "images":  # as many as there are photographs, seen above
        assert len(one.cut(tmp_path, one.small, one.most)) == one.most
    assert 1 <= one.pieces <= one.most
    with pytest.raises(ValueError, match=f"pieces must be a whole number from 1 to {one.most:,}"):
        one.cut(tmp_path, one.small, one.most + 1)


def test_a_case_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="name must be one of blur, images"):
        case("sound")


def test_items_are_split_evenly_and_in_order():
    assert split([1, 2, 3, 4, 5], 2) == [[1, 2], [3, 4, 5]]


# --- the command ----------------------------------------------------------------------------------


@pytest.mark.processes
@pytest.mark.usefixtures("quiet")
def test_the_command_prints_each_ratio_with_its_bound(capsys):
    code = tool.main(["--only", "simulation", "--small", "--workers", "1", "--rounds", "2"])
    last = capsys.readouterr().out.splitlines()[-1]
    assert "simulation: loop " in last
    assert code == (0 if "(at least 0.9: holds)" in last else 1)


@pytest.mark.parametrize(
    ("processes", "words"),
    [
        ((4.5, 4.6, 4.4), "DOES NOT HOLD"),
        ((4.4, 4.4, 9.0), "holds"),
        ((3.9, 3.9, 4.1), "holds"),
        ((3.8, 3.9, 3.9), "NOT JUDGED"),  # faster in every round than the ceiling ever was
    ],
)
def test_a_result_above_the_ceiling_is_not_taken_for_a_success(processes, words):
    loop = Run("work", "serial", 1, "3", 0.0, (8.0,) * 3, (), [])
    run = Run("work", "processes", 2, "3", 0.0, processes, (), [])
    assert tool.verdict(Sweep(loop, (run,), {2: (4.0,) * 3}), 2).startswith(words)
