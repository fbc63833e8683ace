"""The keeper: a process between course.py and a program that ends all that the program starts.

    course.py --- standard input ---> keeper (this file) ---> program ---> kernels ---> workers

    python keeper.py MARK SECONDS WORD ...    run the program WORD ..., and return its exit code

The keeper runs in its own session, so neither a closed terminal nor Ctrl-C reaches it. When
its standard input is closed, on purpose or because course.py was killed, it asks the program to
end. After SECONDS it kills the program, everything that has MARK, and (on Linux) every process
below it, except for a browser. It also kills what is left when the program ends by itself. Then it
removes the folder that COURSE_TEMPORARY names: what was killed can't remove its own. If the keeper
is killed, too, JupyterLab notices: see server.py.
"""

import contextlib
import shutil
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
from tools.launcher.open_browser import APART

TEMPORARY = "COURSE_TEMPORARY"  # the variable that names the folder to remove at the end
KEEPER_ID = "COURSE_KEEPER"  # the variable that tells the program this process's id


def main(mark: str, seconds: float, command: list[str]) -> int:
    """Run the command until it ends or is no longer wanted; return its exit code."""
    process_control.use_job_object()  # Windows: everything below ends with this process
    temporary = os.environ.pop(TEMPORARY, "")  # a keeper below this one must not remove it
    process_control.adopt_orphans()  # Linux: a daemon without the mark comes to this process
    told = {process_control.MARKS: process_control.with_mark(mark), KEEPER_ID: str(os.getpid())}
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        env=os.environ | told,
        close_fds=False,  # an installer holds the environment's lock: see environment_lock()
        **process_control.in_own_group(),
    )
    ended = threading.Event()
    stopper = threading.Thread(target=stop_when_unwanted, args=(process, mark, seconds, ended))
    stopper.daemon = True  # it still listens when the program ends by itself
    stopper.start()
    for number in (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        signal.signal(number, lambda *_: ask_to_end(process))
    code = process_control.wait_for_child(process)
    ended.set()
    process_control.kill_with_adopted(mark, APART)
    if temporary:
        shutil.rmtree(temporary, ignore_errors=True)
    return code if code >= 0 else 128 - code


def stop_when_unwanted(
    process: subprocess.Popen, mark: str, seconds: float, ended: threading.Event
) -> None:
    """Wait for the end of standard input, then end the program and what it started."""
    while os.read(0, 100):
        pass
    if not ended.is_set():
        ask_to_end(process)
    if not ended.wait(seconds):
        process_control.kill_tree(mark, [process.pid])
        with contextlib.suppress(OSError):  # a system that shows no other process
            os.kill(process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))


def ask_to_end(process: subprocess.Popen) -> None:
    """Ask the program to end; its own method would also wait for it: see wait_for_child()."""
    with contextlib.suppress(OSError):
        os.kill(process.pid, signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], float(sys.argv[2]), sys.argv[3:]))
