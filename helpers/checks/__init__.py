"""Checks of labs and puzzles, which run an answer in a process tree of its own and judge it.

    check("01")   ->  trial: driver.py in the bounded runner, under two start methods
                  ->  lab_01.judge(the learner's module)  ->  one verdict for each requirement
    check("1.3")  ->  the same, with puzzles/puzzle_1_3.py, which has one requirement

Each requirement is judged with pieces that labs and puzzles share:

    results         right results for inputs that the learner has not seen
    parallelism     whether the workers were alive at the same time
    lifecycle       which processes were started, stopped and waited for
    timeouts        a call that does not return
    races           whether a line reads and writes a shared value without a lock
    queue_faults    a queue that seems empty for a moment, a queue of threads
    shared_memory   which kinds of shared memory were made
    supervised_run  one call of lab 02's supervisor
"""

from __future__ import annotations

import multiprocessing
import textwrap
from pathlib import Path

from helpers.checks.help import hint, reset, solution
from helpers.checks.trial import Trials
from helpers.checks.verdict import Verdict
from helpers.files import reason
from helpers.progress.labs import record_try
from helpers.progress.outline import answer_name, known_exercise
from helpers.validation import bad_type, one_of

__all__ = ["check", "hint", "judge_and_print", "judge_file", "reset", "solution"]
_SOLVED = "solutions"  # the folder of solved notebooks: a check there does not count as a try
_WIDTH = 92  # characters; JupyterLab would break a longer line
_LAST_LINES = 12  # how many lines of what the learner's code printed are shown


def check(lab: str) -> None:
    """Try what `%%module work_NN` wrote, and print a line for each requirement of a lab or puzzle.

    A line begins with `ok`, with `todo` if nothing is written yet, or with `not yet`. In the last
    case it says what was expected, what came and what to look at. Each line is printed as soon as
    it is known. This returns within 20 seconds even if the learner's code hangs or crashes. Raise
    TypeError or ValueError if there is no such lab or puzzle.
    """
    lab = known_exercise(lab)
    name = answer_name(lab)
    try:
        _check(lab, Path.cwd() / f"{name}.py")
    except OSError as error:
        what = f" ({error.filename})" if error.filename else ""
        print(
            f"The check can't run: {reason(error)}{what}. It reads {name}.py and writes to a"
            " temporary folder. Make room on the disk, see that both can be used, and check again."
        )


def _check(lab: str, path: Path) -> None:
    answer = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None
    verdicts = judge_and_print(lab, path)
    if answer is not None and path.parent.name != _SOLVED:
        record_try(lab, {verdict.name: verdict.state for verdict in verdicts}, answer)


def judge_and_print(lab: str, path: Path) -> list[Verdict]:
    """Judge the answer in that file; print each verdict as soon as it is known, and return all.

    The learner's notes stay as they are. Raise TypeError or ValueError for a bad argument.
    """
    lab = known_exercise(lab)
    judged = []
    with Trials(lab, _file(path)) as trials:
        for verdict in trials.verdicts():
            print(verdict.lines(), flush=True)
            judged.append(verdict)
        if trials.printed:
            print("\nWhat your code printed, the last of it:\n")
            print("\n".join(f"    {line}" for line in trials.printed[-_LAST_LINES:]))
        if trials.explanation and all(verdict.state == "ok" for verdict in judged):
            print(textwrap.fill(trials.explanation, _WIDTH))
    return judged


def judge_file(lab: str, path: Path, methods: tuple[str, ...] = ()) -> list[Verdict]:
    """Return a verdict for each requirement of the lab or puzzle, on the answer in that file.

    The answer is tried with each of the start methods; if none is given, with the platform's
    default and another one. Raise TypeError or ValueError for a bad argument.
    """
    lab = known_exercise(lab)
    path = _file(path)
    known = tuple(multiprocessing.get_all_start_methods())
    for method in methods:
        one_of("methods", method, known, "Pass ('spawn',).")
    with Trials(lab, path, methods) as trials:
        return list(trials.verdicts())


def _file(path: object) -> Path:
    if not isinstance(path, Path):
        raise bad_type("path", path, "the Path of a file", "Pass Path('work_01.py').")
    return path
