"""One shape for every refusal, and every public function of helpers refuses what it can't use.

`REFUSED` has a bad call or more of each; a new public function without one fails this test. The
tests of the single modules have the finer points.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import pkgutil
from collections.abc import Callable
from pathlib import Path

import pytest

import helpers
from helpers import at_import, claims, local_servers, magics, validation, widgets
from helpers.checks import check, hints, judge_file
from helpers.checks.grade import points
from helpers.diagnosis import blocking, match, start_methods
from helpers.engines import executors, pool, records
from helpers.measure import channels, interpreter, machine, pipeline, sweeps, transports
from helpers.measure import pipeline as flow
from helpers.plots import channels as channel_plots
from helpers.plots import pipeline as flow_plots
from helpers.plots import runs, speedup
from helpers.progress import labs as progress
from helpers.progress import outline, store
from helpers.rendezvous import meeting, stepping
from helpers.runner import process_tree, run
from helpers.workers import compute, lab_03, lab_04, workloads
from tests import odd_workers

pytestmark = pytest.mark.usefixtures("quiet", "own_notes")
double = odd_workers.double
SHAPE = r"(?s)^.+ must be .+, got .+\. \w.*\.$"


def awaited(worker: object, tasks: object) -> None:
    asyncio.run(sweeps.measure_async(worker, tasks))


def opened(names: object) -> None:
    with transports.open_lines(names, 16, executors.context("processes")):
        pass


def checked(worker: object) -> None:
    pool.check_worker(worker, leaves_this_process=True)


def held(path: object) -> None:
    with store.alone(path):
        pass


def none_produce(producers: object) -> None:
    widgets.PipelineExplorer(producers=producers)


REFUSED: dict[str, list[tuple[Callable, tuple]]] = {
    "workers.count_primes": [(compute.count_primes, (10,))],
    "workers.sample_pi": [(compute.sample_pi, (10,))],
    "workers.mandelbrot_row": [(compute.mandelbrot_row, ("row",))],
    "workers.count_words": [(compute.count_words, (5,))],
    "workers.blur_image": [(compute.blur_image, (b"",))],
    "workers.count_queens": [(compute.count_queens, (8,))],
    "workers.hash_buffer": [(compute.hash_buffer, (b"buffer",))],
    "workers.wait": [(compute.wait, ("1",))],
    "workers.fetch": [(compute.fetch, ("http://example.org",))],
    "workers.fetch_async": [(lambda url: asyncio.run(compute.fetch_async(url)), (5,))],
    "workloads.workload": [(workloads.workload, ("work",)), (workloads.workload, (5,))],
    "workloads.grey_picture": [(workloads.grey_picture, (0, 5))],
    "workloads.primes_between": [(workloads.primes_between, (5, 1))],
    "records.amdahl": [(records.amdahl, (0, 0.5)), (records.amdahl, (2, "0"))],
    "records.serial_fraction": [(records.serial_fraction, (5,)), (records.serial_fraction, ([5],))],
    "loopback.LoopbackServer": [(local_servers.LoopbackServer, (-1,))],
    "trees.descendants": [(process_tree.descendants, ("1",))],
    "trees.is_alive": [(process_tree.is_alive, (1,))],
    "trees.state": [(process_tree.state, (None,))],
    "trees.state_after_end": [(process_tree.state_after_end, (None,))],
    "trees.is_tracker": [(process_tree.is_tracker, (1,))],
    "trees.end_tree": [(process_tree.end_tree, (0,))],
    "trees.end_all": [(process_tree.end_all, (5,))],
    "jobs.do_job": [(meeting.do_job, (["a", "b"],))],
    "jobs.Meeting": [(meeting.Meeting, (0, 1)), (meeting.Meeting, (1, 1, {"sort": "sleeps"}))],
    "jobs.report": [(meeting.report, (5,))],
    "turns.take_turns": [(stepping.take_turns, (5,))],
    "turns.conduct": [(stepping.conduct, (5, 1.0)), (stepping.conduct, ([5], 1.0))],
    "pages.count_word": [(lab_03.count_word, (5, "word")), (lab_03.count_word, ("page", None))],
    "pages.send_count": [(lab_03.send_count, ("page", "word", []))],
    "darkroom.develop": [(lab_04.develop, (None,))],
    "notes.read": [(store.read, (5,))],
    "notes.keep": [(store.keep, ("a", "b", object())), (store.keep, (1, "b", 1))],
    "notes.change": [(store.change, ("a", "b", 5)), (store.change, (1, "b", str))],
    "alone.alone": [(held, ("lock",))],
    "labs.known_lab": [(outline.known_lab, ("99",)), (outline.known_lab, (1,))],
    "labs.lesson_of": [(outline.lesson_of, ("99",))],
    "labs.requirements": [(outline.requirements, ("../notes",))],
    "labs.put_aside": [(outline.put_aside, ("work_01.py",))],
    "labs.free_name": [(outline.free_name, ("work_01.py",))],
    "progress.record_try": [
        (progress.record_try, ("1", {"a": "ok"}, "")),
        (progress.record_try, ("01", ["ok"], "")),
        (progress.record_try, ("01", {5: "ok"}, "")),
        (progress.record_try, ("01", {}, "")),
        (progress.record_try, ("01", {"a": "fine"}, "")),
        (progress.record_try, ("01", {"a": ["ok"]}, "")),
        (progress.record_try, ("01", {"a": "ok"}, b"")),
    ],
    "progress.record_hint": [
        (progress.record_hint, (1, "a", 1)),
        (progress.record_hint, ("01", None, 1)),
        (progress.record_hint, ("01", "a", 4)),
        (progress.record_hint, ("01", "a", "1")),
    ],
    "progress.record_solution_opened": [(progress.record_solution_opened, (None,))],
    "progress.can_be_kept": [(progress.can_be_kept, ("99",))],
    "progress.lab_progress": [(progress.lab_progress, (["01"],))],
    "at_import.process_starts": [(at_import.process_starts, (b"x = 1",))],
    "engines.why_missing": [(executors.why_missing, ("process",))],
    "engines.starts_processes": [(executors.starts_processes, (5,))],
    "engines.executor": [(executors.executor, ("process",)), (executors.executor, ("threads", 0))],
    "engines.context": [(executors.context, ("threads",))],
    "pools.check_worker": [(checked, (5,)), (checked, (lambda task: task,))],
    "pools.check_tasks": [(pool.check_tasks, (5,)), (pool.check_tasks, ([],))],
    "pools.WarmPool": [(pool.WarmPool, ("process", 2)), (pool.WarmPool, ("spawn", 0))],
    "pools.measure_here": [(pool.measure_here, (double, [])), (pool.measure_here, (5, [1]))],
    "pools.check_counts": [(pool.check_counts, (0, 1)), (pool.check_counts, (1, "1"))],
    "pools.check_hooks": [(pool.check_hooks, (5, None)), (pool.check_hooks, (None, 5))],
    "elsewhere.OtherInterpreter": [(interpreter.OtherInterpreter, (5,))],
    "measure.measure": [(sweeps.measure, (double, [])), (sweeps.measure, (double, [1], "x"))],
    "measure.sweep": [(sweeps.sweep, (double, [])), (sweeps.sweep, (None, [1]))],
    "measure.measure_async": [(awaited, (double, [1])), (awaited, (odd_workers.double_async, []))],
    "machine.profile": [(machine.profile, (0,))],
    "runner.run_safely": [(run.run_safely, (5,)), (run.run_safely, ("no_such.py",))],
    "runner.SafeRun": [(run.SafeRun, (5,)), (run.SafeRun, ("no_such.py",))],
    "runner.show_source": [(run.show_source, (None,))],
    "diagnosis.diagnose": [(match.diagnose, (5,))],
    "lens.under_every_method": [
        (start_methods.under_every_method, (5,)),
        (start_methods.under_every_method, ("nothing.py",)),
    ],
    "waits.what_each_waits_for": [(blocking.what_each_waits_for, (5,))],
    "flow.flow_in_words": [(flow.flow_in_words, (5,))],
    "pipeline.run_pipeline": [(pipeline.run_pipeline, (0,)), (pipeline.run_pipeline, (1, "1"))],
    "flow_plots.plot_flow": [(flow_plots.plot_flow, (5,))],
    "flow_plots.plot_lengths": [(flow_plots.plot_lengths, ({},)), (flow_plots.plot_lengths, (5,))],
    "claims.claim": [(claims.claim, ("P99", True)), (claims.claim, ("P1", 1))],
    "plots.plot_speedup": [(speedup.plot_speedup, (5,))],
    "plots.plot_timeline": [(runs.plot_timeline, (5,))],
    "plots.timeline_rows": [(runs.timeline_rows, (5,))],
    "plots.plot_spans": [(runs.plot_spans, ([], "title"))],
    "plots.parts_of": [(runs.parts_of, (5,))],
    "plots.plot_parts": [(runs.plot_parts, ([],))],
    "plots.plot_engines": [(runs.plot_engines, ([5],))],
    "plots.plot_sweeps": [(speedup.plot_sweeps, ({},))],
    "plots.plot_starts": [(runs.plot_starts, (5,))],
    "plots.in_words": [(runs.in_words, (5,))],
    "plots.say": [(runs.say, (5,))],
    "lines.open_lines": [(opened, ("pigeon",))],
    "channels.measure_channels": [
        (channels.measure_channels, (5,)),
        (channels.measure_channels, (("pigeon",),)),
        (channels.measure_channels, (("pipe",), (0,))),
    ],
    "channels.measure_one": [
        (channels.measure_one, (("pigeon", 16, 1),)),
        (channels.measure_one, (("pipe", 0, 1),)),
        (channels.measure_one, (("pipe", 16, 0),)),
    ],
    "channels.in_bytes": [(channels.in_bytes, ("16",))],
    "channels.in_seconds": [(channels.in_seconds, ("1",))],
    "channel_plots.plot_channels": [(channel_plots.plot_channels, (5,))],
    "channel_plots.add_points": [(channel_plots.add_points, (None, [5]))],
    "channel_plots.channels_in_words": [(channel_plots.channels_in_words, (5,))],
    "checks.check": [(check, ("99",))],
    "checks.judge_file": [
        (judge_file, ("99", Path("x"))),
        (judge_file, ("01", "x")),
        (judge_file, ("01", Path("x"), ("thread",))),
    ],
    "checks.help.hint": [(hints.hint, ("99",)), (hints.hint, (1,))],
    "checks.help.solution": [(hints.solution, ("1",)), (hints.solution, (None,))],
    "checks.help.reset": [(hints.reset, ("",)), (hints.reset, (["01"],))],
    "checks.grade.points": [(points, ("99",)), (points, (1,))],
    "widgets.explorer.Explorer": [(widgets.Explorer, ("work",))],
    "widgets.pipeline_explorer.PipelineExplorer": [(none_produce, (0,))],
    "widgets.channel_explorer.ChannelExplorer": [(widgets.ChannelExplorer, (5,))],
    "widgets.progress_bar.ProgressBar": [(widgets.ProgressBar, (5,))],
    "widgets.predictions.Prediction": [(widgets.Prediction, (5, "How many?"))],
    "widgets.predictions.predict": [(widgets.predict, ("name", 5))],
    "widgets.predictions.compare": [(widgets.compare, ("name", "fast"))],
    "widgets.predictions.Placement": [(widgets.Placement, ("name", {}, ("x",)))],
    "magics.write_module": [(magics.write_module, ("json", "")), (magics.write_module, (5, ""))],
    "magics.notebook_name": [(magics.notebook_name, ("00_start_here.ipynb",))],
}

# What takes nothing, or anything, or only what our own code makes for it.
REFUSES_NOTHING = {
    "workers.do_nothing": "takes any task",
    "claims.tell": "prints anything",
    "jobs.parent_joins": "called by the Lifecycle",
    "course_map.CourseMap": "made by show_progress()",
    "magics.ModuleMagics": "made by IPython",
    "magics.load_ipython_extension": "called by IPython",
    "luggage.sum_array": "runs in the workers of every tool, and is timed",
    "luggage.tally_alone": "runs in a child of lesson 08",
    "luggage.tally_together": "runs in a child of lesson 08",
    "clusters.DaskExecutor": "made by executor()",
    "compared.step": "runs in the interpreter that compare() starts",
    "widgets.exhibit.keep_choice": "called by an Exhibit",
    "widgets.bench.Bench": "takes what a widget of ours gives it",
    "widgets.bench.as_png": "takes a Figure of ours",
    "widgets.comparing.Comparing": "takes what a widget of ours gives it",
    "widgets.running.Picture": "as the Image of ipywidgets",
    "pools.run_of": "takes what a WarmPool made",
    "pools.module_of": "anything lives somewhere",
    "engines.SerialExecutor": "made by executor()",
    "engines.ProcessExecutor": "made by executor()",
}
# Run in child processes by our own code, or by a lesson that shows them.
WHOLE_MODULES = {
    "survivors",
    "sightings",
    "stillness",
    "guard",
    "watch",
    "gather",
    "limits",
    "stacks",
    "reports",
    "evidence",
    "losses",
    "circumstances",
    "symptoms",
    "children",
    "isolation",
    "pool_work",
    "stages",
    "settings",
    "tables",
    "talkers",
    "beyond",
    "rivals",
    "nightly",
    "stopwatch",
    "on_the_line",
    "serve",
    "refusals",
    "checks.drive",
    "checks.lifecycle",
    "told",
}


def public() -> list[str]:
    """Every public function and class of helpers, but those that only hold data or are raised."""
    found = []
    for info in pkgutil.walk_packages(helpers.__path__, "helpers."):
        module = info.name.removeprefix("helpers.")
        if module.startswith("programs") or module in WHOLE_MODULES:
            continue
        for name, value in vars(importlib.import_module(info.name)).items():
            own = getattr(value, "__module__", None) == info.name and not name.startswith("_")
            if own and (inspect.isfunction(value) or inspect.isclass(value)) and _takes(value):
                found.append(f"{module}.{name}")
    return found


def _takes(value: object) -> bool:
    data = hasattr(value, "__dataclass_fields__") or hasattr(value, "_fields")  # a NamedTuple
    raised = inspect.isclass(value) and issubclass(value, Exception)
    lab = value.__module__.startswith("helpers.checks.")  # for those who write a lab's check
    lab = lab and value.__module__.rpartition(".")[2] not in ("help", "grade")
    return not (data or raised or lab) and bool(inspect.signature(value).parameters)


class Nonsense:
    """What nobody can use."""

    def __repr__(self) -> str:
        return "nonsense"


def call_with_nonsense(function: Callable) -> None:
    """Call it with nonsense for each argument that it needs; for its first, if it needs none."""
    parameters = list(inspect.signature(function).parameters.values())
    required = [p for p in parameters if p.default is inspect.Parameter.empty] or parameters[:1]
    named = {p.name: Nonsense() for p in required if p.kind is inspect.Parameter.KEYWORD_ONLY}
    function(*[Nonsense()] * (len(required) - len(named)), **named)


def test_no_exception_is_made_for_what_is_not_there():
    assert set(REFUSED) | set(REFUSES_NOTHING) <= set(public())


@pytest.mark.parametrize("name", sorted(set(public()) - set(REFUSED) - set(REFUSES_NOTHING)))
def test_nonsense_is_refused_in_one_shape(name):
    module, _, function_name = name.rpartition(".")
    function = getattr(importlib.import_module(f"helpers.{module}"), function_name)
    with pytest.raises((TypeError, ValueError), match=SHAPE):
        call_with_nonsense(function)


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_used_is_refused_in_one_shape(name):
    for function, arguments in REFUSED[name]:
        with pytest.raises((TypeError, ValueError), match=SHAPE):
            function(*arguments)


# --- the shape itself -----------------------------------------------------------------------------


def test_a_refusal_says_what_was_given_what_is_allowed_and_what_to_do():
    text = validation.message("workers", 0, "1 to 61", "Pass workers=2.")
    assert text == "workers must be 1 to 61, got 0. Pass workers=2."


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1.5, "1.5"),
        ("two", "'two'"),
        (None, "None"),
        (True, "True"),
        ([1, 2], "[1, 2] (list)"),
        (b"x", "b'x' (bytes)"),
    ],
)
def test_a_value_is_shown_with_its_type_where_the_value_does_not_tell(value, text):
    assert validation.shown(value) == text


def test_a_value_that_cannot_be_printed_is_shown_by_its_type():
    class Unprintable:
        def __repr__(self) -> str:
            raise RuntimeError("no")

    assert "Unprintable" in validation.shown(Unprintable())
    assert "int" in validation.shown(10**5_000)  # Python refuses to print that many digits


@pytest.mark.parametrize("value", ["x" * 10**6, list(range(10**6)), b"x" * 10**6, {1: "y" * 999}])
def test_a_large_value_is_cut(value):
    text = validation.shown(value)
    assert len(text) < 80
    assert "..." in text
    assert "\n" not in text


def test_a_value_of_several_lines_is_shown_on_one():
    class Table:
        def __repr__(self) -> str:
            return "a b\n1 2"

    assert validation.shown(Table()) == "a b 1 2 (Table)"


@pytest.mark.parametrize("value", [1, 5, 10])
def test_a_whole_number_in_the_range_is_given_back(value):
    assert validation.whole_number("n", value, 1, 10, "Pass 5.") is value


@pytest.mark.parametrize(
    ("value", "kind"), [(0, ValueError), (11, ValueError), (5.0, TypeError), (True, TypeError)]
)
def test_a_wrong_value_and_a_wrong_type_are_told_apart(value, kind):
    with pytest.raises(kind, match=r"n must be a whole number from 1 to 10, got .+\. Pass 5\."):
        validation.whole_number("n", value, 1, 10, "Pass 5.")


def test_a_number_is_given_back_as_a_float():
    assert validation.number("n", 2, 0, 5, "Pass 1.") == 2.0
    assert isinstance(validation.number("n", 2, 0, 5, "Pass 1."), float)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -0.1, 5.1])
def test_a_number_outside_is_refused(value):
    with pytest.raises(ValueError, match=r"n must be a number from 0 to 5, got .+\. Pass 1\."):
        validation.number("n", value, 0, 5, "Pass 1.")


def test_a_word_is_one_of_those_allowed():
    assert validation.one_of("word", "b", ("a", "b"), "Pick one.") == "b"
    with pytest.raises(ValueError, match=r"word must be one of a, b, got 'c'\. Pick one\."):
        validation.one_of("word", "c", ("a", "b"), "Pick one.")
    with pytest.raises(TypeError, match=r"word must be one of a, b, got 5\. Pick one\."):
        validation.one_of("word", 5, ("a", "b"), "Pick one.")
