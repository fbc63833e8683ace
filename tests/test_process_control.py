"""Programs of the course have a mark, and end together with all of their descendants."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import psutil
import pytest

from helpers import process_control
from helpers.engines.pool import Stopped
from helpers.measure.interpreter import OtherInterpreter
from helpers.process_control import MARKS, PythonProgram
from tests import odd_workers
from tests.running_processes import SOON, alive_after
from tools.pytest_leftovers.shared_memory import SHARED, shared_memory, unused_by_others

pytestmark = [pytest.mark.usefixtures("quiet"), pytest.mark.processes]
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system can't fork")


@pytest.fixture
def mark(monkeypatch):
    """Yield a mark that every program that the test starts has."""
    new = process_control.new_mark()
    monkeypatch.setenv(MARKS, process_control.with_mark(new))
    yield new
    process_control.kill_tree(new)


def left(mark: str, limit: float = 3.0) -> list[str]:
    """Return the command lines of the processes that still have the mark after `limit` seconds."""
    processes = []
    for pid in process_control.find_marked(mark):
        try:
            processes.append(psutil.Process(pid))
        except psutil.Error:
            continue
    return [" ".join(one.cmdline()) for one in alive_after(limit, processes)]


def semaphores() -> set[str]:
    """Return the named semaphores and shared memory that no living process uses."""
    return set(unused_by_others(shared_memory(), set()))


@needs_fork
@pytest.mark.parametrize("again", range(3))
def test_a_stop_ends_a_pool_that_replaces_its_workers(mark, again):
    stop = threading.Event()
    with pytest.raises(Stopped), OtherInterpreter() as other:
        other.load_call(odd_workers.keep_a_pool_replacing)
        other.go()
        other.result(lambda done, total: stop.set() if done > 5 else None, stop)
    assert left(mark) == []


REPLACES = """
from helpers.measure.interpreter import OtherInterpreter
from tests import odd_workers

with OtherInterpreter() as other:
    other.load_call(odd_workers.keep_a_pool_replacing)
    other.go()
    other.result(lambda done, total: print(done, flush=True))
"""


@needs_fork
def test_the_death_of_its_parent_ends_a_pool_that_replaces_its_workers(mark):
    with PythonProgram("-c", REPLACES, stdout=subprocess.PIPE, text=True) as parent:
        while int(parent.stdout.readline()) < 5:
            pass
        parent.kill()
    assert left(mark) == []


# --- what belongs to a tree -----------------------------------------------------------------------

# A line that one system call writes: three processes write to one pipe, and with PYTHONUNBUFFERED
# set, print() makes two calls, one for the text and one for the end of the line.
SAY = "import os, time; os.write(1, b'1\\n'); time.sleep(600)"
# One child has an empty environment. The child of another is adopted, and has its own group.
TREE = f"""
import os, subprocess, sys, time
code = r'''
import os, subprocess, sys, time
kept = {{name: value for name, value in os.environ.items() if name == "SYSTEMROOT"}}
subprocess.Popen([sys.executable, "-c", {SAY!r}], env=kept)
time.sleep(600)
'''
adopted = r'''
import subprocess, sys
subprocess.Popen([sys.executable, "-c", {SAY!r}], start_new_session=True)
'''
subprocess.Popen([sys.executable, "-c", code])
subprocess.run([sys.executable, "-c", adopted])
os.write(1, b"1\\n")  # the one in between has ended
time.sleep(600)
"""


def test_the_adopted_and_those_without_a_mark_belong_to_it():
    with PythonProgram("-c", TREE, stdout=subprocess.PIPE, text=True) as program:
        assert [program.stdout.readline() for _ in range(3)] == ["1\n"] * 3
        tree = process_control.find_tree(program.mark, [program.pid])
        assert len(tree) == 4
        assert len(process_control.find_marked(program.mark)) == 3
        program.kill_tree()
    assert not any(map(process_control.is_alive, tree))
    assert program.returncode not in (0, None)


def test_the_mark_of_the_outer_program_finds_the_inner_one():
    code = textwrap.dedent(
        """
        import sys
        from helpers.process_control import PythonProgram
        PythonProgram("-c", "import time; print(1, flush=True); time.sleep(600)").wait()
        """
    )
    with PythonProgram("-c", code, stdout=subprocess.PIPE, text=True) as outer:
        outer.stdout.readline()
        assert len(process_control.find_marked(outer.mark)) == 2
        outer.kill_tree()
        assert process_control.find_marked(outer.mark) == []


def test_what_it_was_not_asked_for_goes_on():
    code = "import sys; print(1, flush=True); sys.stdin.read()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with PythonProgram("-c", code, **pipes) as one, PythonProgram("-c", code, **pipes) as other:
        other.stdout.readline()
        one.kill_tree()
        assert other.poll() is None
        other.stdin.close()
        assert other.wait(SOON) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="the system shows no threads")
def test_a_process_stands_still_when_each_of_its_threads_does(monkeypatch):
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    first = str(os.getpid())
    try:
        monkeypatch.setattr(
            process_control, "_state", lambda one: "T" if one.name == first else "R"
        )
        assert not process_control._is_stopped(os.getpid())
        monkeypatch.setattr(process_control, "_state", lambda one: "T")
        assert process_control._is_stopped(os.getpid())
    finally:
        over.set()
        thread.join()


# --- what it leaves -------------------------------------------------------------------------------

HOLDS = """
import multiprocessing, sys, time
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory

if __name__ == "__main__":
    if sys.argv[1] == "untold":  # as if it were ended before it can tell the tracker
        resource_tracker.register = resource_tracker._resource_tracker.register = lambda *_: None
    context = multiprocessing.get_context("spawn")
    locks = [context.Lock() for _ in range(20)]
    memory = SharedMemory(create=True, size=16)
    children = [context.Process(target=time.sleep, args=(600,)) for _ in range(2)]
    for child in children:
        child.start()
    print(memory.name.lstrip("/"), *("sem." + one._semlock.name.lstrip("/") for one in locks),
          flush=True)
    time.sleep(600)
"""


@pytest.mark.skipif(not SHARED.is_dir(), reason="this system does not show its shared memory")
@pytest.mark.parametrize("kind", ["told", "untold"])
def test_semaphores_and_shared_memory_are_given_back(tmp_path, kind):
    file = tmp_path / "holds.py"
    file.write_text(HOLDS, encoding="utf-8")
    with PythonProgram(str(file), kind, stdout=subprocess.PIPE, text=True) as program:
        names = set(program.stdout.readline().split())
        assert len(names) == 21
        assert names <= set(shared_memory())
        program.kill_tree()
    assert not names & set(shared_memory())


def test_an_interrupt_waits_until_all_is_ended(monkeypatch):
    program = PythonProgram("-c", "import time; time.sleep(600)")
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    send = process_control._send

    def send_and_interrupt(pid: int, number: int) -> None:
        send(pid, number)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(process_control, "_send", send_and_interrupt)
    try:
        with pytest.raises(KeyboardInterrupt):
            process_control.kill_tree(program.mark, [program.pid])
    finally:
        signal.signal(signal.SIGINT, before)
    assert not process_control.is_alive(program.pid)
    program.wait(SOON)


def test_an_interrupt_is_raised_after_the_block_though_that_fails():
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt), process_control.interrupt_held_back():
            signal.raise_signal(signal.SIGINT)
            raise ValueError
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)


# --- ending with the parent -----------------------------------------------------------------------

ENDS_WITH_PARENT = """
import time
from helpers.process_control import exit_with_parent
exit_with_parent()
print(1, flush=True)
time.sleep(600)
"""


def test_a_program_ends_when_its_standard_input_does():
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with PythonProgram("-c", ENDS_WITH_PARENT, **pipes) as program:
        program.stdout.readline()
        program.stdin.close()
        assert program.wait(SOON) == 1


def _exit_with_parent_and_say_so(end: object) -> None:
    process_control.exit_with_parent()
    end.send(os.getpid())
    time.sleep(600)


def _start_a_child(end: object) -> None:
    child = multiprocessing.get_context("spawn").Process(
        target=_exit_with_parent_and_say_so, args=(end,)
    )
    child.start()
    time.sleep(600)


def test_a_child_of_multiprocessing_ends_with_its_parent():
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    parent = context.Process(target=_start_a_child, args=(there,))
    parent.start()
    assert here.poll(SOON)
    grandchild = psutil.Process(here.recv())
    parent.kill()
    parent.join()
    assert alive_after(SOON, [grandchild]) == []


def test_the_path_and_the_mark_are_added_to_what_is_there(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "there")
    monkeypatch.setenv(MARKS, "outer")
    made = process_control.environment("first", mark="inner")
    first, root, last = made["PYTHONPATH"].split(os.pathsep)
    assert (first, last, made[MARKS]) == ("first", "there", "outer inner")
    assert (Path(root) / "helpers" / "process_control.py").is_file()
    assert process_control.environment()[MARKS] == "outer"


def test_it_needs_nothing_but_the_standard_library():
    command = [sys.executable, "-I", "-S", process_control.__file__, "no-such-mark", str(2**22 - 1)]
    assert subprocess.run(command, timeout=60).returncode == 0
