"""The loop that all stress tests share: run each case many times, and report what went wrong.

    StressTest -> its cases by name -> each case runs --times times -> a line per case, an exit code

A module of this package holds one stress test. `tools/stress/__main__.py` is the command.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass

from helpers.process_control import PythonProgram
from tools.stress.leftovers import Surroundings, wait_for_leftovers

_BUSY = """
from helpers.process_control import exit_with_parent
exit_with_parent()
while True:
    pass
"""

# Run the case once, as run number `number` (from 0) of `times`; return a line for each fault.
Case = Callable[[int, int], list[str]]


@dataclass(frozen=True)
class StressTest:
    """One subcommand of `python -m tools.stress`."""

    says: str  # what it tries, for --help
    times: int  # how many times each case runs, if --times is not given
    cases: Callable[[argparse.Namespace], AbstractContextManager[dict[str, Case]]]
    case_names: str  # what the names are that --only selects from, for --help
    together: int = 1  # how many cases run at the same time; 1 runs them in the main thread
    add_options: Callable[[argparse.ArgumentParser], None] | None = None  # options of its own
    checks_leftovers: bool = False  # whether nothing may be left when all cases have run


@contextmanager
def busy_cores() -> Iterator[None]:
    """Keep every core busy inside the with block, with one computing process per core."""
    with ExitStack() as stack:
        for _ in range(os.cpu_count() or 1):
            process = PythonProgram("-c", _BUSY, stdin=subprocess.PIPE)
            stack.enter_context(process)
            stack.callback(process.kill_tree)
        yield


def run_stress_test(test: StressTest, options: argparse.Namespace) -> int:
    """Run the selected cases and print a line for each; return 0 if there was no fault, else 1."""
    before = Surroundings.now()
    with ExitStack() as stack:
        if options.load:
            stack.enter_context(busy_cores())
        cases = stack.enter_context(test.cases(options))
        cases = {name: case for name, case in cases.items() if options.only in name}
        if not cases:
            print(f"--only {options.only}: it is in none of the names ({test.case_names}).")
            return 1
        bad = _run_cases(cases, options.times, test.together)
    print(f"{len(cases)} cases, {options.times} times each: {bad} with a fault.")
    left = wait_for_leftovers(before) if test.checks_leftovers else []
    if test.checks_leftovers:
        print(*(left or ["Nothing is left."]), sep="\n")
    return 1 if bad or left else 0


def _run_cases(cases: dict[str, Case], times: int, together: int) -> int:
    """Run each case `times` times, `together` cases at a time; return how many had a fault."""
    began, bad = time.monotonic(), 0
    with ThreadPoolExecutor(together) if together > 1 else contextlib.nullcontext() as threads:
        jobs = {name: _submit(threads, case, times) for name, case in cases.items()}
        for number, (name, faults_of) in enumerate(jobs.items(), 1):
            faults = faults_of()
            bad += bool(faults)
            took = time.monotonic() - began
            print(f"{number:3} of {len(cases)}  {took:6.0f} s  {name}", flush=True)
            for line, count in faults.items():
                print(f"      {count} of {times} times: {line}", flush=True)
    return bad


def _submit(threads: Executor | None, case: Case, times: int) -> Callable[[], Counter[str]]:
    """Start the case in a thread if there are threads; return what waits for its faults."""
    if threads is None:
        return lambda: _repeat(case, times)
    job: Future[Counter[str]] = threads.submit(_repeat, case, times)
    return job.result


def _repeat(case: Case, times: int) -> Counter[str]:
    """Run the case `times` times; return how many runs had each fault."""
    return Counter(line for number in range(times) for line in set(case(number, times)))
