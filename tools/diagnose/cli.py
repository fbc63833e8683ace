"""`course.py diagnose`, in the course's environment: run the program, print what it showed.

    caller's variables and umask -> a run, or one for each start method -> text, picture, exit code

course.py starts this in the caller's folder with the caller's variables. The program gets these;
what this process and the runner need is taken out or added here.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil

from helpers.diagnosis.match import diagnose
from helpers.runner.limits import Limits
from helpers.runner.report import Report
from helpers.runner.run import AsCalled, SafeRun
from tools.diagnose.comparison import compare
from tools.diagnose.report_text import failed, text_of
from tools.launcher.diagnose_arguments import METHODS, Wanted, read_arguments
from tools.launcher.paths import OTHER_PYTHON, Problem, forget_output, say, variables
from tools.launcher.stopping import Stopped, stopping_by_signals

NOTHING, FAILED, NOT_RUN = 0, 1, 2  # exit codes
_STILL = 3.0  # seconds of deadlock after which the run is stopped
_LOOK = 0.1  # seconds between looks at a run
_QUIET = 2.0  # seconds without a line that says how long it takes
_MOST_PROCESSES = 256  # alive at once
_OUTPUT = 20_000_000  # bytes
_MEMORY_SHARE = 0.9  # of this machine's memory


def main(umask: int, arguments: Sequence[str]) -> int:
    """Carry out the command line; return the exit code that `diagnose --help` explains."""
    called_with = {name: value for name, value in os.environ.items() if name not in OTHER_PYTHON}
    use_own_variables()
    code = NOT_RUN
    try:
        with stopping_by_signals():
            code = _carry_out(read_arguments(arguments), called_with, umask)
    except Problem as problem:
        say(str(problem))
    except Stopped as stopped:
        code = stopped.exit_code
        with contextlib.suppress(BrokenPipeError):
            say("\nStopped. Nothing of the program is still running.")
    except BrokenPipeError:  # what reads this, such as `head`, has seen enough
        forget_output()
    except (OSError, RuntimeError) as error:
        say(f"The program could not be run: {error}")
    return code


def use_own_variables() -> None:
    """Keep the caller's variables for the program away from this process and its supervisor."""
    own = variables()
    os.environ.clear()
    os.environ.update(own)
    os.environ["MPLBACKEND"] = "agg"  # it draws into files only


def _carry_out(wanted: Wanted, called_with: dict[str, str], umask: int) -> int:
    for line in announcement(wanted):
        say(line)
    as_called = AsCalled(wanted.program, called_with, umask, records_state=wanted.compare)
    if wanted.compare:
        have = [one for one in METHODS if one in multiprocessing.get_all_start_methods()]
        reports = {method: run_once(wanted, as_called, method) for method in have}
        failures, lines = compare(reports)
        for line in lines:
            say(line)
        return FAILED if failures else NOTHING
    return _one_run(wanted, as_called)


def _one_run(wanted: Wanted, as_called: AsCalled) -> int:
    report = run_once(wanted, as_called, wanted.method)
    if report.stop == "watcher":
        raise RuntimeError(f"{report.reason}.")
    found = diagnose(report)
    for line in text_of(report, found):
        say(line)
    if wanted.picture:
        if as_called.umask >= 0:  # the picture is the caller's, like what the program writes
            os.umask(as_called.umask)
        say(f"\n{draw(report, wanted.picture)}")
    return FAILED if failed(report, found) else NOTHING


def announcement(wanted: Wanted) -> Iterator[str]:
    """Yield what is going to be done with the program, before it is run."""
    default = multiprocessing.get_all_start_methods()[0]
    words = " ".join([wanted.program, *wanted.arguments])
    if wanted.compare:
        how = "each that this system has, one run after the other"
    elif wanted.method:
        how = f"{wanted.method}, unless the program chooses another one"
    else:
        how = f"the program's own choice, or {default}, which is Python's default here"
    each = "each run" if wanted.compare else "the run"
    yield f"Running {words}"
    yield "  It runs for real: what it does to files, databases and the network happens."
    yield f"  Python        {platform.python_version()} of the course, {sys.executable}"
    yield f"  start method  {how}"
    yield f"  limit         {each} is stopped after {wanted.limit:g} s, with all its processes"
    yield f"  folder        {Path.cwd()}"
    yield "  input         none: input() finds the end of the file at once"
    yield "  to stop it    Ctrl-C"


def run_once(wanted: Wanted, as_called: AsCalled, method: str) -> Report:
    """Run the program once, say now and then how long it has been running; return the Report."""
    limits = Limits(
        seconds=wanted.limit,
        output=_OUTPUT,
        memory=int(_MEMORY_SHARE * psutil.virtual_memory().total),
        processes=_MOST_PROCESSES,
        still=_STILL,
    )
    program = Path(wanted.program).absolute()
    progress = Progress(wanted.limit, method)
    with SafeRun(program, wanted.arguments, limits, method, as_called) as run:
        while not run.is_done():
            time.sleep(_LOOK)  # the thread that waits for the evidence gives no event
            progress.tell(run.seconds)
        progress.clear()
        return run.report()


class Progress:
    """A line on a terminal that says how long a run has taken so far, written over itself."""

    def __init__(self, limit: float, method: str) -> None:
        self._under = f" under {method}" if method else ""
        self._limit = limit
        self._shown = ""

    def tell(self, seconds: float) -> None:
        """Write the line, after a while, if standard output is a terminal."""
        words = f"running{self._under} for {seconds:.0f} s, of at most {self._limit:g} s"
        if seconds > _QUIET and words != self._shown and sys.stdout.isatty():
            sys.stdout.write(f"\r{words.ljust(len(self._shown))}")
            sys.stdout.flush()
            self._shown = words

    def clear(self) -> None:
        """Write blanks over the line."""
        if self._shown:
            sys.stdout.write(f"\r{' ' * len(self._shown)}\r")
            sys.stdout.flush()


def draw(report: Report, name: str) -> str:
    """Draw who waits for whom into the file; return what to tell about it."""
    from helpers.plots.wait_graph import plot_waits, wait_arrows  # matplotlib loads slowly

    if not wait_arrows(report):
        return f"{name} was not drawn: no process of this run waits for another one."
    try:
        plot_waits(report).figure.savefig(name, bbox_inches="tight", dpi=150)
    except OSError as error:
        return f"{name} could not be written: {error.strerror or error}. Try another folder."
    return f"The picture of who waits for whom is in {name}."


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
