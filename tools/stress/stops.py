"""Stops every widget's and every comparison's work again and again, and counts what is left.

    python -m tools.stress.stops [--times 100] [--load] [--only compare]

Each work runs once to its end, which says how long it takes. Then it is stopped so many times, at
moments that are spread evenly over that time, from the first instant on. After each stop there may
be no process that bears the mark of this run, descends from it or was forked from it, no named
semaphore and no shared memory. The exit code says whether that was so.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from functools import partial

from helpers.diagnosis.museum import visit_all
from helpers.engines.pool import Stopped
from helpers.measure.channels import measure_channels
from helpers.measure.chunking import in_turns
from helpers.measure.libraries import compare
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
from helpers.widgets.base import Running
from helpers.workers.compute import count_primes
from tests.quiet import interrupt_main_thread
from tools.pytest_leftovers.modules import Before
from tools.stress.labs import busy_cores

LONGEST = 8.0  # seconds into a work, after which it is not stopped any more
PATIENCE = 30.0  # seconds in which a stopped work must have come to its end
TASKS = [range(1, 20_000)] * 16

Work = Callable[[float], None]  # runs for so many seconds, then is stopped


def works() -> dict[str, Callable[[], Work]]:
    """Return what can be stopped, by name; a call makes it ready, and lets it run once."""
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
        f"compare {tool}": partial(compare, tools=(tool,), rounds=1)
        for tool in TOOLS
        if not why_missing(tool)
    }
    comparisons |= {
        "compare all": partial(compare, rounds=1),
        "sweep": partial(sweep, count_primes, TASKS, rounds=1),
        "measure elsewhere": partial(measure, count_primes, TASKS, python=sys.executable),
        "scale": partial(scale, count_primes, TASKS, serial=(0,), workers=(2,), rounds=1),
        "in turns": partial(in_turns, count_primes, {"one by one": (TASKS, 1)}, rounds=1),
    }
    found = {name: partial(_of_widget, make) for name, make in widgets.items()}
    found |= {name: partial(_of_call, call) for name, call in comparisons.items()}
    return found | {"museum": partial(_of_interrupted, partial(visit_all, ["two_orders"]))}


def _channel_explorer() -> ChannelExplorer:
    """A channel explorer that has run once, with many messages: it makes no first run itself."""
    widget = ChannelExplorer(measure_channels(("pipe",), (1_000,)))
    widget.count.value = widget.count.options[-1]
    widget.run_first()
    return widget


def _of_widget(make: Callable[[], Running]) -> Work:
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


def stop_often(name: str, ready: Callable[[], Work], times: int, mark: str) -> int:
    """Stop that work so many times, and print a line; return how many times something was left."""
    began = time.monotonic()
    run = ready()
    took = min(LONGEST, time.monotonic() - began)
    bad = 0
    for turn in range(times):
        before = Before.look(mark)
        try:
            run(took * turn / times)
            left = before.left_behind()
        except TimeoutError as error:
            left = [str(error), *before.left_behind()]
        bad += bool(left)
        for line in left:
            print(f"      stopped after {took * turn / times:.2f} s: {line}", flush=True)
    print(f"{name}: left something after {bad} of {times} stops in {took:.1f} s", flush=True)
    return bad


def main() -> int:
    """The command; its exit code is 0 if nothing was left."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.stress.stops", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--times", type=int, default=100, help="stops of each work")
    parser.add_argument("--load", action="store_true", help="while all cores are busy")
    parser.add_argument("--only", default="", help="works with this in their names")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background ignores it
    chosen = {name: ready for name, ready in works().items() if options.only in name}
    with busy_cores() if options.load else contextlib.nullcontext():
        mark = new_mark()  # after the busy processes were started: they go on
        os.environ[MARKS] = with_mark(mark)
        bad = sum(stop_often(name, ready, options.times, mark) for name, ready in chosen.items())
    print(f"{len(chosen)} works, {options.times} stops each: {bad} left something.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
