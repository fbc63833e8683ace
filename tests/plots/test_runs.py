"""The pictures show the data, have labels and units, and the same in words."""

from __future__ import annotations

import io

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt

from helpers.engines.executors import CLUSTERS, ENGINES
from helpers.engines.ratios import DISTURBED
from helpers.engines.records import Run, Sweep, TaskRecord
from helpers.measure.machine import Profile
from helpers.plots import runs as plots
from helpers.plots import speedup, style

pytestmark = pytest.mark.once

mpl.use("agg")


@pytest.fixture(autouse=True)
def closed():
    """Close every figure after a test."""
    yield
    plt.close("all")


def record(index, start, end, *, process=1, thread=1, cpu=0.0):
    return TaskRecord(index, process, thread, start, end, cpu)


def run(engine="processes", workers=2, walls=(2.0,), records=(), startup=0.5):
    tasks = tuple(records) or (record(0, 0.0, walls[0], cpu=walls[0]),)
    return Run("count_primes", engine, workers, "3.11.7", startup, walls, tasks, [])


def two_workers() -> Run:
    """Return a run of 2 s with three tasks: process 8 began first and did two of them."""
    return run(
        records=[
            record(0, 0.5, 1.0, process=9, cpu=0.5),
            record(1, 0.0, 1.0, process=8, cpu=0.5),
            record(2, 1.0, 2.0, process=8, cpu=1.0),
        ]
    )


def sweep() -> Sweep:
    """Three rounds on threads, which gain nothing, and on processes; a ceiling of 2 and of 2.5."""
    runs = [run("threads", n, (8.0, 10.0, 8.0)) for n in (1, 2)]
    runs += [run("processes", n, (8.0 / n, 10.0 / n, 8.0 / n)) for n in (1, 2)]
    ceilings = {1: (8.0,) * 3, 2: (4.0, 3.2, 4.0)}
    return Sweep(run("serial", 1, (8.0,) * 3), tuple(runs), ceilings)


def disturbed_sweep() -> Sweep:
    """A sweep in which two processes were faster in every round than the ceiling ever was."""
    processes = run("processes", 2, (4.0, 4.2))
    return Sweep(run("serial", 1, (8.0, 8.0)), (processes,), {2: (5.0, 5.5)})


def bars(ax) -> list[list[tuple[float, float]]]:
    """The ends of all bars of errors, a list for each kind of mark."""
    return [
        [(low[1], high[1]) for low, high in lines.get_segments()]
        for container in ax.containers
        for lines in container[2]
    ]


def texts(ax) -> str:
    """Return all text in the picture."""
    ticks = [label.get_text() for label in (*ax.get_xticklabels(), *ax.get_yticklabels())]
    legend = ax.get_legend()
    entries = [text.get_text() for text in legend.get_texts()] if legend else []
    notes = [text.get_text() for text in ax.texts]
    titles = [ax.get_title(loc) for loc in ("left", "center", "right")]
    return "\n".join([ax.get_xlabel(), ax.get_ylabel(), *titles, *ticks, *entries, *notes])


def drawn(ax) -> bytes:
    """Draw the picture, which must give no warning; return its bytes."""
    png = io.BytesIO()
    ax.figure.savefig(png, format="png")
    return png.getvalue()


# --- the timeline ---------------------------------------------------------------------------------


def test_a_timeline_has_a_row_for_each_process_in_the_order_they_began():
    rows = plots.timeline_rows(two_workers())
    assert [name for name, _ in rows] == ["process 1", "process 2"]
    assert [[record.index for record in records] for _, records in rows] == [[1, 2], [0]]


@pytest.mark.parametrize(
    ("engine", "name"),
    [
        ("serial", "loop 1"),
        ("threads", "thread 1"),
        ("interpreters", "interpreter 1"),
        ("asyncio", "task 1"),
        ("spawn", "process 1"),
    ],
)
def test_a_row_is_named_after_what_did_the_work(engine, name):
    assert plots.timeline_rows(run(engine))[0][0] == name


def test_tasks_under_way_on_one_thread_get_rows_of_their_own():
    rows = plots.timeline_rows(
        run("asyncio", 1, records=[record(0, 0, 1), record(1, 0.5, 2), record(2, 1, 2)])
    )
    assert [[record.index for record in records] for _, records in rows] == [[0, 2], [1]]


def test_a_timeline_draws_a_bar_for_each_task_and_the_waiting_between():
    ax = plots.plot_timeline(two_workers())
    bars = [path for bars in ax.collections for path in bars.get_paths()]
    assert len(bars) == 3 + 2  # tasks, and a hatched bar behind each row
    assert "seconds since the first task was sent" in texts(ax)
    assert "count_primes under processes: 3 tasks" in texts(ax)
    assert ax.get_xlim() == (0, 2.0)
    assert drawn(ax)


def test_a_worker_without_a_task_has_an_empty_lane():
    ax = plots.plot_timeline(run(workers=3))
    bars = [path for bars in ax.collections for path in bars.get_paths()]
    assert len(bars) == 1 + 3  # a task, and a hatched bar behind each row
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "process 1", "process 2", "process 3"
    ]  # fmt: skip


def test_a_timeline_of_many_rows_says_how_many_are_not_drawn():
    many = [record(i, i, i + 1, process=i) for i in range(30)]
    assert "(6 more lanes not drawn)" in texts(plots.plot_timeline(run(records=many)))


# --- parts and engines ----------------------------------------------------------------------------


def test_the_parts_of_a_run_add_up_to_its_time():
    parts = plots.parts_of(two_workers())
    assert parts == {"start-up": 0.5, "inside tasks": 1.25, "between tasks": 0.75}
    assert sum(parts.values()) == 2.0 + 0.5


def test_parts_are_drawn_as_bars_of_those_lengths():
    ax = plots.plot_parts([two_workers(), run("serial", 1)])
    widths = [[bar.get_width() for bar in bars] for bars in ax.containers]
    assert widths == [[0.5, 0.5], [1.25, 2.0], [0.75, 0.0]]
    for words in ("start-up", "inside tasks", "between tasks", "processes × 2", "seconds"):
        assert words in texts(ax)
    assert drawn(ax)


def test_engines_are_compared_and_the_fastest_is_named():
    ax = plots.plot_engines([run("serial", 1, (4.0,)), run("threads", 2, (4.1,)), run("spawn")])
    assert " 2 s ← fastest" in texts(ax)
    assert " 4 s (2.0 times as long)" in texts(ax)
    assert "seconds for the work" in texts(ax)
    assert [bar.get_width() for bar in ax.patches] == [4.0, 4.1, 2.0]
    assert drawn(ax)


def test_engines_have_a_bar_for_their_median_round_and_a_line_for_the_range():
    ax = plots.plot_engines([run("serial", 1, (4.0, 5.0, 9.0)), run("spawn", 2, (2.0, 2.0, 3.0))])
    assert [bar.get_width() for bar in ax.patches] == [5.0, 2.0]
    assert "median and range of the rounds" in texts(ax)
    assert "2.5 times as long" in texts(ax)


def test_engines_whose_ranges_overlap_are_about_the_same():
    ax = plots.plot_engines([run("serial", 1, (2.0, 2.5, 3.0)), run("spawn", 2, (1.0, 2.0, 2.1))])
    assert "(about the same)" in texts(ax)


def test_about_the_same_is_called_so():
    ax = plots.plot_engines([run("spawn", 2, (2.0,)), run("threads", 2, (2.05,))])
    assert "(about the same)" in texts(ax)


# --- speedup --------------------------------------------------------------------------------------


def test_speedup_shows_medians_ideal_and_ceiling(monkeypatch):
    monkeypatch.setattr(speedup, "usable_cores", lambda: 2)
    ax = speedup.plot_speedup(sweep())
    for words in ("ideal", "this machine's ceiling", "threads", "processes"):
        assert words in texts(ax)
    assert "speedup over one loop (times)" in texts(ax)
    assert "median and range of 3 rounds" in texts(ax)
    lines = [list(line.get_ydata()) for line in ax.lines]
    assert [1, 2] in lines  # ideal
    assert [1.0, 2.0] in lines  # the ceiling and the processes
    assert drawn(ax)


def test_speedup_has_a_bar_from_the_lowest_to_the_highest_for_engines_and_ceiling(monkeypatch):
    monkeypatch.setattr(speedup, "usable_cores", lambda: 2)
    ceiling, threads, processes = bars(speedup.plot_speedup(sweep()))
    assert ceiling == [(1.0, 1.0), (2.0, 2.5)]
    assert threads == [pytest.approx((0.8, 1.0))] * 2
    assert processes == [pytest.approx((0.8, 1.0)), pytest.approx((1.6, 2.0))]


def test_one_informative_point_gets_no_fit_and_the_words_say_so(monkeypatch):
    monkeypatch.setattr(speedup, "usable_cores", lambda: 2)
    assert "Amdahl" not in texts(speedup.plot_speedup(sweep()))
    assert speedup.fit_in_words(sweep())[1] == (
        "no fit of Amdahl's law for processes: only one point says something of a serial share "
        "(more than one worker, at most 2 cores)"
    )
    monkeypatch.setattr(speedup, "usable_cores", lambda: 1)
    assert "processes: no point says something" in speedup.fit_in_words(sweep())[1]


def test_a_sweep_with_one_number_of_workers_says_nothing_of_a_fit():
    assert speedup.fit_in_words(disturbed_sweep()) == []


def test_a_fit_of_two_points_is_drawn_behind_the_ideal_and_told(monkeypatch):
    monkeypatch.setattr(speedup, "usable_cores", lambda: 4)
    runs = tuple(run("spawn", n, (8 / speedup.amdahl(n, 0.25),)) for n in (1, 2, 4))
    found = Sweep(run("serial", 1, (8.0,)), runs, {1: (8.0,), 2: (4.0,), 4: (2.0,)})
    ax = speedup.plot_speedup(found)
    assert "spawn (Amdahl: 25% serial)" in texts(ax)
    fit = next(line for line in ax.lines if len(line.get_xdata()) == 51)
    ideal = next(line for line in ax.lines if list(line.get_ydata()) == [1, 2, 4])
    assert fit.get_zorder() < ideal.get_zorder()
    assert speedup.fit_in_words(found) == ["Amdahl's law fitted to 2 points of spawn: 25% serial"]


@pytest.mark.parametrize(
    "plot", [speedup.plot_speedup, lambda one: speedup.plot_sweeps({"a": one})]
)
def test_the_picture_of_a_disturbed_sweep_says_so(monkeypatch, plot):
    monkeypatch.setattr(speedup, "usable_cores", lambda: 2)
    assert DISTURBED in texts(plot(disturbed_sweep())).replace("\n", " ")
    assert DISTURBED not in texts(plot(sweep())).replace("\n", " ")


def test_speedup_of_a_single_worker_count_can_be_drawn(monkeypatch):
    monkeypatch.setattr(speedup, "usable_cores", lambda: 2)
    one = Sweep(run("serial", 1, (8.0,)), (run("threads", 1, (8.0,)),), {1: (8.0,)})
    assert drawn(speedup.plot_speedup(one))


def test_several_works_are_compared_row_by_row_with_their_ceilings():
    ax = speedup.plot_sweeps({"primes": sweep(), "hash": sweep()}, workers=2)
    for words in ("primes", "hash", "threads", "this machine's ceiling", "one loop", "2 workers"):
        assert words in texts(ax)
    assert drawn(ax)


def test_what_was_not_measured_is_named():
    with pytest.raises(KeyError, match="threads × 7 was not measured here, only threads × 1, thr"):
        speedup.plot_sweeps({"primes": sweep()}, workers=7)


def test_starts_are_shown_in_milliseconds():
    profile = Profile(2, 2**30, {"thread": 1e-4, "spawn": 0.1, "fork": 0.01}, 1e-4)
    ax = plots.plot_starts(profile)
    for words in ("milliseconds", "thread", "spawn", " 0.1 ms", " 100 ms"):
        assert words in texts(ax)
    assert drawn(ax)


def test_spans_are_counted_from_the_first_start():
    ax = plots.plot_spans([("b", 12.0, 13.0), ("a", 10.0, 12.0)], "who waited")
    bars = [(bar.get_x(), bar.get_width()) for bars in ax.containers for bar in bars]
    assert bars == [(2.0, 1.0), (0.0, 2.0)]
    assert "who waited" in texts(ax)
    assert "seconds" in texts(ax)
    assert drawn(ax)


# --- for every reader -----------------------------------------------------------------------------


def test_every_engine_has_a_color_a_marker_and_a_line_no_two_alike():
    assert {*ENGINES, *CLUSTERS, "asyncio"} == set(style.ENGINES)
    assert len({color for color, _, _ in style.ENGINES.values()}) == len(style.ENGINES)
    together = [(marker, line) for _, marker, line in style.ENGINES.values()]
    assert len(set(together)) >= len(together) - 1  # serial and processes share: a loop has no line


def test_a_run_in_words_says_what_its_timeline_shows():
    first, second = plots.in_words(two_workers())
    assert first == ("processes × 2 did 3 tasks of count_primes in 2.000 s, at most 2 at once")
    assert second == "1.00 cores busy; start-up 0.500 s; 38% of the time was between tasks"


def test_a_run_of_several_rounds_in_words_says_which_one_it_shows():
    first, second = plots.in_words(run("spawn", 2, (2.0, 3.0, 9.0)))
    assert first.endswith(
        "in 3.000 s, at most 1 at once (the median of 3 rounds, of 2.000 to 9.000 s)"
    )
    assert second.startswith("0.67 (0.22 to 1.00) cores busy")


def test_a_plain_loop_in_words_did_as_many_tasks_as_it_has_results():
    loop = Run("work", "plain loop", 1, "3", 0.0, (2.0,), (record(0, 0, 2, cpu=2.0),), [1, 2, 3])
    assert plots.in_words(loop)[0].startswith("plain loop did 3 tasks of work in 2.000 s")


def test_a_sweep_in_words_says_what_its_lines_show(monkeypatch):
    monkeypatch.setattr(speedup, "usable_cores", lambda: 2)
    words = plots.in_words(sweep())
    assert words[:4] == [
        "one loop takes 8.000 s; medians of 3 rounds, in brackets the lowest and the highest",
        "threads, times faster by workers: 1.00 (0.80 to 1.00) with 1, 1.00 (0.80 to 1.00) with 2",
        "processes, times faster by workers: 1.00 (0.80 to 1.00) with 1, "
        "2.00 (1.60 to 2.00) with 2",
        "this machine's ceiling, from independent interpreters: 1.00 (1.00 to 1.00) with 1, "
        "2.00 (2.00 to 2.50) with 2",
    ]
    assert not any(DISTURBED in line for line in words)


def test_a_disturbed_sweep_says_so_in_words(monkeypatch):
    monkeypatch.setattr(speedup, "usable_cores", lambda: 2)
    assert DISTURBED in plots.in_words(disturbed_sweep())[-1]


def test_words_are_printed_in_the_form_that_tests_do_not_compare(capsys, monkeypatch):
    monkeypatch.setattr(speedup, "usable_cores", lambda: 2)
    plots.print_in_words(two_workers(), sweep())
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 8
    assert all(line.startswith("measured: ") for line in lines)


def test_a_picture_can_be_drawn_into_given_axes():
    _, ax = plt.subplots()
    assert plots.plot_timeline(two_workers(), ax) is ax


PROFILE = Profile(2, 2**30, {"thread": 1e-4}, 1e-4)


@pytest.mark.parametrize(
    ("function", "good"),
    [
        (speedup.plot_speedup, (sweep(),)),
        (plots.plot_timeline, (run(),)),
        (plots.plot_parts, ([run()],)),
        (plots.plot_engines, ([run()],)),
        (speedup.plot_sweeps, ({"a": sweep()}, 2)),
        (plots.plot_starts, (PROFILE,)),
        (plots.plot_spans, ([("a", 0, 1)], "title")),
    ],
)
def test_axes_that_are_none_are_refused(function, good):
    with pytest.raises(TypeError, match=r"ax must be matplotlib Axes or None, got 5\. Leave it"):
        function(*good, 5)


@pytest.mark.parametrize(
    ("function", "wrong", "match"),
    [
        (
            speedup.plot_speedup,
            run(),
            r"sweep must be a Sweep, got .*\. Pass what sweep\(\) returned",
        ),
        (speedup.plot_speedup, None, "sweep must be a Sweep, got None"),
        (plots.plot_timeline, sweep(), r"run must be a Run, got .*\. Pass what measure\(\) return"),
        (plots.plot_parts, run(), "runs must be a list of Runs"),
        (plots.plot_parts, [], "runs must be a list with at least one Run"),
        (plots.plot_engines, [5], "runs must be a Run, got 5"),
        (plots.plot_engines, 5, "runs must be a list of Runs"),
        (speedup.plot_sweeps, {}, "sweeps must be a dict of name: Sweep"),
        (speedup.plot_sweeps, [sweep()], "sweeps must be a dict of name: Sweep"),
        (speedup.plot_sweeps, {"a": run()}, "sweeps must be a dict of name: Sweep"),
        (
            plots.plot_starts,
            {"thread": 1},
            r"profile must be a Profile, got .*machine\.profile\(\)",
        ),
        (plots.in_words, 5, "measured must be a Run, got 5"),
        (plots.print_in_words, None, "measured must be a Run, got None"),
    ],
)
def test_what_cannot_be_drawn_is_refused(function, wrong, match):
    with pytest.raises((TypeError, ValueError), match=match):
        function(wrong)


@pytest.mark.parametrize(
    ("spans", "title", "match"),
    [
        ([], "t", "spans must be a list with at least one"),
        ("abc", "t", "spans must be a list of"),
        (5, "t", "spans must be a list of"),
        ([("a", 1)], "t", "spans must be triples"),
        ([("a", "0", 1)], "t", "start must be a number"),
        ([("a", 2, 1)], "t", "end must be a number from 2"),
        ([("a", 0, 1)], 5, "title must be a str, got 5"),
    ],
)
def test_spans_that_are_none_are_refused(spans, title, match):
    with pytest.raises((TypeError, ValueError), match=match):
        plots.plot_spans(spans, title)


def test_a_refused_picture_leaves_no_figure_open():
    before = plt.get_fignums()
    with pytest.raises(TypeError):
        plots.plot_parts([5])
    assert plt.get_fignums() == before
