"""The bounded runner: whatever a program does, it comes back, says what happened, cleans up."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from helpers.runner import process_states
from helpers.runner import run as runner
from helpers.runner.report import meaning
from helpers.runner.run import run_safely
from helpers.source_code import PROGRAMS, show
from tests.running_processes import METHODS, Trap, alive_after, interrupted_when_caught
from tools.outline import ROOT

pytestmark = pytest.mark.usefixtures("quiet")
LONG = 30  # seconds that no program here needs


@pytest.fixture
def program(tmp_path):
    """Return a function that writes a program and returns its path."""

    def write(text: str):
        file = tmp_path / "program.py"
        file.write_text(text, encoding="utf-8")
        return file

    return write


@pytest.mark.processes
def test_a_program_that_ends_is_reported(program):
    report = run_safely(program("import sys; print('hello', *sys.argv[1:])"), "a", 2)
    assert (report.exit_code, report.output, report.reason) == (0, "hello a 2\n", "")
    assert (report.verdict, report.left, report.program) == ("ended", (), "program.py")
    assert 0 < report.seconds < LONG


@pytest.mark.processes
def test_both_outputs_are_kept_in_order_and_as_text(program):
    report = run_safely(program("import sys; print('ä'); sys.stderr.write('ö\\n'); print('ü')"))
    assert report.output == "ä\nö\nü\n"


@pytest.mark.processes
def test_a_traceback_is_plain_text_though_a_notebook_asks_for_colors(program, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    report = run_safely(program("1 / 0"))
    assert report.output.splitlines()[-1] == "ZeroDivisionError: division by zero"


@pytest.mark.processes
@pytest.mark.parametrize(
    ("text", "code"), [("1 / 0", 1), ("import sys; sys.exit(3)", 3), ("import os; os._exit(7)", 7)]
)
def test_an_exit_code_is_reported(program, text, code):
    report = run_safely(program(text))
    assert (report.exit_code, report.verdict) == (code, f"ended with exit code {code}")


@pytest.mark.processes
def test_a_program_that_hangs_is_ended_at_the_limit(program):
    text = "print('first')\nimport threading; threading.Event().wait()"
    report = run_safely(program(text), limit=0.5)
    assert report.exit_code is None
    assert report.verdict == "stopped: it had not ended after 0.5 s"
    assert report.output == "first\n"


@pytest.mark.processes
def test_a_program_that_waits_for_input_gets_none(program):
    assert "EOFError" in run_safely(program("input()"), limit=LONG).output


@pytest.mark.processes
def test_a_program_that_writes_for_ever_is_ended_and_its_output_cut(program):
    report = run_safely(program("while True: print('x' * 1000)"), limit=LONG)
    assert report.verdict == "stopped: it wrote more than 1,000,000 bytes"
    assert len(report.output) < 25_000
    assert "[…]" in report.output


ORPHANS = """
import multiprocessing, os, socket, sys

def report_and_hang(port, inside):
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(b"here")
        inside.set()
        line.recv(1)

if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[2])
    inside = context.Event()
    child = context.Process(target=report_and_hang, args=(int(sys.argv[1]), inside))
    child.start()
    inside.wait()
    if sys.argv[3] == "die":
        os._exit(0)
    while sys.argv[3] == "flood":
        print("x" * 1_000)
    child.join()
"""


@pytest.mark.processes
@pytest.mark.parametrize("method", METHODS)
def test_children_of_a_program_that_is_ended_are_ended_too(program, method):
    with Trap() as trap:
        report = run_safely(program(ORPHANS), trap.address[1], method, "flood", limit=LONG)
        trap.catch(1)
        assert trap.all_gone(limit=1)
    assert report.reason == "it wrote more than 1,000,000 bytes"
    assert report.started >= 1


@pytest.mark.processes
def test_orphans_of_a_program_that_died_are_named_and_ended(program):
    with Trap() as trap:
        report = run_safely(program(ORPHANS), trap.address[1], "spawn", "die", limit=LONG)
        assert report.exit_code == 0
        assert len(report.left) == 1
        assert report.verdict == "ended, 1 left behind"
        trap.catch(1)
        assert trap.all_gone(limit=1)


@pytest.mark.processes
def test_a_child_that_left_the_group_and_the_family_is_ended_too(program):
    if not hasattr(os, "setsid"):
        pytest.skip("this system has no sessions")
    text = (
        "import os, socket, sys\n"
        "inside, told = os.pipe()\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        line = socket.create_connection(('127.0.0.1', int(sys.argv[1])))\n"
        "        line.sendall(b'here')\n"
        "        os.write(told, b'x')\n"
        "        line.recv(1)\n"
        "    os._exit(0)\n"
        "os.wait()\n"
        "os.read(inside, 1)\n"
    )
    with Trap() as trap:
        report = run_safely(program(text), trap.address[1], limit=LONG)
        assert len(report.left) == 1
        trap.catch(1)
        assert trap.all_gone(limit=1)


MULTIPLIES = """
import multiprocessing

def more(depth):
    for _ in range(2 if depth < 4 else 0):
        context = multiprocessing.get_context("spawn")
        context.Process(target=more, args=(depth + 1,)).start()
    multiprocessing.Event().wait()

if __name__ == "__main__":
    more(0)
"""


@pytest.mark.processes
def test_a_program_that_multiplies_is_ended(program):
    before = len(process_states.descendants(os.getpid()))
    report = run_safely(program(MULTIPLIES), limit=1)
    assert report.reason == "it had not ended after 1 s"
    assert len(process_states.descendants(os.getpid())) <= before


@pytest.mark.processes
def test_more_processes_than_allowed_are_stopped_at_once(program):
    report = run_safely(program(MULTIPLIES), limit=LONG, processes=6)
    assert report.verdict == "stopped: more than 6 of its processes lived at once"
    assert report.stop == "processes"


DOUBLES = """
import os, time
for _ in range(7):  # 128 processes, if the runner does not stop them
    os.fork()
    time.sleep(0.01)
time.sleep(20)
"""


@pytest.mark.processes
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system can't fork")
def test_a_program_that_doubles_is_ended_at_one_stroke(program):
    report = run_safely(program(DOUBLES), limit=LONG, processes=20)
    assert report.stop == "processes"
    assert report.seconds < LONG


DEEP = """
import multiprocessing

def more(depth):
    if depth < 6:
        child = multiprocessing.get_context("spawn").Process(target=more, args=(depth + 1,))
        child.start()
        child.join()

if __name__ == "__main__":
    more(0)
"""


@pytest.mark.processes
def test_children_of_children_of_children_are_stopped(program):
    report = run_safely(program(DEEP), limit=LONG, depth=2)
    assert report.verdict == "stopped: its children had children, more than 2 deep"


@pytest.mark.processes
def test_a_program_that_takes_memory_for_ever_is_stopped(program):
    text = (
        "import time\n"
        "kept = [b'x' * 5_000_000 for _ in range(200)]\n"  # no more, if the runner does not stop it
        "time.sleep(20)\n"
    )
    report = run_safely(program(text), limit=LONG, memory=300_000_000)
    assert report.verdict == "stopped: it used more than 300 MB of memory"


@pytest.mark.processes
def test_a_guard_that_is_killed_by_the_program_leaves_nothing(program):
    if not hasattr(os, "setsid"):
        pytest.skip("this system has no such parents")
    text = (
        "import os, signal, sys\n"
        "from tests.odd_workers import report_and_hang\n"
        "os.kill(os.getppid(), signal.SIGKILL)\n"
        "report_and_hang(('127.0.0.1', int(sys.argv[1])))\n"
    )
    with Trap() as trap:
        report = run_safely(program(text), trap.address[1], limit=LONG)
        assert report.stop == "watcher"
        assert trap.all_gone(limit=2)


KERNEL = """
import sys
from helpers.runner.run import run_safely
run_safely(sys.argv[1], *sys.argv[2:], limit=60)
"""


@pytest.mark.processes
@pytest.mark.parametrize("method", METHODS)
def test_killing_us_in_the_middle_leaves_nothing(program, tmp_path, method):
    kernel = tmp_path / "kernel.py"
    kernel.write_text(KERNEL, encoding="utf-8")
    path = os.pathsep.join([str(PROGRAMS.parent.parent), *sys.path])
    with Trap() as trap:
        args = [str(program(ORPHANS)), str(trap.address[1]), method, "hang"]
        ours = subprocess.Popen(
            [sys.executable, str(kernel), *args], env={**os.environ, "PYTHONPATH": path}
        )
        trap.catch(1)
        below = process_states.descendants(ours.pid)
        ours.kill()
        ours.wait()
        assert trap.all_gone(limit=2)
        assert alive_after(3, below) == []


@pytest.mark.processes
@pytest.mark.parametrize("method", METHODS)
def test_each_process_is_told_of(program, method):
    text = (
        "import multiprocessing, sys\n"
        "if __name__ == '__main__':\n"
        "    context = multiprocessing.get_context(sys.argv[1])\n"
        "    for name, code in (('good', 0), ('bad', 3)):\n"
        "        child = context.Process(target=sys.exit, args=(code,), name=name)\n"
        "        child.start()\n"
        "        child.join()\n"
    )
    report = run_safely(program(text), method, limit=LONG)
    told = [(c.name, c.method, c.exit_code, c.state) for c in report.children]
    assert told == [("good", method, 0, "ended"), ("bad", method, 3, "ended")]
    assert all(child.parent == report.main.pid and child.seconds >= 0 for child in report.children)
    assert report.cpu_seconds > 0 or sys.platform == "win32"


BOTH_HANG = """
import multiprocessing, sys, threading

def hang():
    threading.Event().wait()

if __name__ == "__main__":
    child = multiprocessing.get_context(sys.argv[1]).Process(target=hang)
    child.start()
    child.join()
"""


@pytest.mark.processes
@pytest.mark.parametrize("method", METHODS)
def test_the_stack_of_every_process_alive_is_told(program, method, monkeypatch):
    monkeypatch.setenv("COURSE_RUN_STILL", "0.4")  # where that is seen, it ends as soon as it hangs
    report = run_safely(program(BOTH_HANG), method, limit=6)
    (child,) = report.children
    assert child.state == "alive"
    assert "hang" in {frame.function for frame in child.threads[0]}
    assert report.main.line.function == "<module>"


@pytest.mark.parametrize(
    ("code", "words"),
    [(0, "ended well"), (1, "ended with an error"), (3, "exit code 3"), (-9, "was killed")],
)
def test_an_exit_code_has_a_meaning(code, words):
    assert words in meaning(code)


@pytest.mark.parametrize("name", ["output", "memory", "processes", "depth"])
@pytest.mark.parametrize("value", [-1, "many", 1.5])
def test_a_limit_of_another_kind_that_is_none_is_refused(program, name, value):
    with pytest.raises((TypeError, ValueError), match=f"{name} must be a whole number from"):
        run_safely(program("pass"), **{name: value})


@pytest.mark.processes
def test_an_interrupt_ends_the_program_and_its_children(program):
    with Trap() as trap:
        with pytest.raises(KeyboardInterrupt), interrupted_when_caught(trap, 1):
            run_safely(program(ORPHANS), trap.address[1], "spawn", "hang", limit=LONG)
        assert trap.all_gone(limit=1)


@pytest.mark.processes
def test_an_interrupt_while_the_guard_starts_leaves_no_folder(program, tmp_path, monkeypatch):
    def interrupted(*words: str, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(runner, "PythonProgram", interrupted)
    monkeypatch.setattr(runner, "short_folder", lambda: str(tmp_path))
    text = program("pass")
    before = set(tmp_path.iterdir())
    with pytest.raises(KeyboardInterrupt):
        run_safely(text)
    assert set(tmp_path.iterdir()) == before


@pytest.mark.processes
def test_coming_back_takes_little_longer_than_the_program(program):
    began = time.monotonic()
    report = run_safely(program("pass"))
    assert time.monotonic() - began < report.seconds + 5


@pytest.mark.processes
def test_a_bare_name_is_one_of_the_courses_own_programs():
    assert run_safely("nobody_looks.py").exit_code == 0
    text = (PROGRAMS / "nobody_looks.py").read_text(encoding="utf-8")
    assert show("nobody_looks.py").code + "\n" == text


@pytest.mark.processes
def test_a_program_runs_on_this_python_with_the_course_on_its_path(program):
    report = run_safely(program("import sys, helpers; print(sys.executable)"))
    assert report.output.strip() == sys.executable


@pytest.mark.parametrize("name", ["no_such.py", "", "helpers", "."])
@pytest.mark.parametrize("function", [run_safely, show])
def test_a_program_that_is_not_there_is_refused_with_those_there_are(function, name):
    match = r"program must be a Python file, or one of .*nobody_looks\.py.*, got .*Check the name"
    with pytest.raises(ValueError, match=match):
        function(name)


@pytest.mark.parametrize("name", [None, 5, b"x.py"])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(TypeError, match=r"program must be a file's name, got .*\. Pass"):
        run_safely(name)


@pytest.mark.parametrize("limit", [0, -1, "1", None, float("nan"), 10**6])
def test_a_limit_that_is_none_is_refused(program, limit):
    with pytest.raises((TypeError, ValueError), match=r"limit must be a number from 0\.1 to 86400"):
        run_safely(program("pass"), limit=limit)


@pytest.mark.processes
def test_it_agrees_with_the_tests_own_choice_of_a_start_method(program, monkeypatch):
    monkeypatch.setenv("COURSE_START_METHOD", "spawn")
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "tools" / "start_method"))
    report = run_safely(
        program("import multiprocessing, sys; print(multiprocessing.get_start_method())")
    )
    assert (report.verdict, report.output) == ("ended", "spawn\n")
    noted = [note for note in report.notes if note["what"] == "here"]
    assert len(noted) == 1  # each of the two runs the one behind it, and none of them twice


@pytest.mark.processes
def test_a_guard_that_is_given_up_tells_that_nothing_was_seen(monkeypatch, program):
    monkeypatch.setattr(runner.SafeRun, "is_done", lambda run: True)  # as if it were far too late
    report = run_safely(program("import threading; threading.Event().wait()"))
    assert (report.exit_code, report.stop) == (None, "watcher")
