"""Each limit of the bounded runner has its own verdict, and nothing is left after any of them."""

from __future__ import annotations

import functools
import multiprocessing
import os
import sys

import psutil
import pytest

from helpers.runner import deadlock, operating_system, run
from helpers.runner.limits import Limits
from helpers.runner.run import run_safely
from tests.running_processes import METHODS, Trap

pytestmark = pytest.mark.usefixtures("quiet")
LONG = 30  # seconds that no program here needs
# One is enough in the plain test command; all of them with --all.
EACH = [pytest.param(m, marks=[] if m == METHODS[-1] else pytest.mark.slow) for m in METHODS]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows this")


@pytest.fixture
def program(tmp_path):
    """Return a function that writes a program and returns its path."""

    def write(text: str):
        file = tmp_path / "program.py"
        file.write_text(text, encoding="utf-8")
        return file

    return write


@pytest.fixture
def ended_when_still(monkeypatch):
    """End a program soon after all of its processes are blocked."""
    monkeypatch.setenv("COURSE_RUN_STILL", "0.5")


def test_every_kind_of_limit_has_its_words():
    kinds = [
        "time",
        "output",
        "memory",
        "processes",
        "depth",
        "starts",
        "still",
        "watcher",
        "abandoned",
    ]
    assert len({Limits().words(kind) for kind in kinds}) == len(kinds)


STARTS = """
import subprocess, sys
for _ in range(40):  # no more, if the runner does not stop it
    subprocess.run([sys.executable, "-c", "pass"])
"""


@pytest.mark.processes
def test_a_program_that_starts_too_many_processes_one_after_the_other_is_stopped(
    program, monkeypatch
):
    monkeypatch.setattr(run, "Limits", functools.partial(Limits, starts=8))
    report = run_safely(program(STARTS), limit=LONG)
    assert report.verdict == "stopped: it started more than 8 processes"


THREE_OF_THREE = """
import multiprocessing, sys

def more(depth):
    if depth == 4:  # 121 processes, if the runner does not stop them
        return
    context = multiprocessing.get_context(sys.argv[1])
    children = [context.Process(target=more, args=(depth + 1,)) for _ in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join()

if __name__ == "__main__":
    more(0)
"""


@pytest.mark.processes
@pytest.mark.parametrize("method", EACH)
def test_children_that_each_make_three_are_stopped(program, method):
    report = run_safely(program(THREE_OF_THREE), method, limit=LONG, processes=10)
    assert report.verdict == "stopped: more than 10 of its processes lived at once"


WAITS = """
import multiprocessing, sys

if __name__ == "__main__":
    queue = multiprocessing.get_context(sys.argv[1]).Queue()
    child = multiprocessing.get_context(sys.argv[1]).Process(target=queue.get)
    child.start()
    child.join()
"""


@pytest.mark.processes
@LINUX
@pytest.mark.parametrize("method", EACH)
def test_a_program_in_which_nobody_can_go_on_is_known_long_before_its_limit(
    program, method, ended_when_still
):
    report = run_safely(program(WAITS), method, limit=LONG)
    assert report.verdict == "stopped: all of its processes wait, and none of them can wake another"
    assert report.still is True


SLEEPS = "import time; time.sleep(1.5)"
WAITS_WITH_A_LIMIT = """
import threading
threading.Event().wait(1.5)
"""
IS_WOKEN = """
import signal
signal.signal(signal.SIGALRM, lambda number, frame: None)
signal.alarm(2)
signal.pause()
"""
HEARS_FROM_OUTSIDE = """
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as line:
    line.sendall(b"here")
    line.recv(1)
"""


READS_A_CLOCK = """
import ctypes, os
library = ctypes.CDLL(None)
clock = library.timerfd_create(1, 0)
library.timerfd_settime(clock, 0, (ctypes.c_long * 4)(0, 0, 1, 500_000_000), None)
os.read(clock, 8)
"""


@pytest.mark.processes
@LINUX
@pytest.mark.parametrize("text", [SLEEPS, WAITS_WITH_A_LIMIT, IS_WOKEN, READS_A_CLOCK])
def test_a_program_that_will_go_on_is_not_ended_for_standing_still(program, text, ended_when_still):
    report = run_safely(program(text), limit=LONG)
    assert (report.verdict, report.still) == ("ended", None if report.still is None else False)


@pytest.mark.processes
@LINUX
def test_a_program_that_waits_for_the_network_may_be_woken(program, ended_when_still):
    with Trap() as trap:
        report = run_safely(program(HEARS_FROM_OUTSIDE), trap.address[1], limit=2)
    assert (report.stop, report.still) == ("time", False)


@LINUX
def test_who_runs_does_not_stand_still():
    assert deadlock.can_be_seen(os.getpid())
    assert deadlock.look_at([os.getpid()]) is None
    assert not deadlock.waits_for_threads_lock(os.getpid())


ESCAPES = """
import os, socket, sys, threading
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        line = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
        line.sendall(b"here")
        line.recv(1)
    os._exit(0)
os.wait()
threading.Event().wait()
"""


@pytest.mark.processes
@pytest.mark.skipif(not hasattr(os, "setsid"), reason="this system has no sessions")
def test_who_has_just_ended_is_looked_at_without_an_error():
    child = multiprocessing.get_context("spawn").Process(target=print)
    child.start()
    pid = child.pid
    child.join()
    assert deadlock.look_at([pid]) is None
    assert not deadlock.may_be_woken([pid])
    assert operating_system._running_thread(pid) == 0


CRIES = """
import multiprocessing

def work(reader):
    reader.recv()

if __name__ == "__main__":
    reader, writer = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.Process(target=work, args=(reader,))
    child.start()
    reader.close()
    child.join()
"""


@pytest.mark.processes
@pytest.mark.parametrize("method", METHODS)
def test_what_a_process_says_because_it_is_ended_does_not_count(program, method):
    report = run_safely(program(CRIES), limit=5, still=0.3, method=method)
    assert (report.exit_code, report.output) == (None, "")


@pytest.mark.processes
def test_who_left_its_session_ends_with_a_program_that_hangs(program):
    with Trap() as trap:
        report = run_safely(program(ESCAPES), trap.address[1], limit=2)
        assert report.stop == "time"
        trap.catch(1)
        assert trap.all_gone(limit=2)


DIES = """
import multiprocessing, os, sys, threading

def work(inside):
    inside.set()
    threading.Event().wait()

if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    inside = context.Event()
    context.Process(target=work, args=(inside,), name="the child").start()
    inside.wait()
    os._exit(0)
"""


@pytest.mark.processes
@pytest.mark.parametrize("method", EACH)
def test_only_the_child_is_left_behind_and_no_servant_of_multiprocessing(program, method):
    report = run_safely(program(DIES), method, limit=LONG)
    assert report.left == ("the child",)


SERVER_NEVER_ENDS = """
import multiprocessing, os, signal
from multiprocessing.forkserver import _forkserver
if __name__ == "__main__":
    child = multiprocessing.get_context("forkserver").Process(target=print, args=("hello",))
    child.start()
    child.join()
    os.kill(_forkserver._forkserver_pid, signal.SIGSTOP)
"""


@pytest.mark.slow
@pytest.mark.skipif("forkserver" not in METHODS, reason="this system has no fork server")
def test_a_fork_server_that_does_not_end_is_ended_and_not_called_left_behind(program):
    report = run_safely(program(SERVER_NEVER_ENDS), limit=LONG)
    assert (report.verdict, report.output) == ("ended", "hello\n")


KILLS_ITS_TRACKER = """
import os, signal
from multiprocessing.shared_memory import SharedMemory
memory = SharedMemory(create=True, size=100)
print(memory.name, flush=True)
os.killpg(0, signal.SIGKILL)
"""


@pytest.mark.processes
@LINUX
def test_shared_memory_that_nobody_can_give_back_any_more_is_told_and_removed(program):
    report = run_safely(program(KILLS_ITS_TRACKER), limit=LONG)
    name = f"/{report.output.strip()}"
    assert report.shared == (name,)
    assert operating_system.shared_left({name}, since=0) == []


HANGS = "import threading; threading.Event().wait()"


@pytest.mark.processes
@pytest.mark.skipif("spawn" not in METHODS, reason="this system can't spawn")
def test_semaphores_of_other_programs_are_spared(program):
    context = multiprocessing.get_context("spawn")
    lock = context.Lock()
    run_safely(program(HANGS), limit=0.5)
    child = context.Process(target=bool, args=(lock,))  # begins by the lock's name
    child.start()
    child.join()
    assert child.exitcode == 0


@pytest.mark.processes
def test_nothing_that_was_seen_lives_afterwards(program):
    report = run_safely(program(THREE_OF_THREE), METHODS[0], limit=LONG, processes=6)
    ids = {member.pid for member in report.members}
    assert not [pid for pid in ids if psutil.pid_exists(pid)]


@pytest.mark.processes
@LINUX
def test_who_asks_for_it_need_not_wait_for_a_program_in_which_nobody_can_go_on(program):
    report = run_safely(
        program("import threading; threading.Event().wait()"), limit=LONG, still=0.5
    )
    assert (report.stop, report.reason) == ("still", Limits().words("still"))
