"""The labs' checks: known wrong answers are refused for the right reason, right ones accepted.

The answers are those in tests/labs; answers.py says how they are read.
"""

from __future__ import annotations

import importlib
import queue
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Queue, active_children, connection, get_context
from pathlib import Path

import pytest

from helpers.checks import check, judge_file
from helpers.checks.lifecycle import Lifecycle
from helpers.checks.queue_faults import late_reader, no_queue_of_threads
from helpers.checks.trial import LABS, methods_to_try
from helpers.checks.verdict import OK, one_line
from tests import odd_workers
from tests.running_processes import METHODS
from tools.outline import ROOT
from tools.stress.lab_answers import answers, fork_only, lab_of, misjudged, requirements, says

pytestmark = pytest.mark.usefixtures("quiet")
TOGETHER = 4  # answers at a time: those that hang only wait


def all_misjudged(jobs: list[tuple]) -> list[str]:
    with ThreadPoolExecutor(TOGETHER) as threads:
        return [line for lines in threads.map(lambda job: _misjudged(*job), jobs) for line in lines]


def _misjudged(file: Path, methods: tuple[str, ...] = ()) -> list[str]:
    under = ", ".join(methods or methods_to_try())
    verdicts = judge_file(lab_of(file), file, methods)
    return [f"{line}, under {under}" for line in misjudged(file, verdicts)]


def its_turn(lab: str) -> dict[Path, str]:
    """Return the start method under which each answer is checked first; the methods take turns."""
    return {file: METHODS[place % len(METHODS)] for place, file in enumerate(answers(lab))}


def all_judged(lab: str, files: list[Path]) -> list[str]:
    """Return a line for each wrong verdict on these answers, each under its own start method."""
    turns = its_turn(lab)
    return all_misjudged(
        [(file, methods_to_try() if fork_only(file) else (turns[file],)) for file in files]
    )


@pytest.mark.processes
@pytest.mark.parametrize("lab", LABS)
def test_every_second_known_answer_gets_its_verdict(lab):
    assert all_judged(lab, answers(lab)[::2]) == []


@pytest.mark.slow
@pytest.mark.parametrize("lab", LABS)
def test_the_other_known_answers_get_their_verdict_too(lab):
    assert all_judged(lab, answers(lab)[1::2]) == []


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("lab", LABS)
def test_every_known_answer_gets_its_verdict_under_the_other_methods_too(lab, method):
    others = [file for file, turn in its_turn(lab).items() if method != turn or fork_only(file)]
    files = [file for file in others if method != "fork" or not fork_only(file)]
    assert all_misjudged([(file, (method,)) for file in files]) == []


@pytest.mark.parametrize("lab", LABS)
def test_every_lab_has_answers_enough_of_every_kind(lab):
    kinds = [says(file).split(":")[0].rstrip(".") for file in answers(lab)]
    assert kinds.count("Right") >= 4
    assert kinds.count("Wrong") >= 6
    assert kinds.count("Todo") == 1


@pytest.mark.parametrize("lab", LABS)
def test_every_mistake_that_a_lab_knows_is_shown_by_an_answer(lab):
    wrong = [says(file) for file in answers(lab) if says(file).startswith("Wrong")]
    known = importlib.import_module(f"helpers.checks.lab_{lab}").MISTAKES
    assert len(known) >= 5
    assert [words for words in known if not any(words in line for line in wrong)] == []


@pytest.mark.processes
def test_a_check_prints_a_line_for_each_requirement(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    solved = (ROOT / "tests/labs/01_processes/right_queue.py").read_text(encoding="utf-8")
    check("01")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "   todo  every job has an answer: run the cell above first"
    (tmp_path / "work_01.py").write_text(f"print('hello', end='')\n{solved}", encoding="utf-8")
    check("01")
    lines = capsys.readouterr().out.splitlines()
    assert lines == [f"     ok  {name}" for name in requirements("01")]


@pytest.mark.processes
def test_a_check_shows_what_an_answer_printed_that_is_not_right(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    answer = "def who_did_what(jobs):\n    print('I saw', jobs)\n    return {}\n"
    (tmp_path / "work_01.py").write_text(answer, encoding="utf-8")
    check("01")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("not yet  every job has an answer: no process was started, and it")
    assert "    I saw ['sort', 'count', 'paint']" in lines


@pytest.mark.processes
def test_what_is_right_under_one_method_only_names_the_other(tmp_path):
    answer = (
        "import multiprocessing\n"
        "from helpers.workers.lab_01 import do_job\n"
        "def who_did_what(jobs):\n"
        "    queue = multiprocessing.SimpleQueue()\n"
        "    work = lambda job: queue.put((job, do_job(job)))\n"
        "    made = [multiprocessing.Process(target=work, args=(job,)) for job in jobs]\n"
        "    [process.start() for process in made]\n"
        "    found = dict(queue.get() for _ in jobs)\n"
        "    [process.join() for process in made]\n"
        "    return found\n"
    )
    (tmp_path / "work_01.py").write_text(answer, encoding="utf-8")
    first, *rest = judge_file("01", tmp_path / "work_01.py")
    assert first.state == "not yet"
    assert "a function without a name that others can find" in first.reason
    if methods_to_try()[0] == "fork":
        assert first.reason.startswith("with spawn: the code ended early")
    assert all("can't be judged before" in verdict.reason for verdict in rest)


NASTY = {
    "computes forever": "while True: pass",
    "computes forever in children": (
        "import multiprocessing\n"
        "def spin():\n    while True: pass\n"
        "def who_did_what(jobs):\n"
        "    made = [multiprocessing.Process(target=spin) for _ in jobs]\n"
        "    [process.start() for process in made]\n"
        "    [process.join() for process in made]\n"
    ),
    "takes no notice of signals": (
        "import signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "while True: time.sleep(60)\n"
    ),
    "writes forever": "while True: print('x' * 10_000)",
    "exits when it is imported": "raise SystemExit('enough')",
    "is no Python": "def who_did_what(jobs:\n",
    "a pool whose workers die": (
        "import multiprocessing, os\n"
        "def who_did_what(jobs):\n"
        "    with multiprocessing.Pool(2, initializer=os._exit, initargs=(1,)) as pool:\n"
        "        return dict(pool.map(str, jobs))\n"
    ),
}


@pytest.mark.slow
def test_a_check_comes_back_whatever_the_answer_does(tmp_path):
    def try_it(place: int, text: str) -> tuple[str, float]:
        file = tmp_path / f"work_{place}.py"
        file.write_text(text, encoding="utf-8")
        began = time.monotonic()
        return judge_file("01", file)[0].line(), time.monotonic() - began

    with ThreadPoolExecutor(TOGETHER) as threads:
        told = list(threads.map(try_it, range(len(NASTY)), NASTY.values()))
    expected = "not yet  every job has an answer: the code "
    assert [line for line, _ in told if not line.startswith(expected)] == []
    assert max(seconds for _, seconds in told) < 20  # what the course promises


@pytest.mark.parametrize("lab", ["1", 1, "01"])
def test_a_labs_number_may_be_written_shortly(lab, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    check(lab)
    assert "run the cell above first" in capsys.readouterr().out
    assert judge_file(lab, tmp_path / "work_01.py")[0].state == "todo"


def test_an_answer_that_cannot_be_read_is_named_without_a_traceback(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "work_01.py").touch()

    def locked(*_, **__):
        raise PermissionError(13, "Permission denied", "work_01.py")

    monkeypatch.setattr(type(tmp_path), "read_text", locked)
    check("01")
    assert capsys.readouterr().out.startswith(
        "The check can't run: Permission denied (work_01.py). It reads work_01.py"
    )


@pytest.mark.parametrize("lab", ["7x", "99", "", 99, -1, True, 1.0, None])
def test_a_lab_that_is_not_there_is_refused(lab, tmp_path):
    with pytest.raises((TypeError, ValueError), match=r"lab must be one of 01.*\. Pass the"):
        check(lab)
    with pytest.raises((TypeError, ValueError), match=r"lab must be one of 01"):
        judge_file(lab, tmp_path / "work_01.py")


@pytest.mark.parametrize("path", ["work_01.py", None, 5])
def test_an_answer_that_is_no_path_is_refused(path):
    with pytest.raises(TypeError, match=r"path must be the Path of a file, got .*\. Pass Path"):
        judge_file("01", path)


def test_a_word_that_is_long_or_odd_becomes_one_line():
    class Odd:
        def __repr__(self) -> str:
            return str(1 / 0)

    assert one_line("two\nlines") == "two lines"
    assert one_line(["a", 1]) == "['a', 1]"
    assert len(one_line("x" * 1000)) == 160
    assert one_line(Odd()) == "something whose repr raises ZeroDivisionError"


@pytest.mark.processes
def test_a_life_cycle_knows_who_was_started_and_who_was_joined():
    context = get_context("spawn")
    made = [context.Process(target=odd_workers.double, args=(n,)) for n in range(3)]
    with Lifecycle() as lifecycle:
        for process in made[:2]:
            process.start()
        made[0].join()
    assert lifecycle.started == made[:2]
    assert lifecycle.seen_ended == [made[0]]
    assert lifecycle.never_joined == [made[1]]
    made[1].join()
    made[2].start()
    made[2].join()
    assert lifecycle.started == made[:2]  # it no longer looks


@pytest.mark.processes
def test_a_join_that_saw_no_end_is_none():
    context = get_context("spawn")
    event = context.Event()
    process = context.Process(target=event.wait)
    with Lifecycle() as lifecycle:
        process.start()
        process.join(0)
        assert lifecycle.never_joined == [process]
        event.set()
        process.join()
        assert lifecycle.never_joined == []


@pytest.mark.processes
def test_a_life_cycle_knows_whom_active_children_has_collected_and_closed_ones():
    context = get_context("spawn")
    made = [context.Process(target=odd_workers.double, args=(n,)) for n in range(2)]
    with Lifecycle() as lifecycle:
        for process in made:
            process.start()
        for process in made:
            connection.wait([process.sentinel])
        assert lifecycle.never_joined == made  # they have ended, and the parent has not asked
        while active_children():
            pass
        assert lifecycle.never_joined == []
        made[0].close()
    assert lifecycle.all_ended_well() == OK


@pytest.mark.processes
def test_only_who_was_not_seen_to_end_is_stopped():
    context = get_context("spawn")
    event = context.Event()
    made = [context.Process(target=event.wait) for _ in range(2)]
    with Lifecycle() as lifecycle:
        for process in made:
            process.start()
        made[0].terminate()
        event.set()
        for process in made:
            process.join()
        made[1].terminate()
    assert set(lifecycle.stopped) == set(made[:1])  # terminate() calls os.kill, noted too


@pytest.mark.parametrize("method", METHODS)
def test_a_queue_of_threads_is_not_given_to_a_process(method):
    process = get_context(method).Process(target=odd_workers.double, args=(queue.Queue(),))
    with no_queue_of_threads(), pytest.raises(TypeError, match=r"queue\.Queue is for threads"):
        process.start()
    assert process.pid is None


def test_what_was_put_after_a_large_item_is_pickled_once_a_late_reader_reads(monkeypatch):
    letters, full = ["a"], Queue()
    monkeypatch.setattr(time, "sleep", lambda _: letters.append("b"))  # it changes meanwhile
    full.put(bytes(1_000_000))
    full.put(letters)
    with late_reader(0.2):
        assert len(full.get()) == 1_000_000
        assert full.get() == ["a", "b"]
