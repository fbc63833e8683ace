"""The runs of `test --all`: on every Python and with every start method of this machine.

this Python: everything; then each Python and each start method once -> a line each, one exit code
"""

import multiprocessing
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tools.launcher.environment import environment
from tools.launcher.paths import ROOT, VENV, Problem, say
from tools.launcher.process import run_through
from tools.launcher.pythons import Python, all_pythons, same, this_python

INTERRUPTED = (2, 130, -2)  # Ctrl-C, as pytest, a shell and a signal say it
FORKSERVER_BY_DEFAULT = 14  # the minor version from which on that is worth a run of its own


class Run(NamedTuple):
    """One run of the tests."""

    python: Python
    method: str  # the start method, or "" for that Python's default
    options: list[str]

    @property
    def name(self) -> str:
        """Return the run's name in the report."""
        return f"Python {self.python.version} with {self.method or 'its default start method'}"


def venv_for(python: Python) -> Path:
    """Return where the environment of this Python belongs."""
    return VENV if same(python.exe, this_python().exe) else ROOT / f".venv-{python.version}"


def plan(options: Sequence[str]) -> Iterator[Run]:
    """Yield everything here, then plain runs until each Python and start method had its turn."""
    here = this_python()
    yield Run(here, "", [*options])
    plain = [option for option in options if option != "--all"]
    _default, *methods = multiprocessing.get_all_start_methods()
    for python in all_pythons():
        if python.version != here.version:
            late = python.minor >= FORKSERVER_BY_DEFAULT
            method = methods.pop(0) if methods and not late else ""
            yield Run(python, method, plain)
    for method in methods:
        yield Run(here, method, plain)


def test_everywhere(options: Sequence[str]) -> int:
    """Do all runs and print the result of each; return 1 if one failed, else 0."""
    runs, results = list(plan(options)), list[str]()
    for number, run in enumerate(runs, 1):
        say(f"\n=== {number} of {len(runs)}: {run.name} ===\n")
        try:
            venv = environment(venv_for(run.python), run.python)
        except Problem as problem:
            say(str(problem))
            results.append("not run, for want of an environment")
            continue
        method = ["--start-method", run.method] if run.method else []
        code = run_through(venv, ["-m", "tools.test", *run.options, *method])
        if code in INTERRUPTED:
            return code
        results.append("FAILED" if code else "passed")
    say("")
    for run, result in zip(runs, results, strict=True):
        say(f"{run.name}: {result}")
    passed, failed = results.count("passed"), results.count("FAILED")
    say(f"\nRuns: {passed} passed, {failed} failed, {len(runs) - passed - failed} not possible.")
    return 1 if failed else 0
