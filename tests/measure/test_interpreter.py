"""Another interpreter measures, reports what went wrong, and ends with its parent."""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from helpers import process_control
from helpers.engines.pool import Stopped, WorkFailed
from helpers.engines.records import Run, Sweep
from helpers.measure import interpreter
from helpers.measure.interpreter import OtherInterpreter, find_free_threaded
from helpers.measure.sweeps import measure, sweep
from helpers.runner import process_states
from helpers.workers import compute
from tests import odd_workers
from tests.running_processes import (
    GLIBC,
    PROCESS_KINDS,
    SOON,
    Trap,
    alive_after,
    interrupted_when_caught,
)
from tools.outline import ROOT

pytestmark = [
    pytest.mark.usefixtures("quiet"),
    pytest.mark.standard_library,
    pytest.mark.once,
]


def other_pythons() -> list[str]:
    """Return paths of Pythons on this machine of other versions than this one, from 3.11 on."""
    versions = [f"3.{minor}" for minor in range(11, 16) if minor != sys.version_info.minor]
    found = [shutil.which(f"python{version}") for version in versions]
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for version in versions:
        found += map(str, kept.glob(f"{version}*/bin/python{version}"))
    return [path for path in found if path and _answers(path)]


def _answers(python: str) -> bool:
    """Return whether it is a real Python: some programs of pyenv only print an error."""
    run = subprocess.run([python, "-c", "print(6 * 7)"], capture_output=True, text=True, timeout=60)
    return run.stdout == "42\n"


@pytest.fixture(scope="module")
def other_python() -> str:
    found = other_pythons()
    if not found:
        pytest.skip("there is no other Python from 3.11 on here; pyenv and uv install them")
    return found[-1]


@pytest.mark.processes
def test_it_runs_a_plain_loop_unless_told_otherwise():
    with OtherInterpreter() as other:
        other.load(odd_workers.double, [1, 2, 3])
        other.go()
        run = other.result()
    assert isinstance(run, Run)
    assert (run.engine, run.results) == ("serial", [2, 4, 6])
    assert run.processes == {other.pid}


@pytest.mark.skipif(not hasattr(os, "getsid"), reason="this system has no sessions")
@pytest.mark.processes
def test_it_shares_the_session_but_gets_no_interrupt_of_the_group():
    # Linux divides busy cores among sessions. A ceiling in sessions of its own would get more of
    # them than the pool that is compared with it.
    with OtherInterpreter() as other:
        assert os.getsid(other.pid) == os.getsid(0)
        assert os.getpgid(other.pid) != os.getpgid(0)


@pytest.mark.skipif(not GLIBC, reason="how memory is freed is glibc's own")
@pytest.mark.processes
def test_it_does_not_fetch_the_pages_again_that_a_task_has_freed():
    with OtherInterpreter() as other:
        other.load(odd_workers.fetch_pages, [8_000_000])
        other.go()
        assert other.result().results[0] < 100  # of about 2,000


@pytest.mark.processes
def test_it_can_be_asked_again_and_given_something_else():
    with OtherInterpreter() as other:
        other.load(odd_workers.double, [1])
        for _ in range(2):
            other.go()
            assert other.result().results == [2]
        other.load(odd_workers.Adder(5), [1])
        other.go()
        assert other.result().results == [6]


@pytest.mark.processes
def test_it_sweeps_if_it_is_given_sweep_to_call_and_tells_its_progress():
    told = []
    with OtherInterpreter() as other:
        options = {"engines": ("threads",), "workers": (1,), "rounds": 1}
        other.load_call(sweep, worker=odd_workers.double, tasks=[1], **options)
        other.go()
        result = other.result(lambda done, total: told.append((done, total)))
    assert isinstance(result, Sweep)
    assert set(result.ceilings) == {1}
    assert told[-1] == (3, 3)


@pytest.mark.processes
def test_it_calls_a_function_and_tells_its_progress():
    told = []
    with OtherInterpreter() as other:
        other.load_call(odd_workers.count_to, number=3)
        for _ in range(2):
            other.go()
            result = other.result(lambda done, total: told.append((done, total)))
            assert result == (3, other.pid)
    assert told == [(1, 3), (2, 3), (3, 3)] * 2


@pytest.mark.processes
def test_it_can_be_waited_for_until_everything_is_loaded():
    with OtherInterpreter() as other:
        other.wait_until_loaded()  # nothing was
        other.load(odd_workers.double, [1])
        other.load(odd_workers.double, [2])
        other.wait_until_loaded()
        other.wait_until_loaded()
        other.go()
        assert other.result().results == [4]


@pytest.mark.processes
def test_waiting_for_it_can_be_stopped_and_ends_it():
    stop = threading.Event()
    stop.set()
    with OtherInterpreter() as other:
        other.load(odd_workers.double, [1])
        with pytest.raises(Stopped):
            other.wait_until_loaded(stop)
        assert not psutil.pid_exists(other.pid)


@pytest.mark.processes
def test_a_called_function_that_fails_says_so():
    with OtherInterpreter() as other:
        other.load_call(odd_workers.count_to, number=-1)
        other.go()
        with pytest.raises(WorkFailed, match="ValueError: no such number"):
            other.result()


@pytest.mark.processes
@pytest.mark.parametrize(
    ("function", "options", "match"),
    [
        (5, {}, "worker must be a function"),
        (lambda progress, stop: 1, {}, "worker must be a function at the top level of a module"),
        (odd_workers.count_to, {"number": threading.Lock()}, "options must be plain data"),
    ],
)
def test_a_call_that_cannot_be_sent_is_refused(function, options, match):
    with OtherInterpreter() as other, pytest.raises((TypeError, ValueError), match=match):
        other.load_call(function, **options)


@pytest.mark.processes
def test_what_a_worker_prints_there_does_no_harm():
    run = measure(odd_workers.print_much, [1, 2], "serial", python=sys.executable)
    assert run.results == [1, 1]


@pytest.mark.processes
def test_another_version_measures_the_same(other_python):
    run = measure(compute.count_primes, [range(1_001)] * 4, "processes", python=other_python)
    assert run.results == [168] * 4
    assert not run.python.startswith(".".join(map(str, sys.version_info[:2])) + ".")


@pytest.mark.processes
def test_another_version_uses_its_own_standard_library(other_python):
    run = measure(math.sqrt, [16.0], "spawn", workers=1, python=other_python)
    assert run.results == [4.0]


@pytest.mark.processes
def test_a_worker_beside_the_notebook_is_found_there(tmp_path, monkeypatch):
    (tmp_path / "work_99.py").write_text("def triple(n):\n    return 3 * n\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    import work_99

    run = measure(work_99.triple, [1, 2], "spawn", workers=1, python=sys.executable)
    del sys.modules["work_99"]
    assert run.results == [3, 6]


# --- what goes wrong there ------------------------------------------------------------------------


@pytest.mark.processes
@pytest.mark.parametrize(
    ("worker", "match"),
    [
        (odd_workers.fail, r"On .*: WorkFailed: Task 1 of 1, 1, failed .*: ValueError: on purpose"),
        (odd_workers.fail_unreadably, r"On .*: WorkFailed: .*TwoArguments: the text"),
        (odd_workers.leave, r"On .*: WorkFailed: .*SystemExit: 3"),
        (odd_workers.return_a_lock, r"On .*: TypeError: cannot pickle '_thread\.lock'"),
        (odd_workers.return_unreadable, r"On .*: ValueError: invalid literal .*while its results"),
        (odd_workers.die, r"ended before its work was done: exit code 3"),
        (odd_workers.kill_me, r"ended before its work was done: exit code"),
    ],
)
def test_a_worker_that_fails_there_is_told(worker, match):
    with pytest.raises(WorkFailed, match=match):
        measure(worker, [1], "serial", python=sys.executable)


@pytest.mark.processes
def test_a_large_result_that_cannot_be_sent_does_not_garble_the_rest():
    with OtherInterpreter() as other:
        other.load(odd_workers.much_and_a_lock, [1])
        other.go()
        with pytest.raises(WorkFailed, match="cannot pickle"):
            other.result()


@pytest.mark.processes
@pytest.mark.parametrize("worker", [lambda task: task, None, 5])
def test_what_it_cannot_import_is_refused_before_it_is_sent(worker):
    with (
        OtherInterpreter() as other,
        pytest.raises((TypeError, ValueError), match="worker must be a function"),
    ):
        other.load(worker, [1])


@pytest.mark.processes
def test_a_function_of_a_script_is_refused(monkeypatch):
    main = sys.modules["__main__"]
    monkeypatch.setattr(odd_workers.double, "__module__", "__main__")
    monkeypatch.setattr(main, "double", odd_workers.double, raising=False)
    monkeypatch.setattr(main, "__file__", "script.py", raising=False)
    with (
        OtherInterpreter() as other,
        pytest.raises(ValueError, match=r"worker must be a function of an imported module, got"),
    ):
        other.load(odd_workers.double, [1])


@pytest.mark.processes
def test_tasks_that_cannot_be_sent_are_refused():
    with (
        OtherInterpreter() as other,
        pytest.raises(ValueError, match="tasks must be plain data that can be pickled, got"),
    ):
        other.load(odd_workers.double, [threading.Lock()])


@pytest.mark.processes
def test_a_program_that_is_no_python_is_told(tmp_path):
    program = shutil.which("sort")  # every system has one, and it ends when its input does
    with pytest.raises(WorkFailed, match=r"does not answer|ended before its work was done"):
        measure(odd_workers.double, [1], python=program)


@pytest.mark.processes
def test_after_its_end_it_says_that_it_is_gone():
    other = OtherInterpreter()
    process_control.kill_tree(roots=[other.pid])
    with pytest.raises(WorkFailed, match=r"ended before its work was done|does not answer"):
        other.load(odd_workers.double, [1])
        other.result()
    other.close()


# --- stop, interrupt, a death ---------------------------------------------------------------------


@pytest.mark.processes
@pytest.mark.parametrize("engine", ["serial", "threads", *PROCESS_KINDS])
def test_stop_in_the_middle_leaves_nothing_within_a_second(engine):
    stop = threading.Event()
    with Trap() as trap, OtherInterpreter() as other:
        other.load(odd_workers.report_and_hang, [trap.address] * 4, engine=engine)
        other.go()
        trap.catch(1 if engine == "serial" else 2)
        tree = [psutil.Process(other.pid), *process_states.descendants(other.pid)]
        stop.set()
        began = time.monotonic()
        with pytest.raises(Stopped):
            other.result(stop=stop)
        assert trap.all_gone(limit=1)
        assert alive_after(began + 1 - time.monotonic(), tree) == []


@pytest.mark.processes
def test_an_interrupt_in_the_middle_leaves_nothing():
    with Trap() as trap:
        with pytest.raises(KeyboardInterrupt), interrupted_when_caught(trap, 2):
            measure(
                odd_workers.report_and_hang,
                [trap.address] * 4,
                "spawn",
                python=sys.executable,
            )
        assert trap.all_gone(limit=1)
    assert measure(odd_workers.double, [4], "serial", python=sys.executable).results == [8]


MEASURES_APART = """
import sys
from helpers.measure.interpreter import OtherInterpreter
from helpers.measure.sweeps import sweep
from helpers.engines.pool import measure_here
from tests.odd_workers import report_and_hang

if __name__ == "__main__":
    address = ("127.0.0.1", int(sys.argv[1]))
    with OtherInterpreter() as other:
        options = {"worker": report_and_hang, "tasks": [address] * 4, **eval(sys.argv[2])}
        other.load_call(sweep if "engines" in options else measure_here, **options)
        other.go()
        other.result()
"""

MEASURES_HERE = """
import sys
from helpers.measure.sweeps import measure
from tests.odd_workers import report_and_hang

if __name__ == "__main__":
    measure(report_and_hang, [("127.0.0.1", int(sys.argv[1]))] * 4, **eval(sys.argv[2]))
"""


@pytest.mark.processes
@pytest.mark.parametrize(
    ("program", "options", "caught"),
    [
        (MEASURES_APART, {"engines": ("threads",), "workers": (1, 2)}, 1),
        *((MEASURES_APART, {"engine": engine}, 2) for engine in PROCESS_KINDS),
        *((MEASURES_HERE, {"engine": engine}, 2) for engine in PROCESS_KINDS),
    ],
)
def test_when_its_parent_is_killed_everything_ends(tmp_path, program, options, caught):
    file = tmp_path / "program.py"
    file.write_text(program, encoding="utf-8")
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    with Trap() as trap:
        parent = subprocess.Popen(
            [sys.executable, str(file), str(trap.address[1]), repr(options)],
            env={**os.environ, "PYTHONPATH": path},
        )
        trap.catch(caught)
        tree = process_states.descendants(parent.pid)
        parent.kill()
        parent.wait(SOON)
        assert trap.all_gone(limit=2)
        assert alive_after(2, tree) == []


@pytest.mark.slow
@pytest.mark.parametrize("delay", [step / 50 for step in range(40)])
def test_when_its_parent_is_killed_at_any_moment_everything_ends(tmp_path, delay):
    file = tmp_path / "program.py"
    file.write_text(MEASURES_APART, encoding="utf-8")
    options = {"engines": ("threads", "processes", "spawn"), "workers": (1, 2)}
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    with Trap() as trap:
        parent = subprocess.Popen(
            [sys.executable, str(file), str(trap.address[1]), repr(options)],
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,
        )
        time.sleep(delay)  # the moment itself is what is tried
        tree = process_states.descendants(parent.pid)
        parent.kill()
        parent.wait(SOON)
        assert alive_after(2, tree) == []


# --- finding one without a GIL --------------------------------------------------------------------


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """Simulate a machine on which no Python can be found."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    return tmp_path


def program(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    path.chmod(0o755)
    return str(path)


def test_without_a_free_threaded_python_none_is_found(nowhere):
    assert find_free_threaded() is None


@pytest.mark.skipif(os.name == "nt", reason="programs are named otherwise on Windows")
def test_a_free_threaded_python_is_found_the_newest_first(nowhere):
    pyenv = program(nowhere / "pyenv/versions/3.13.1t/bin/python")
    assert find_free_threaded() == pyenv
    uv = program(nowhere / ".local/share/uv/python/cpython-3.14.2+freethreaded-x/bin/python")
    assert find_free_threaded() in (pyenv, uv)
    program(nowhere / "bin/python3.13t")
    newest = program(nowhere / "bin/python3.14t")
    assert find_free_threaded() == newest


def test_the_folder_of_a_worker_is_sent_along_but_never_the_standard_librarys():
    assert interpreter._folders_of(math.sqrt) == []
    assert interpreter._folders_of(shutil.copy) == []
    assert interpreter._folders_of(print) == []
    assert interpreter._folders_of(compute.count_primes) == [str(ROOT)]
    assert interpreter._folders_of(odd_workers.Adder(1)) == [str(ROOT)]
