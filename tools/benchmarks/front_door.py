"""Measure how long a fresh clone takes to start: `python -m tools.benchmarks.front_door`.

    git clone -> course.py --no-browser: each line with its second -> JupyterLab answers (first)
              -> the same again, with everything installed           -> JupyterLab answers (second)

The clone holds what is committed. Run one round first that does not count: it fills the caches of
pip and uv. Run the benchmark on a machine that does nothing else; the load printed beside each
round tells you whether it did.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import monotonic, sleep

ROOT = Path(__file__).resolve().parents[2]
FIRST_TARGET, SECOND_TARGET = 20.0, 5.0  # seconds, on 2 cores with warm caches
LONGEST = 600.0  # seconds after which a start has failed
OURS = ("PATH", "HOME", "USER", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "APPDATA", "LOCALAPPDATA")
REACH = ("PIP_", "UV_", "SSL_", "REQUESTS_CA_BUNDLE", "HTTP", "http", "no_proxy", "NO_PROXY")


@dataclass
class Start:
    """One start of course.py: seconds until the answer, and until each line it printed."""

    seconds: float = 0.0
    lines: list[tuple[float, str]] = field(default_factory=list)


def clean_variables() -> dict[str, str]:
    """Return the variables of a person's terminal, and those that lead to the package index."""
    return {name: value for name, value in os.environ.items() if name.startswith((*OURS, *REACH))}


def start_once(folder: Path) -> Start:
    """Start the course in this folder until JupyterLab answers, end it, and return the times.

    Raise RuntimeError, with what it printed, if it ends or takes too long.
    """
    start, address = Start(), ""
    answered = threading.Event()
    began = monotonic()
    command = [sys.executable, str(folder / "course.py"), "--no-browser", "--port=0"]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=clean_variables() | {"PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )

    def follow() -> None:
        """Note each line with its second; the first address among them is JupyterLab's."""
        nonlocal address
        for line in process.stdout or ():
            start.lines.append((monotonic() - began, line.rstrip()))
            if "http://127.0.0.1:" in line and not address:
                address = line.strip().split("/lab")[0]
                answered.set()
        answered.set()  # it has ended, with an address or without

    reader = threading.Thread(target=follow, daemon=True)
    reader.start()
    try:
        answered.wait(LONGEST)
        if not address:
            told = "\n".join(line for _second, line in start.lines)
            raise RuntimeError(f"JupyterLab did not start. It said:\n{told}")
        ask(f"{address}/api", began + LONGEST)
        start.seconds = monotonic() - began
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        reader.join(5)
        if process.stdout is not None:
            process.stdout.close()
    return start


def ask(address: str, end: float) -> None:
    """Wait until this address answers; raise OSError if it does not before the moment `end`."""
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            if monotonic() > end:
                raise
            sleep(0.02)


def clone(target: Path) -> None:
    """Clone what is committed here, without a shortcut to the objects of this repository."""
    command = ["git", "clone", "--quiet", "--no-local", str(ROOT), str(target)]
    subprocess.run(command, check=True)


def spread(name: str, seconds: Sequence[float], target: float) -> str:
    """Return a line with the median, the range and whether the target holds."""
    middle = median(seconds)
    verdict = "holds" if middle <= target else "DOES NOT HOLD"
    rounds = f"{min(seconds):.1f} to {max(seconds):.1f} s in {len(seconds)} rounds"
    return f"{name}: median {middle:.1f} s ({rounds}; at most {target:g} s: {verdict})"


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out the command line; return 1 if a median is over its target."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.benchmarks.front_door", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--rounds", type=int, default=3, help="how many clones (3)")
    rounds = parser.parse_args(arguments).rounds
    if rounds < 1:
        parser.error(f"--rounds is {rounds}; pass a whole number from 1 on, such as 3")
    firsts: list[float] = []
    seconds: list[float] = []
    for number in range(1, rounds + 1):
        with tempfile.TemporaryDirectory() as folder:
            course = Path(folder, "course")
            clone(course)
            load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
            first, second = start_once(course), start_once(course)
        print(f"round {number}{load}: first {first.seconds:.1f} s, second {second.seconds:.1f} s")
        for second_of_line, line in first.lines:
            if line and not line.startswith(" ") and "http" not in line:
                print(f"  {second_of_line:6.1f} s  {line[:80]}")
        firsts.append(first.seconds)
        seconds.append(second.seconds)
    print(spread("first start", firsts, FIRST_TARGET))
    print(spread("second start", seconds, SECOND_TARGET))
    return int(median(firsts) > FIRST_TARGET or median(seconds) > SECOND_TARGET)


if __name__ == "__main__":
    sys.exit(main())
