"""Stands between course.py and a program, and ends everything that the program started.

    course.py --- standard input ---> keeper (this file) ---> program ---> kernels ---> workers

    python keeper.py MARK SECONDS WORD ...    run the program WORD ..., and return its exit code

The keeper runs in a session of its own, so neither a closed terminal nor Ctrl-C reaches it. When
its standard input is closed, on purpose or because course.py was killed, it asks the program to
end. After SECONDS it kills the program and everything that bears MARK. It does the second also when
the program ends by itself.
"""

import signal
import subprocess
import sys
import threading
from pathlib import Path

if __name__ == "__main__":
    # In place of this folder, and also where -P or PYTHONSAFEPATH leaves this folder out.
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import os

from helpers import process_control


def main(mark: str, seconds: float, command: list[str]) -> int:
    """Run the command until it ends or is no longer wanted; return its exit code."""
    process_control.die_together()  # Windows: everything below ends with this process
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        env={**os.environ, process_control.MARKS: process_control.with_mark(mark)},
        close_fds=False,  # an installer holds the environment's lock: see environment.alone()
        **process_control.in_own_group(),
    )
    stopper = threading.Thread(target=stop_when_unwanted, args=(process, mark, seconds))
    stopper.daemon = True  # it still listens when the program ends by itself
    stopper.start()
    for number in (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        signal.signal(number, lambda *_: process.terminate())
    code = process.wait()
    process_control.kill_tree(mark)
    return code if code >= 0 else 128 - code


def stop_when_unwanted(process: subprocess.Popen, mark: str, seconds: float) -> None:
    """Wait for the end of standard input, then end the program and what it started."""
    while os.read(0, 100):
        pass
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process_control.kill_tree(mark, [process.pid])
        process.kill()  # a system that shows no other process


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], float(sys.argv[2]), sys.argv[3:]))
