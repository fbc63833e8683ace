"""Stress test of course.py: it is killed at random moments, and nothing of the learner's is lost.

Each case works in a small course of its own, with stand-ins for JupyterLab and for the packages. A
run starts a command, kills it at a random moment with a random signal, and then looks: no process
is left, each file of the learner's is whole and there, and the next start works. --seed repeats the
moments and signals of another run.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.process_control import PythonProgram, find_marked, kill_tree
from tests.launcher.test_course import build_house, note_shipped, notebook
from tools.launcher.environment import aside, read_stamp, write_stamp
from tools.stress.repeat import Case, StressTest

SIGNALS = ("SIGKILL", "SIGKILL", "SIGTERM", "SIGINT", "SIGHUP")  # the worst one twice as often
LEFT_LIMIT = 20.0  # seconds in which everything must have ended
START_LIMIT = 120.0  # seconds for a start that is not killed

WRITER = """
import itertools, sys
from helpers.progress import store
for number in itertools.count(1):
    if store.keep("labs", sys.argv[1], number):
        print(number, flush=True)
"""


@dataclass
class Course:
    """A small course in a temporary folder, and what the learner has in it."""

    root: Path
    seconds: dict[str, float] = field(default_factory=dict)  # how long each command takes

    @property
    def mine(self) -> Path:
        """Return the folder of the learner's copies."""
        return self.root / "my_course"

    def start(self, *arguments: str, **variables: str) -> PythonProgram:
        """Start course.py with these arguments."""
        return PythonProgram(
            *(str(self.root / "course.py"), *arguments),
            variables={"COURSE_STATE": "", "PYTHONPATH": "", **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def finish(self, *arguments: str, **variables: str) -> list[str]:
        """Run course.py to its end; return a line where it fails, or leaves a process."""
        began = time.monotonic()
        with self.start(*arguments, **variables) as program:
            printed = program.communicate(timeout=START_LIMIT)[0]
        self.seconds.setdefault(" ".join(arguments), time.monotonic() - began)
        faults = [] if program.returncode == 0 else [f"the next {arguments} fails: {printed}"]
        if "Traceback" in printed:
            faults.append(f"the next {arguments} prints a traceback: {printed}")
        return faults + left_of(program)

    def kill(self, rng: random.Random, *arguments: str, **variables: str) -> list[str]:
        """Kill course.py at a random moment; return a line for each process that is left."""
        moment = rng.uniform(0, 1.1 * self.seconds[" ".join(arguments)])
        name = rng.choice([name for name in SIGNALS if hasattr(signal, name)])
        with self.start(*arguments, **variables) as program:
            time.sleep(moment)
            program.send_signal(getattr(signal, name))
            try:
                printed = program.communicate(timeout=LEFT_LIMIT)[0]
            except subprocess.TimeoutExpired:
                program.kill_tree()
                return [f"{name} does not end it"]
        traceback = "Traceback" in printed and str(self.root) in printed  # else of Python's start
        faults = [f"it prints a traceback: {printed}"] if traceback else []
        return [f"{name} after {moment:.2f} s: {one}" for one in faults + left_of(program)]

    def ship(self, text: str) -> None:
        """Let the course ship another version of each notebook."""
        for path in self.root.glob("[nls]*s/[0-9]*.ipynb"):
            path.write_text(notebook(f"print({text!r})", output=text), encoding="utf-8")
        note_shipped(self.root)

    def broken_files(self) -> list[str]:
        """Return a line for each of the learner's files that is not whole."""
        files = [*self.mine.rglob("[!.]*.ipynb"), self.mine / ".manifest.json"]
        return [f"{path.name} is not whole" for path in files if not is_json(path)]


def is_json(path: Path) -> bool:
    """Return whether the file is missing or holds valid JSON."""
    try:
        json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return True
    except ValueError:
        return False
    return True


def left_of(program: PythonProgram) -> list[str]:
    """Return a line if processes that the program started go on; end them."""
    until = time.monotonic() + LEFT_LIMIT
    while (left := find_marked(program.mark)) and time.monotonic() < until:
        time.sleep(0.05)
    if not left:
        return []
    kill_tree(program.mark)
    return [f"{len(left)} processes are left"]


# --- the cases ------------------------------------------------------------------------------------


def kill_door(course: Course, rng: random.Random) -> list[str]:
    """Kill course.py while JupyterLab runs, or starts, with a family of processes below it."""
    ready = str(course.root.parent / "family")
    faults = course.kill(rng, "--no-browser", A_FAMILY=ready)
    return faults + course.finish("--no-browser")


def kill_install(course: Course, rng: random.Random) -> list[str]:
    """Kill course.py while it replaces an environment that works."""
    venv = course.root / ".venv"
    write_stamp(venv, read_stamp(venv) | {"root": "elsewhere"})
    faults = course.kill(rng, "check")
    if not any(read_stamp(place) for place in (venv, aside(venv))):
        faults.append("the environment that worked is gone")
    faults += course.finish("check")
    names = sorted(path.name for path in course.root.glob(".venv*"))
    return faults if names == [".venv"] else [*faults, f"beside the environment there is {names}"]


def kill_copy(course: Course, rng: random.Random) -> list[str]:
    """Kill `copy` while it refreshes the copies; one of them is the learner's."""
    edited = course.mine / "labs" / "01_processes.ipynb"
    course.ship(f"version {rng.random()}")
    edited.write_text(notebook(f"mine = {rng.random()}"), encoding="utf-8")
    before = edited.read_text(encoding="utf-8")
    faults = course.kill(rng, "copy") + course.broken_files() + course.finish("copy")
    if edited.read_text(encoding="utf-8") != before:
        faults.append("the learner's copy has changed")
    fresh = [one for one in course.root.glob("notebooks/*.ipynb") if not is_fresh(course, one)]
    return faults + [f"{path.name} is not refreshed" for path in fresh]


def is_fresh(course: Course, shipped: Path) -> bool:
    """Return whether the learner's copy has the code of the shipped notebook."""
    copy = course.mine / shipped.relative_to(course.root)
    return copy.is_file() and sources(copy) == sources(shipped)


def sources(path: Path) -> list[Any]:
    """Return the sources of a notebook's cells."""
    return [cell["source"] for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]


def kill_reset(course: Course, rng: random.Random) -> list[str]:
    """Kill `reset` while it puts the learner's notebooks aside."""
    texts = []
    for name in ("notebooks/00_start_here.ipynb", "labs/01_processes.ipynb"):
        texts.append(notebook(f"mine = {rng.random()}"))
        (course.mine / name).write_text(texts[-1], encoding="utf-8")
    texts.append(f"mine = {rng.random()}\n")
    (course.mine / "labs" / "work_01.py").write_text(texts[-1], encoding="utf-8")
    faults = course.kill(rng, "reset", "--all") + course.broken_files()
    faults += course.finish("reset", "--all")
    kept = [path.read_text(encoding="utf-8") for path in course.mine.rglob("[!.]*.*")]
    faults += ["a file of the learner's is lost" for text in texts if text not in kept]
    fresh = [one for one in course.root.glob("[nl]*s/*.ipynb") if not is_fresh(course, one)]
    return faults + [f"{path.name} is not as it was shipped" for path in fresh]


def kill_writers(course: Course, rng: random.Random) -> list[str]:
    """Kill two programs that write notes; what they say is noted must be there."""
    notes = course.root / ".course" / "notes.json"
    notes.parent.mkdir(exist_ok=True)
    writers = {
        name: PythonProgram(
            *("-c", WRITER, name),
            variables={"COURSE_STATE": str(notes)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two")
    }
    faults: list[str] = []
    said: dict[str, int] = {}
    time.sleep(0.3)
    for name, writer in writers.items():
        with writer:
            time.sleep(rng.uniform(0, 0.5))
            writer.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
            numbers = writer.communicate(timeout=LEFT_LIMIT)[0].split("\n")[:-1]
        said[name] = int(numbers[-1]) if numbers else 0
        faults += left_of(writer)
    if not is_json(notes):
        return [*faults, "the notes are not whole"]
    found = json.loads(notes.read_text(encoding="utf-8"))["labs"] if notes.exists() else {}
    # A writer may have been killed after it noted a number and before it said so.
    lost = [name for name, number in said.items() if found.get(name, 0) not in (number, number + 1)]
    faults += [f"{name} noted {said[name]}; there is {found.get(name)}" for name in lost]
    notes.unlink(missing_ok=True)
    return faults


def prepare_copies(course: Course) -> None:
    """Make the copies, and find out how long a command takes."""
    course.finish("copy")
    course.seconds.pop("copy")
    course.finish("copy")
    course.finish("reset", "--all")


def prepare_environment(course: Course) -> None:
    """Make the environment, and find out how long that takes."""
    course.finish("check")
    course.finish("--no-browser")
    course.seconds["--no-browser"] += 2.0  # the family below JupyterLab starts meanwhile


CASES: dict[str, tuple[Callable[[Course, random.Random], list[str]], Callable]] = {
    "door": (kill_door, prepare_environment),
    "install": (kill_install, prepare_environment),
    "copy": (kill_copy, prepare_copies),
    "reset": (kill_reset, prepare_copies),
    "notes": (kill_writers, lambda _course: None),
}


def with_a_solution(root: Path) -> Path:
    """Add the lab's solution to a small course: `reset --all` names it as missing without it."""
    path = root / "solutions" / "01_processes.ipynb"
    path.parent.mkdir()
    path.write_text(notebook("print('solved')", output="solved"), encoding="utf-8")
    note_shipped(root)
    return root


def _case(name: str, folder: Path, seed: int) -> Case:
    """Return the case of this name; its first run makes its course."""
    run, prepare = CASES[name]
    made: list[Course] = []

    def run_once(number: int, _times: int) -> list[str]:
        if not made:
            (folder / name).mkdir()
            made.append(Course(with_a_solution(build_house(folder / name / "course"))))
            prepare(made[0])
        return run(made[0], random.Random(f"{seed} {name} {number}"))

    return run_once


@contextmanager
def cases(options: argparse.Namespace) -> Iterator[dict[str, Case]]:
    """Yield a case for each command that is killed."""
    seed = random.randrange(10**6) if options.seed is None else options.seed
    # A shell lets a background job ignore these two, and its children inherit that. Then they would
    # not end course.py either, which is what `nohup` is for.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    print(f"These moments and signals again: --seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        yield {name: _case(name, Path(folder), seed) for name in CASES}


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, help="the number of another run, to repeat it")


STRESS_TEST = StressTest(
    says="Kill course.py and what it starts at random moments, and look for what is lost or left",
    times=20,
    cases=cases,
    case_names=f"the case: {', '.join(CASES)}",
    add_options=_add_options,
    checks_leftovers=True,
)
