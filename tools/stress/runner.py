"""Runs the bounded runner again and again on programs that hang, crash and multiply.

    python -m tools.stress.runner [--runs 200] [--limit 1]
    python -m tools.stress.runner --names [--repeats 3] [--load] [--only pool_worker]

Afterwards no process, zombie, shared memory, semaphore or file may be left, and no run may have
taken 2 s more than its limit; the exit code says so. tools/stress/diagnosis.py explains `--names`.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from helpers.runner.platform import short_folder
from helpers.runner.run import FOLDERS, run_safely
from tests.fixtures import failing
from tools.stress.diagnosis import repeat

SHARED = Path("/dev/shm")
GRACE = 2.0  # seconds that a run may take longer than its limit
PATIENCE = 5.0  # seconds in which what other programs use may go away

# Beside the programs that show failures: some that do their worst.
WORST = {
    "busy": "while True: pass",
    "writes for ever": "while True: print('x' * 1000)",
    "takes memory": "import time\nkept = [b'x' * 20_000_000 for _ in range(150)]\ntime.sleep(20)",
    # These end by themselves after some hundred processes, should the runner fail to stop them.
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


@dataclass(frozen=True)
class Surroundings:
    """What is there besides the programs: to be the same before and after."""

    processes: frozenset[int]
    shared: frozenset[str]
    files: frozenset[str]

    @classmethod
    def now(cls) -> Surroundings:
        """Everything below this process, and the names where things could be left."""
        below = psutil.Process().children(recursive=True)
        mine = f"{FOLDERS}{os.getpid():x}_"
        folders = {short_folder(), tempfile.gettempdir()}
        return cls(
            processes=frozenset(process.pid for process in below),
            shared=frozenset(_names(SHARED, ("psm_", "sem.mp-"))),
            files=frozenset(name for folder in folders for name in _names(Path(folder), (mine,))),
        )

    def left_since(self, before: Surroundings) -> list[str]:
        """A line for each kind of thing that is there now and was not before."""
        kinds: dict[str, Callable[[Surroundings], frozenset]] = {
            "processes or zombies": lambda one: one.processes,
            "shared memory or semaphores": lambda one: one.shared,
            "temporary folders": lambda one: one.files,
        }
        new = {kind: look(self) - look(before) for kind, look in kinds.items()}
        return [f"{kind}: {sorted(found)}" for kind, found in new.items() if found]


def programs(folder: Path) -> list[Path]:
    """Every program that fails, and those that do their worst, written to the folder."""
    worst = []
    for name, text in WORST.items():
        if ("fork" in text or "setsid" in text) and not hasattr(os, "fork"):
            continue
        worst.append(folder / f"{name.replace(' ', '_')}.py")
        worst[-1].write_text(text, encoding="utf-8")
    all_failing = [fixture.path for fixture in failing()]
    every = max(1, len(all_failing) // (2 * len(worst)))
    mixed = []
    for place, program in enumerate(all_failing):
        mixed.append(program)
        if place % every == 0:
            mixed.append(worst[place // every % len(worst)])
    return mixed


def soak(runs: int, limit: float) -> int:
    """Run them all in turn; 0 if nothing was left and none took too long, else 1."""
    methods = multiprocessing.get_all_start_methods()
    verdicts: Counter[str] = Counter()
    longest = 0.0
    with tempfile.TemporaryDirectory() as folder:
        every = programs(Path(folder))
        before = Surroundings.now()
        for number in range(runs):
            program = every[number % len(every)]
            began = time.monotonic()
            method = methods[number % len(methods)]
            report = run_safely(program, method, limit=limit, method=method)
            over = time.monotonic() - began - limit
            longest = max(longest, over)
            verdicts[report.stop or "ended by itself"] += 1
            if over > GRACE:
                print(f"{program.name} took {over:.1f} s too long")
        left = what_stays(before)
    told = ", ".join(f"{kind} {count}" for kind, count in verdicts.most_common())
    print(f"{runs} runs: {told}. Longest time after the limit: {longest:.2f} s.")
    print(*(left or ["Nothing is left."]), sep="\n")
    return 1 if left or longest > GRACE else 0


def what_stays(before: Surroundings) -> list[str]:
    """What is left after some seconds: others on this machine share its memory's names."""
    until = time.monotonic() + PATIENCE
    while (left := Surroundings.now().left_since(before)) and time.monotonic() < until:
        time.sleep(0.1)  # no event tells that somebody else is done
    return left


def _names(folder: Path, beginnings: tuple[str, ...]) -> list[str]:
    if not folder.is_dir():
        return []
    return [path.name for path in folder.iterdir() if path.name.startswith(beginnings)]


def main() -> int:
    """The command; its exit code is 0 if nothing was left."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.stress.runner", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--limit", type=float, default=1.0, help="seconds for each program")
    parser.add_argument("--names", action="store_true", help="whether any name changes, instead")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--load", action="store_true", help="while all cores are busy")
    parser.add_argument("--only", default="", help="programs with this in their names")
    options = parser.parse_args()
    if options.names:
        os.environ.setdefault("COURSE_RUN_STILL", "0.6")
        return repeat(options.repeats, load=options.load, only=options.only)
    return soak(options.runs, options.limit)


if __name__ == "__main__":
    sys.exit(main())
