"""Each failure of the catalog gets its name, and a right program gets none."""

from __future__ import annotations

import importlib.util
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from helpers.diagnosis.catalog import failures
from helpers.diagnosis.conditions import EXECUTOR, MANAGER, POOL, Evidence, raises
from helpers.diagnosis.match import Diagnosis, diagnose
from helpers.runner.report import Member, Report
from helpers.runner.run import run_safely
from tests.known_programs import KnownProgram, failing, right
from tests.running_processes import METHODS

pytestmark = pytest.mark.usefixtures("quiet")
FAILING, RIGHT = failing(), right()
ELSEWHERE = {"qsize_on_macos"}  # failures that only another system shows
TOGETHER = 4  # programs at a time: most of them wait
STILL = "0.4"  # seconds after which a program whose processes are all blocked is stopped


@pytest.fixture(autouse=True)
def ended_when_still(monkeypatch):
    """End a program soon after it hangs, so that its time limit may be long."""
    monkeypatch.setenv("COURSE_RUN_STILL", STILL)


def run(known: KnownProgram, method: str) -> tuple[Report, Diagnosis | None]:
    """Run the program; return the report and the diagnosis."""
    report = known.run(method)
    return report, diagnose(report)


def runnable(programs: list[KnownProgram]) -> list[KnownProgram]:
    """Return the programs for this Python and system whose packages are installed."""
    return [f for f in programs if f.here and (not f.needs or importlib.util.find_spec(f.needs))]


def once(programs: list[KnownProgram]) -> list[tuple[KnownProgram, str]]:
    """Return each program with one start method; the methods take turns."""
    return [(f, f.here[place % len(f.here)]) for place, f in enumerate(runnable(programs))]


def every(programs: list[KnownProgram]) -> list[tuple[KnownProgram, str]]:
    """Return each program with each of its start methods."""
    return [(known, method) for known in runnable(programs) for method in known.here]


def wrong_names(jobs: list[tuple[KnownProgram, str]]) -> list[str]:
    """Return a line for each program whose failure got a wrong name."""
    with ThreadPoolExecutor(TOGETHER) as threads:
        told = list(threads.map(lambda job: run(*job), jobs))
    return [
        f"{known.path.name} {method}: {found and found.name}, after it {report.verdict}"
        for (known, method), (report, found) in zip(jobs, told, strict=True)
        if (found and found.name) != known.name
    ]


def recognized() -> set[str]:
    """Return the ids of all failures that a rule should recognize."""
    return {id_ for id_, one in failures().items() if one.known and not one.unrecognized}


def test_every_failure_that_a_rule_recognizes_has_a_program_that_shows_it():
    assert recognized() - ELSEWHERE == {known.failure for known in FAILING}
    assert len(recognized()) >= 60


def test_there_are_right_programs_of_many_styles():
    assert len(RIGHT) >= 40


def not_in_museum(programs: list[KnownProgram]) -> list[KnownProgram]:
    """Return the programs that test_museum.py does not run."""
    return [known for known in programs if not known.in_museum]


@pytest.mark.processes
def test_each_failure_is_named():
    museum = {one.failure for one in FAILING if one.in_museum}  # test_museum.py runs those
    others = {one.failure: one for one in FAILING if one.failure not in museum}
    assert wrong_names(once(list(others.values()))) == []


@pytest.mark.processes
def test_a_right_program_is_given_no_name():
    assert wrong_names(once(not_in_museum(RIGHT))[::3]) == []


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
def test_each_failure_is_named_under_each_start_method(method):
    assert wrong_names([job for job in every(not_in_museum(FAILING)) if job[1] == method]) == []


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
def test_a_right_program_is_given_no_name_under_any_start_method(method):
    assert wrong_names([job for job in every(not_in_museum(RIGHT)) if job[1] == method]) == []


def program_named(stem: str) -> KnownProgram:
    """Return the failing program with that file name."""
    return next(known for known in FAILING if known.path.stem == stem)


@pytest.mark.processes
def test_the_learners_own_line_is_named_in_each_process():
    known = program_named("two_orders")
    _, found = run(known, known.here[0])
    texts = {where.text for where in found.where}
    assert {"with right:", "with left:", "clerk.join()"} <= texts
    assert "main program" in {where.process for where in found.where}
    assert {where.file for where in found.where} == {known.path.name}


@pytest.mark.processes
def test_the_line_that_failed_is_named():
    known = program_named("started_twice")
    _, found = run(known, known.here[0])
    assert [where.text for where in found.where] == ["child.start()"]


@pytest.mark.processes
def test_a_diagnosis_reads_as_a_few_lines():
    known = program_named("full_queue")
    _, found = run(known, known.here[0])
    lines = str(found).splitlines()
    assert lines[0] == "a full queue that no process reads"
    assert lines[1].startswith("  why:  put() waits for room")
    assert lines[2] == "  cure: Start the consumers before you put."
    assert lines[3].startswith("  at    main program: line ")
    assert lines[-1] == "  more: lesson 04"


@pytest.mark.processes
def test_what_no_rule_knows_is_called_stuck_with_its_line(tmp_path):
    program = tmp_path / "odd.py"
    program.write_text("import threading\nthreading.Event().wait()\n", encoding="utf-8")
    found = diagnose(run_safely(program, limit=1))
    assert (found.name, found.known) == ("stuck", False)
    assert [where.text for where in found.where] == ["threading.Event().wait()"]


@pytest.mark.processes
def test_what_still_computes_is_not_called_stuck(tmp_path):
    program = tmp_path / "busy.py"
    program.write_text("while True:\n    pass\n", encoding="utf-8")
    assert diagnose(run_safely(program, limit=1.5)).name == "still at work"


@pytest.mark.processes
def test_an_error_of_the_learners_own_is_an_error_at_its_line(tmp_path):
    program = tmp_path / "own.py"
    program.write_text("print(1)\nprint(1 / 0)\n", encoding="utf-8")
    found = diagnose(run_safely(program))
    assert (found.name, found.where[0].line) == ("an error", 2)


OWN = {
    "an error": {
        "a call of a function inside a function": "def f():\n    def g(x): pass\n    g()\nf()",
        "a lock that is copied": "import copy, threading; copy.deepcopy(threading.Lock())",
        "something that can't be pickled, for itself": "import pickle; pickle.dumps(lambda: 1)",
        "a file that is not there": "open('no such file')",
        "a number that is no list": "for one in 5: pass",
        "a method called qsize": (
            "class Stack:\n    def qsize(self):\n        raise NotImplementedError\n"
            "Stack().qsize()\n"
        ),
        "an error in a child and one of its own": (
            "import multiprocessing\n"
            "def work():\n    raise ValueError('here')\n"
            "if __name__ == '__main__':\n"
            "    p = multiprocessing.Process(target=work); p.start(); p.join()\n"
            "    assert p.exitcode == 0, 'it failed'\n"
        ),
    },
    "an exception that went unnoticed": {
        "a child's number that is no list": (
            "import multiprocessing\n"
            "def work(numbers):\n    return sum(numbers)\n"
            "if __name__ == '__main__':\n"
            "    p = multiprocessing.Process(target=work, args=(5,)); p.start(); p.join()\n"
        ),
    },
}


@pytest.mark.processes
@pytest.mark.parametrize(("name", "title"), [(name, title) for name in OWN for title in OWN[name]])
def test_a_mistake_of_another_kind_is_not_taken_for_one_of_the_catalog(tmp_path, name, title):
    program = tmp_path / "own.py"
    program.write_text(OWN[name][title], encoding="utf-8")
    assert diagnose(run_safely(program)).name == name


WAITS = "import threading\n\ndef {}():\n    threading.Event().wait()\n\n{}()\n"
# Programs whose own files and functions are called as those of multiprocessing, or are in a folder
# with its name.
NAMESAKES = {
    "queues.py": ("stuck", WAITS.format("put", "put")),
    "connection.py": ("stuck", WAITS.format("_send", "_send")),
    "shared_memory.py": ("an error", "open(__file__, 'x')\n"),
    "multiprocessing/own.py": ("an error", "import pickle; pickle.dumps(lambda: 1)\n"),
}


@pytest.mark.processes
@pytest.mark.parametrize("file", NAMESAKES)
def test_the_learners_own_names_are_not_taken_for_those_of_the_library(tmp_path, file):
    name, text = NAMESAKES[file]
    program = tmp_path / file
    program.parent.mkdir(exist_ok=True)
    program.write_text(text, encoding="utf-8")
    assert diagnose(run_safely(program, limit=5)).name == name


@pytest.mark.parametrize("library", [POOL, EXECUTOR, MANAGER])
def test_a_childs_function_may_have_the_name_of_one_of_the_library(library):
    members = (
        Member(1, role="main"),
        Member(2, role="child", target=library),
        Member(3, role="child", target=f"__main__.{library.rsplit('.', 1)[1]}"),
    )
    report = Report("p.py", 0, "", 0.1, "", 2, (), members=members)
    assert [child.pid for child in Evidence(report).own] == [3]


@pytest.mark.processes
def test_the_workers_of_the_library_are_told_from_the_programs_own_children(tmp_path):
    program = tmp_path / "own.py"
    program.write_text(
        "import functools, multiprocessing\n"
        "from concurrent.futures import ProcessPoolExecutor\n"
        "class Own(multiprocessing.Process):\n    def run(self): pass\n"
        "def work(n): pass\n"
        "if __name__ == '__main__':\n"
        "    with multiprocessing.Pool(1) as pool: pool.map(work, [1])\n"
        "    with ProcessPoolExecutor(1) as executor: executor.submit(work, 1).result()\n"
        "    with multiprocessing.Manager(): pass\n"
        "    partial = multiprocessing.Process(target=functools.partial(work, 1))\n"
        "    for each in (partial, Own()): each.start(); each.join()\n",
        encoding="utf-8",
    )
    evidence = Evidence(run_safely(program))
    assert [child.target for child in evidence.own] == ["__main__.work", "__main__.Own.run"]
    assert {child.target for child in evidence.pool} == {POOL}
    assert {child.target for child in evidence.executor} == {EXECUTOR}


@pytest.mark.processes
def test_a_thread_that_the_learner_called_feeder_is_not_a_queues(tmp_path):
    program = tmp_path / "own.py"
    program.write_text(
        "import multiprocessing, threading\n"
        "def send(): multiprocessing.Pipe()[0].send(lambda: 1)\n"
        "thread = threading.Thread(target=send, name='MyFeeder')\n"
        "thread.start(); thread.join()\n",
        encoding="utf-8",
    )
    report = run_safely(program)
    assert [note["feeder"] for note in report.notes if note["what"] == "not pickled"] == [False]
    assert diagnose(report) is None


def test_shared_memory_that_an_array_outlives_may_have_the_learners_name():
    shared = {"what": "shared", "pid": 1, "at": 1.0, "name": "/mine", "create": True}
    report = Report("p.py", -11, "", 0.1, "", 1, (), members=(Member(1, role="main"),))
    assert diagnose(report).id == "crashed"
    assert diagnose(replace(report, notes=(shared,))).id == "array_outlives_memory"


@pytest.mark.parametrize("report", [None, "report", 5])
def test_what_is_no_report_is_refused(report):
    with pytest.raises(TypeError, match=r"report must be a Report, got .*\. Pass what run_safely"):
        diagnose(report)


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("EOFError: EOF when reading a line", True),
        ("EOFError", False),
        ("builtins.EOFError: EOF when reading a line", True),
        ("EOFError: Ran out of input", False),
        ("an EOFError: EOF when reading a line", False),
    ],
)
def test_an_error_is_known_by_its_kind_and_its_words(told, found):
    report = Report("p.py", 1, "", 0.1, f"Traceback (most recent call last):\n{told}\n", 1, ())
    assert raises("EOFError", "EOF when reading")(Evidence(report)) is found
    assert raises("EOFError")(Evidence(report)) is not told.startswith("an")
