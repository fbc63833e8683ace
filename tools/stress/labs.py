"""Asks whether the labs' checks say the same thing every time, on a machine that is busy.

    python -m tools.stress.labs [--repeats 50] [--lab 01] [--kind Right] [--together 2] [--idle]

Every known answer is checked again and again while a process for each core computes beside it. A
line is printed for each answer whose verdicts are not those that its first line says, or that
changed; the exit code says whether there was one.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from helpers.checks import judge_file
from helpers.checks.trial import LABS
from helpers.process_control import PythonProgram
from tools.stress.lab_answers import answers, misjudged, says

_BUSY = """
from helpers.process_control import end_with_parent
end_with_parent()
while True:
    pass
"""


@contextmanager
def busy_cores() -> Iterator[None]:
    """As many processes as there are cores, each of which computes until this is left."""
    with ExitStack() as stack:
        for _ in range(os.cpu_count() or 1):
            process = PythonProgram("-c", _BUSY, stdin=subprocess.PIPE)
            stack.enter_context(process)
            stack.callback(process.end)
        yield


def changes(file: Path, repeats: int) -> list[str]:
    """Lines on what is wrong with the verdicts on that answer, and whether they changed."""
    seen: Counter[tuple[str, ...]] = Counter()
    wrong: Counter[str] = Counter()
    for _ in range(repeats):
        found = judge_file(file.parent.name[:2], file)
        seen[tuple(f"{verdict.state} {verdict.name}" for verdict in found)] += 1
        wrong.update(misjudged(file, found))
    lines = [f"{count} of {repeats} times: {line}" for line, count in wrong.items()]
    if len(seen) > 1:
        lines.append(f"{file.name}: {len(seen)} different verdicts: {seen.most_common()}")
    return lines


def steady(files: list[Path], repeats: int, together: int) -> int:
    """Check them all; 0 if every verdict was right every time, else 1."""
    began, failed = time.monotonic(), 0
    with ThreadPoolExecutor(together) as threads:
        jobs = {file: threads.submit(changes, file, repeats) for file in files}
        for number, (file, job) in enumerate(jobs.items(), 1):
            lines = job.result()
            failed += bool(lines)
            took = time.monotonic() - began
            name = f"{file.parent.name}/{file.name}"
            print(f"{number:3} of {len(files)}  {took:6.0f} s  {name}", flush=True)
            for line in lines:
                print(f"      {line}", flush=True)
    print(f"{len(files)} answers, {repeats} times each: {failed} changed or misjudged.")
    return 1 if failed else 0


def main() -> int:
    """The command; its exit code is 0 if nothing changed."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.stress.labs", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--repeats", type=int, default=50)
    parser.add_argument("--lab", choices=LABS, help="only this lab")
    parser.add_argument("--kind", default="", help="only answers that begin so, such as Right")
    parser.add_argument("--together", type=int, default=2, help="checks at a time")
    parser.add_argument("--idle", action="store_true", help="with no process beside it")
    options = parser.parse_args()
    labs = [options.lab] if options.lab else LABS
    files = [file for lab in labs for file in answers(lab) if says(file).startswith(options.kind)]
    with ExitStack() as stack:
        if not options.idle:
            stack.enter_context(busy_cores())
        return steady(files, options.repeats, options.together)


if __name__ == "__main__":
    sys.exit(main())
