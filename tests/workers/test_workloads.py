"""The catalog: each workload has right results, and a wrong result is noticed."""

from __future__ import annotations

import pickle

import pytest

from helpers.workers import workloads
from helpers.workers.workloads import WORKLOADS, workload

pytestmark = pytest.mark.standard_library

NAMES = tuple(WORKLOADS)
COUNTS = (1, 2, 7)


def answers(work, count, size):
    return [work.worker(task) for task in work.tasks(count, size)]


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("name", NAMES)
def test_the_workers_answers_are_right(name, count):
    work = workload(name)
    size = work.sizes[0]
    assert work.is_right(answers(work, count, size), count, size)


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_answer_is_seen(name):
    work = workload(name)
    size = work.sizes[0]
    results = answers(work, 7, size)
    assert not work.is_right(results[:-1], 7, size)
    assert not work.is_right([], 7, size)
    assert not work.is_right([*results, results[0]], 7, size)


def spoiled(result):
    """Return a slightly wrong result: an integer off by one, a changed page, one count too many."""
    if isinstance(result, bytes):
        return bytes([result[0] ^ 1]) + result[1:]
    if isinstance(result, dict):
        return {**result, "surplus": 1}
    if isinstance(result, str):
        return result[::-1]
    return result + 1


@pytest.mark.parametrize("name", [name for name in NAMES if name != "pi"])
def test_one_wrong_answer_among_right_ones_is_seen(name):
    work = workload(name)
    size = work.sizes[0]
    results = answers(work, 7, size)
    assert not work.is_right([spoiled(results[0]), *results[1:]], 7, size)


def test_points_that_do_not_give_pi_are_seen():
    assert not workload("pi").is_right([500] * 8, 8, 1_000)
    assert not workload("pi").is_right([1_000] * 8, 8, 1_000)


def test_rows_of_another_picture_are_seen():
    work = workload("mandelbrot")
    assert not work.is_right([bytes(50)] * 8, 8, 50)
    assert not work.is_right([b"\x78" * 50] * 8, 8, 50)


@pytest.mark.parametrize("name", NAMES)
def test_tasks_are_plain_data_and_as_many_as_asked_for(name):
    work = workload(name)
    tasks = work.tasks(5)
    assert len(tasks) == 5
    assert pickle.loads(pickle.dumps(tasks)) == tasks
    assert work.tasks(5) == work.tasks(5, work.sizes[1])


@pytest.mark.parametrize("name", NAMES)
def test_sizes_ascend_and_the_kind_is_known(name):
    work = workload(name)
    smallest, usual, largest = work.sizes
    assert 0 < smallest < usual < largest
    assert work.kind in ("cpu", "native", "waiting")
    assert work.name == name


@pytest.mark.parametrize("count", [0, -1, 10**9, 2.0, "8", None, True])
def test_a_count_that_is_none_is_refused(count):
    with pytest.raises((TypeError, ValueError), match="count must be a whole number from 1 to"):
        workload("primes").tasks(count)


@pytest.mark.parametrize("size", [0, -5, 10**12, 1.5, "x"])
def test_a_size_that_is_none_is_refused(size):
    with pytest.raises((TypeError, ValueError), match="size must be a whole number from 1 to"):
        workload("primes").tasks(3, size)


@pytest.mark.parametrize("name", ["prime", "", 5, None])
def test_an_unknown_work_is_refused_with_the_names_there_are(name):
    with pytest.raises((TypeError, ValueError), match="name must be one of primes, pi, mandelbrot"):
        workload(name)


# https://oeis.org/A006880
@pytest.mark.parametrize(("power", "primes"), [(1, 4), (2, 25), (3, 168), (4, 1229), (6, 78498)])
def test_the_sieve_finds_as_many_primes_as_published(power, primes):
    assert workloads.primes_between(0, 10**power) == primes


def test_the_sieve_counts_between_its_ends():
    assert workloads.primes_between(11, 13) == 1
    assert workloads.primes_between(0, 2) == 0
    assert workloads.primes_between(5, 5) == 0


@pytest.mark.parametrize(("start", "stop"), [(-1, 5), (6, 5), ("0", 5), (0, None), (0, 10**12)])
def test_the_sieve_refuses_what_is_no_range(start, stop):
    with pytest.raises((TypeError, ValueError), match="must be a whole number from 0 to"):
        workloads.primes_between(start, stop)


def test_the_picture_has_a_byte_a_pixel_and_many_shades():
    picture = workloads.gray_picture(30, 20)
    assert len(picture) == 600
    assert len(set(picture)) > 50


@pytest.mark.parametrize(("width", "height"), [(0, 5), (5, 0), ("5", 5), (5, None), (5, 10**6)])
def test_a_picture_of_no_size_is_refused(width, height):
    with pytest.raises((TypeError, ValueError), match="must be a whole number from 1 to"):
        workloads.gray_picture(width, height)


def test_the_text_is_the_one_that_this_course_teaches():
    text = workloads.shipped_text()
    assert 1_500 < len(text.split()) < 2_000
    assert "multiprocessing" in text
