"""Whether a program is given the same name each time, also by a machine that is busy.

    python -m tools.stress.runner --names [--repeats 3] [--load] [--only row_29]

Each program of tests/failures and of the museum runs again and again under each of its start
methods; with --load, as many other processes as there are cores do nothing but compute meanwhile.
No name may change.
"""

from __future__ import annotations

import contextlib
import importlib.util
from concurrent.futures import ThreadPoolExecutor

from helpers.diagnosis.match import diagnose
from tests.fixtures import Fixture, failing, right
from tools.stress.labs import busy_cores

TOGETHER = 4  # programs at a time: most of them wait
Job = tuple[Fixture, str]


def every(fixtures: list[Fixture]) -> list[Job]:
    """Each program that can run here, with each of its start methods."""
    here = [f for f in fixtures if not f.needs or importlib.util.find_spec(f.needs)]
    return [(fixture, method) for fixture in here for method in fixture.here]


def odd_name(job: Job) -> str:
    """A line, if the program got another name than it should have; else nothing."""
    fixture, method = job
    report = fixture.run(method)
    found = diagnose(report)
    name = found.name if found else "no name"
    if name == (fixture.name if fixture.row else "no name"):
        return ""
    return f"{fixture.path.name} {method}: {name}\n{report.describe()}\n{report.output[-1500:]}"


def repeat(repeats: int, *, load: bool, only: str) -> int:
    """Run them all that often; 0 if no name changed, else 1."""
    jobs = [job for job in every([*failing(), *right()]) if only in job[0].path.name]
    wrong = 0
    with busy_cores() if load else contextlib.nullcontext():
        for number in range(repeats):
            with ThreadPoolExecutor(TOGETHER) as threads:
                odd = [line for line in threads.map(odd_name, jobs) if line]
            wrong += len(odd)
            print(*odd, f"{number + 1}: {len(odd)} of {len(jobs)} odd", sep="\n", flush=True)
    return 1 if wrong else 0
