"""Stress test of the bounded runner: it must end programs that hang, crash and multiply.

The cases are the programs that fail, and some that are as hard to stop as possible. No run may
take 2 s more than its limit. In the end no process, zombie, shared memory, semaphore or file may be
left.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from helpers.runner.run import run_safely
from tests.known_programs import failing
from tools.stress.repeat import Case, StressTest

GRACE = 2.0  # seconds that a run may take longer than its limit

# Programs that are as hard to stop as a program can be; they run among those that fail.
WORST = {
    "busy": "while True: pass",
    "writes forever": "while True: print('x' * 1000)",
    "takes memory": "import time\nkept = [b'x' * 20_000_000 for _ in range(150)]\ntime.sleep(20)",
    # This ends by itself after a few hundred processes, in case the runner fails to stop it.
    "three to the n": (
        "import multiprocessing, sys\n"
        "def more(depth):\n"
        "    for _ in range(3 if depth < 5 else 0):\n"
        "        context = multiprocessing.get_context(sys.argv[1])\n"
        "        context.Process(target=more, args=(depth + 1,)).start()\n"
        "if __name__ == '__main__':\n"
        "    more(0)\n"
    ),
    "forks again and again": (
        "import os, time\nfor _ in range(8):\n    os.fork()\n    time.sleep(0.01)\ntime.sleep(20)\n"
    ),
    "leaves its session": (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        time.sleep(600)\n"
        "    os._exit(0)\n"
        "os.wait()\n"
    ),
    "ignores signals": (
        "import signal, time\n"
        "for number in (signal.SIGTERM, signal.SIGINT):\n"
        "    signal.signal(number, signal.SIG_IGN)\n"
        "time.sleep(600)\n"
    ),
    "crashes": "import ctypes\nctypes.string_at(0)",
}


@contextmanager
def cases(options: argparse.Namespace) -> Iterator[dict[str, Case]]:
    """Yield every program to run; those that are hard to stop are in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        yield {
            _name(program, Path(folder)): partial(_too_long, program, options.limit)
            for program in _programs(Path(folder))
        }


def _name(program: Path, folder: Path) -> str:
    """Return the program's name, with its folder if that is not the temporary one."""
    return program.name if program.parent == folder else f"{program.parent.name}/{program.name}"


def _programs(folder: Path) -> list[Path]:
    """Write the programs that are hard to stop to the folder; return them mixed with the others."""
    worst = []
    for name, text in WORST.items():
        if ("fork" in text or "setsid" in text) and not hasattr(os, "fork"):
            continue
        worst.append(folder / f"{name.replace(' ', '_')}.py")
        worst[-1].write_text(text, encoding="utf-8")
    all_failing = [known.path for known in failing()]
    distance = max(1, len(all_failing) // len(worst))
    for place, program in enumerate(worst):
        all_failing.insert(place * (distance + 1), program)
    return all_failing


def _too_long(program: Path, limit: float, number: int, _times: int) -> list[str]:
    """Run the program once, under the next start method; return a line if it took too long."""
    methods = multiprocessing.get_all_start_methods()
    method = methods[number % len(methods)]
    began = time.monotonic()
    run_safely(program, method, limit=limit, method=method)
    over = time.monotonic() - began - limit
    return [f"with {method}, it took {over:.1f} s more than its limit"] if over > GRACE else []


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--limit", type=float, default=1.0, help="seconds for each program (1)")


STRESS_TEST = StressTest(
    says="Check that the bounded runner ends every program in time and leaves nothing behind",
    times=3,
    cases=cases,
    case_names="folder/program.py",
    add_options=_add_options,
    checks_leftovers=True,
)
