"""Stress test of stopping: a widget or comparison that is stopped must leave nothing behind.

Each workload runs once to its end, which tells how long it takes. Then it is stopped at moments
that are spread evenly over that time, starting with the first instant. After each stop there must
be no process that has the mark of this run, descends from it or was forked from it, no named
semaphore and no shared memory.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from helpers.diagnosis.museum import visit_all
from helpers.engines.pool import Stopped
from helpers.measure.channels import measure_channels
from helpers.measure.chunking import measure_cuts
from helpers.measure.libraries import compare_libraries
from helpers.measure.library_adapters import TOOLS, why_missing
from helpers.measure.scaling import scale
from helpers.measure.sweeps import measure, sweep
from helpers.process_control import MARKS, new_mark, with_mark
from helpers.widgets import (
    BreakEvenCalculator,
    ChannelExplorer,
    ClusterExplorer,
    DecompositionExplorer,
    DistributionExplorer,
    Explorer,
    PipelineExplorer,
)
from helpers.widgets.base import RunWidget
from helpers.workers.compute import count_primes
from tests.running_processes import interrupt_main_thread
from tools.pytest_leftovers.modules import Before
from tools.stress.repeat import Case, StressTest

LONGEST = 8.0  # seconds into a run; a longer workload is not stopped later than this
PATIENCE = 30.0  # seconds in which a stopped workload must end
TASKS = [range(1, 20_000)] * 16

Work = Callable[[float], None]  # let it run for that many seconds, then stop it


def workloads() -> dict[str, Callable[[], Work]]:
    """Return by name what can be stopped; calling a value runs it once and returns its `Work`."""
    widgets = {
        "break-even calculator": BreakEvenCalculator,
        "channel explorer": _channel_explorer,
        "cluster explorer": ClusterExplorer,
        "decomposition explorer": DecompositionExplorer,
        "distribution explorer": DistributionExplorer,
        "explorer": partial(Explorer, "primes"),
        "pipeline explorer": PipelineExplorer,
    }
    comparisons = {
        f"compare {tool}": partial(compare_libraries, tools=(tool,), rounds=1)
        for tool in TOOLS
        if not why_missing(tool)
    }
    comparisons |= {
        "compare all": partial(compare_libraries, rounds=1),
        "sweep": partial(sweep, count_primes, TASKS, rounds=1),
        "measure elsewhere": partial(measure, count_primes, TASKS, python=sys.executable),
        "scale": partial(scale, count_primes, TASKS, serial=(0,), workers=(2,), rounds=1),
        "in turns": partial(measure_cuts, count_primes, {"one by one": (TASKS, 1)}, rounds=1),
    }
    found = {name: partial(_of_widget, make) for name, make in widgets.items()}
    found |= {name: partial(_of_call, call) for name, call in comparisons.items()}
    return found | {"museum": partial(_of_interrupted, partial(visit_all, ["two_orders"]))}


def _channel_explorer() -> ChannelExplorer:
    """Return a channel explorer that has run once; unlike the others it makes no first run."""
    widget = ChannelExplorer(measure_channels(("pipe",), (1_000,)))
    widget.count.value = widget.count.options[-1]
    widget.run_first()
    return widget


def _of_widget(make: Callable[[], RunWidget]) -> Work:
    widget = make()

    def run(seconds: float) -> None:
        widget.start()
        widget.wait(seconds)
        widget.stop()
        if not widget.wait(PATIENCE):
            raise TimeoutError(f"it still runs {PATIENCE:g} s after Stop")

    return run


def _of_call(call: Callable[..., object]) -> Work:
    call()

    def run(seconds: float) -> None:
        stop = threading.Event()
        timer = threading.Timer(seconds, stop.set)
        timer.start()
        with contextlib.suppress(Stopped):
            call(stop=stop)
        timer.cancel()

    return run


def _of_interrupted(call: Callable[[], object]) -> Work:
    call()

    def run(seconds: float) -> None:
        timer = threading.Timer(seconds, interrupt_main_thread)
        with contextlib.suppress(KeyboardInterrupt):
            timer.start()
            call()
            timer.cancel()
            timer.join()  # an interrupt that is on its way comes before this is left

    return run


def _stop_once(mark: str, ready: Callable[[], Work]) -> Case:
    """Return a case that stops the workload at one moment of its run and looks for leftovers.

    The first call also runs the workload once to its end, which tells how long it takes.
    """
    prepared: list[tuple[Work, float]] = []

    def stop_once(number: int, times: int) -> list[str]:
        if not prepared:
            began = time.monotonic()
            run = ready()
            prepared.append((run, min(LONGEST, time.monotonic() - began)))
        run, took = prepared[0]
        moment = took * number / times
        before = Before.look(mark)
        try:
            run(moment)
            left = before.left_behind()
        except TimeoutError as error:
            left = [str(error), *before.left_behind()]
        return [f"stopped after {moment:.2f} s: {line}" for line in left]

    return stop_once


@contextmanager
def cases(_options: argparse.Namespace) -> Iterator[dict[str, Case]]:
    """Yield every workload that can be stopped, in a process whose children have a new mark."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background ignores it
    mark = new_mark()  # the processes of --load were started before, so they don't have it
    os.environ[MARKS] = with_mark(mark)
    yield {name: _stop_once(mark, ready) for name, ready in workloads().items()}


STRESS_TEST = StressTest(
    says="Stop every widget and every comparison at many moments, and look for what is left",
    times=100,
    cases=cases,
    case_names="the workload's name, such as 'compare'",
)
