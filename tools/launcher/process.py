"""How the launcher starts the environment's Python."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.launcher.paths import ROOT, WINDOWS, variables, venv_python


def become(venv: Path, arguments: Sequence[str]) -> int:
    """Become the environment's Python; on Windows, run it and return its exit code."""
    if WINDOWS:  # os.exec there starts another process, and the terminal does not wait for it
        return run_through(venv, arguments)
    sys.stdout.flush()
    os.chdir(ROOT)
    command = [str(venv_python(venv)), *arguments]
    return os.execve(command[0], command, variables(venv))


def run_through(venv: Path, arguments: Sequence[str]) -> int:
    """Return the exit code of a run. Ctrl-C reaches it, too, and it is the one that answers."""
    command = [str(venv_python(venv)), *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env=variables(venv))
    while True:
        with contextlib.suppress(KeyboardInterrupt):
            return process.wait()
