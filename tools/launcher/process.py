"""Start programs for the launcher: in its place, below it, or watched by keeper.py."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from helpers.process_control import in_own_group, kill_tree, new_mark
from tools.launcher.paths import OTHER_PYTHON, ROOT, WINDOWS, variables, venv_python

KEEPER_PROGRAM = Path(__file__).with_name("keeper.py")
ENDING = 6.0  # seconds in which a keeper has killed what did not end when it was asked to
PATIENCE = 4.0  # seconds for JupyterLab to shut its kernels down


def become(venv: Path, arguments: Sequence[str]) -> int:
    """Become the environment's Python; on Windows, run it and return its exit code."""
    if WINDOWS:  # os.exec there starts another process, and the terminal does not wait for it
        return run_through(venv, arguments)
    sys.stdout.flush()
    os.chdir(ROOT)
    command = [str(venv_python(venv)), *arguments]
    return os.execve(command[0], command, variables(venv))


def become_for_caller(venv: Path, arguments: Sequence[str]) -> int:
    """Become the environment's Python in the caller's folder, with the caller's variables.

    This is for a tool that runs a program of the caller's own. The tool itself ignores variables
    that are for Python (-I), and finds the course by a file in the environment.
    """
    command = [str(venv_python(venv)), "-I", *arguments]
    given = {name: value for name, value in os.environ.items() if name not in OTHER_PYTHON}
    sys.stdout.flush()
    if WINDOWS:
        return wait_through(subprocess.Popen(command, env=given))
    return os.execve(command[0], command, given)


def run_through(venv: Path, arguments: Sequence[str]) -> int:
    """Run it and return its exit code. Ctrl-C reaches it, too, and it decides what to do."""
    command = [str(venv_python(venv)), *arguments]
    return wait_through(subprocess.Popen(command, cwd=ROOT, env=variables(venv)))


def wait_through(process: subprocess.Popen) -> int:
    """Wait for a program that gets Ctrl-C, too, and decides what to do; return its exit code."""
    while True:
        with contextlib.suppress(KeyboardInterrupt):
            return process.wait()


class KeptProgram(subprocess.Popen):
    """A program that ends, with everything it started, when this process ends or calls `end`.

    The process that this object stands for is the keeper: see keeper.py.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        python: str = sys.executable,  # of the keeper
        patience: float = 0.0,  # seconds between asking the program to end and killing it
        **options: object,
    ) -> None:
        self.mark, self.patience = new_mark(), patience
        super().__init__(
            [python, "-I", str(KEEPER_PROGRAM), self.mark, str(patience), *command],
            stdin=subprocess.PIPE,
            env=environment,
            cwd=ROOT,
            close_fds=False,  # it holds the environment's lock, too: see environment_lock()
            **in_own_group(),
            **options,
        )

    def ask_to_end(self) -> None:
        """Ask the keeper to end everything; return at once."""
        with contextlib.suppress(OSError):
            self.stdin.close()

    def end(self) -> None:
        """End everything, and return when that is done."""
        self.ask_to_end()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(self.patience + ENDING)
        if self.returncode not in range(256):  # the keeper was killed, or does not answer
            kill_tree(self.mark, [self.pid] if self.returncode is None else [])
            self.kill()
            self.wait()


def run_until_stopped(venv: Path, arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run the environment's Python until it ends or this process is told to end.

    Return its exit code; 0 after Ctrl-C, and 128 and the signal's number after another signal. When
    this returns, nothing that it started is left.
    """
    with stop_signals() as stopped:
        program = KeptProgram(
            [str(venv_python(venv)), *arguments],
            environment,
            python=str(venv_python(venv)),  # it may have psutil, which macOS needs
            patience=PATIENCE,
        )
        try:
            stopped.wait_for(program)
        finally:
            program.end()
    if stopped.number == signal.SIGINT:
        return 0
    return 128 + stopped.number if stopped.number else program.returncode


class StopSignals:
    """What the signals that end course.py do while a kept program runs."""

    def __init__(self) -> None:
        self.number = 0  # of the first signal that arrived
        self._program: KeptProgram | None = None

    def arrived(self, number: int, _frame: object) -> None:
        """Note a signal, and ask the program to end. Raise nothing: it may arrive anywhere."""
        if not self.number:
            self.number = number
            self._pass_on()

    def wait_for(self, program: KeptProgram) -> None:
        """Wait until the program has ended, or has had enough time to end after a signal."""
        self._program = program
        if self.number:
            self._pass_on()
        program.wait()

    def _pass_on(self) -> None:
        if self._program:
            self._program.ask_to_end()
            timer = threading.Timer(self._program.patience + ENDING, self._program.kill)
            timer.daemon = True
            timer.start()


@contextlib.contextmanager
def stop_signals() -> Iterator[StopSignals]:
    """Note Ctrl-C, a closed terminal and a request to end inside the `with` block."""
    stopped, before = StopSignals(), {}
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is None or (name == "SIGHUP" and signal.getsignal(number) == signal.SIG_IGN):
            continue  # nohup asks to go on without a terminal
        before[number] = signal.signal(number, stopped.arrived)
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
