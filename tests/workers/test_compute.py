"""The work is right, by a source other than the worker, and a worker refuses what is not a task."""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import math
import pickle
import subprocess
import sys

import pytest

from helpers.local_servers import HttpServer
from helpers.workers import compute, network
from tools.outline import ROOT

pytestmark = pytest.mark.standard_library


def functions():
    return [
        function
        for name, function in inspect.getmembers(compute, inspect.isfunction)
        if function.__module__ == compute.__name__ and not name.startswith("_")
    ]


# https://oeis.org/A006880 and https://oeis.org/A000720: how many primes there are up to n
@pytest.mark.parametrize(
    ("stop", "primes"), [(0, 0), (2, 0), (3, 1), (11, 4), (101, 25), (1001, 168), (10_001, 1229)]
)
def test_as_many_primes_as_published(stop, primes):
    assert compute.count_primes(range(stop)) == primes


def test_primes_above_a_million():  # https://oeis.org/A033844: the 80,000th prime is 1,020,379
    assert compute.count_primes(range(1_020_379, 1_020_380)) == 1
    assert compute.count_primes(range(1_000_000, 1_020_380)) == 80_000 - 78_498


def test_no_primes_below_two():
    assert compute.count_primes(range(-100, 2)) == 0


def test_pi_is_about_pi():
    hits = sum(compute.sample_pi((seed, 10_000)) for seed in range(10))
    assert 4 * hits / 100_000 == pytest.approx(math.pi, abs=0.03)  # six standard deviations


def test_a_seed_gives_the_same_points_every_time():
    assert compute.sample_pi((7, 1_000)) == compute.sample_pi((7, 1_000))
    assert len({compute.sample_pi((seed, 1_000)) for seed in range(8)}) > 1


def test_mandelbrot_knows_points_whose_fate_is_known():
    # On the real axis the set is exactly [-2, 0.25]; the middle row is that axis, from -2.2 to 1.
    row = compute.mandelbrot_row((50, 320, 100, 200))
    points = {round(-2.2 + 0.01 * column, 2): steps for column, steps in enumerate(row)}
    assert all(points[x] == 200 for x in (-1.99, -1.75, -1.0, -0.5, 0.0, 0.2))
    assert all(points[x] < 200 for x in (-2.1, 0.3, 0.5, 0.9))


def test_mandelbrot_has_the_published_area():
    # 1.50659: T. Förstemann, "Numerical estimation of the area of the Mandelbrot set", 2012
    rows = [compute.mandelbrot_row((row, 160, 120, 255)) for row in range(120)]
    inside = sum(row.count(255) for row in rows)
    assert inside * (3.2 / 160) * (2.4 / 120) == pytest.approx(1.50659, rel=0.03)


def test_words_are_counted_without_regard_to_case():
    text = "A queue, a pipe; A QUEUE. Don't wait\nfor 2 queues!"
    counted = {"a": 3, "queue": 2, "pipe": 1, "don't": 1, "wait": 1, "for": 1, "queues": 1}
    assert compute.count_words(text) == counted
    assert compute.count_words("") == {}


def test_each_blurred_pixel_is_the_mean_of_its_neighborhood():
    picture, width = bytes(i * 37 % 256 for i in range(35)), 7
    blurred = compute.blur_image((picture, width, 1))
    for row in range(5):
        for column in range(7):
            near = [
                picture[min(max(row + y, 0), 4) * 7 + min(max(column + x, 0), 6)]
                for y in (-1, 0, 1)
                for x in (-1, 0, 1)
            ]
            assert blurred[row * 7 + column] == sum(near) // 9


def test_passes_are_blurs_of_blurs_and_no_pass_changes_nothing():
    picture = bytes(range(36))
    once = compute.blur_image((picture, 6, 1))
    assert compute.blur_image((picture, 6, 2)) == compute.blur_image((once, 6, 1))
    assert compute.blur_image((picture, 6, 0)) == picture


# https://oeis.org/A000170: ways to place n queens
@pytest.mark.parametrize(
    ("size", "ways"), [(1, 1), (2, 0), (3, 0), (4, 2), (5, 10), (6, 4), (7, 40), (8, 92), (9, 352)]
)
def test_as_many_ways_to_place_queens_as_published(size, ways):
    assert sum(compute.count_queens((size, first)) for first in range(size)) == ways


def test_hash_is_the_published_one():
    # The SHA-256 of no data, and of a million letters a: FIPS 180-2, appendix B.3
    nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    million = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    assert compute.hash_buffer((0, 0)) == nothing
    assert compute.hash_buffer((ord("a"), 1_000_000)) == million
    assert compute.hash_buffer((3, 100)) == hashlib.sha256(b"\x03" * 100).hexdigest()


def test_waiting_gives_back_how_long():
    assert compute.wait(0.0) == 0.0


def test_doing_nothing_gives_nothing():
    assert compute.do_nothing("anything") is None


@pytest.mark.processes
def test_fetch_counts_the_bytes_of_the_page():
    with HttpServer(delay=0, size=12_345) as server:
        assert network.fetch(server.url) == 12_345
        assert asyncio.run(network.fetch_async(server.url)) == 12_345


@pytest.mark.parametrize(
    "url", ["http://example.org/", "https://127.0.0.1/", "file:///etc/hosts", "", 5, None]
)
def test_fetch_goes_nowhere_but_to_this_machine(url):
    with pytest.raises(ValueError, match="must be an http address of this machine, got"):
        network.fetch(url)
    with pytest.raises(ValueError, match="must be an http address of this machine, got"):
        asyncio.run(network.fetch_async(url))


@pytest.mark.parametrize(
    ("worker", "task", "match"),
    [
        (compute.count_primes, 100, r"numbers must be a range, got 100\. Pass range"),
        (compute.count_primes, [1, 2], "numbers must be a range"),
        (compute.sample_pi, 5, r"task must be a tuple \(seed, samples\), got 5"),
        (compute.sample_pi, (1, 2, 3), r"task must be a tuple \(seed, samples\)"),
        (compute.sample_pi, ("a", 3), "seed must be a whole number"),
        (compute.sample_pi, (1, 0), "samples must be a whole number from 1 to"),
        (compute.sample_pi, (1, 10**12), "samples must be a whole number from 1 to"),
        (compute.mandelbrot_row, (0, 1, 2), "task must be a tuple"),
        (compute.mandelbrot_row, (0, 0, 5, 9), "width must be a whole number"),
        (compute.mandelbrot_row, (0, 5, 0, 9), "height must be a whole number"),
        (compute.mandelbrot_row, (9, 5, 5, 9), "row must be a whole number from 0 to 5"),
        (compute.mandelbrot_row, (0, 5, 5, 256), "limit must be a whole number from 1 to 255"),
        (compute.mandelbrot_row, (0, 5.0, 5, 25), "width must be a whole number"),
        (compute.count_words, b"bytes", "text must be a str"),
        (compute.count_words, None, "text must be a str, got None"),
        (compute.blur_image, (b"", 1, 1), "pixels must be whole rows of bytes"),
        (compute.blur_image, (b"12345", 2, 1), "pixels must be whole rows of bytes"),
        (compute.blur_image, ("1234", 2, 1), "pixels must be bytes"),
        (compute.blur_image, (b"1234", "2", 1), "width must be a whole number"),
        (compute.blur_image, (b"1234", 2, -1), "passes must be a whole number"),
        (compute.count_queens, (0, 0), "size must be a whole number from 1 to 16"),
        (compute.count_queens, (17, 0), "size must be a whole number from 1 to 16"),
        (compute.count_queens, (8, 8), "first must be a whole number from 0 to 7"),
        (compute.hash_buffer, (256, 1), "byte must be a whole number from 0 to 255"),
        (compute.hash_buffer, (1, -1), "size must be a whole number"),
        (compute.hash_buffer, (1, 10**12), "size must be a whole number"),
        (compute.wait, -1, "seconds must be a number from 0 to 3600"),
        (compute.wait, float("nan"), "seconds must be a number"),
        (compute.wait, "1", "seconds must be a number"),
    ],
)
def test_what_is_no_task_is_refused(worker, task, match):
    with pytest.raises((TypeError, ValueError), match=match):
        worker(task)


@pytest.mark.parametrize("worker", functions(), ids=lambda function: function.__name__)
def test_every_worker_takes_one_task_and_can_be_pickled(worker):
    assert len(inspect.signature(worker).parameters) == 1
    assert pickle.loads(pickle.dumps(worker)) is worker


def test_there_are_eight_kinds_of_work_and_more():
    assert len(functions()) >= 8


@pytest.mark.processes
def test_workers_print_nothing_and_change_no_global_random_state():
    code = (
        "import random, sys; before = random.getstate()\n"
        "from helpers import workers\n"
        "workers.sample_pi((1, 10)); workers.count_words('a'); workers.count_queens((5, 0))\n"
        "sys.exit(random.getstate() != before)"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, timeout=60)
    assert (run.returncode, run.stdout, run.stderr) == (0, b"", b"")
