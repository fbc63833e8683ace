"""What right looks like in each lab, tried in a process tree of its own.

    check("01")  ->  Trials: drive.py in the bounded runner, under two start methods
                 ->  lab_01.judge(the learner's module)  ->  one verdict for each requirement

What requirements may ask, as pieces: together, results, lifecycle, failures, races, sent.
"""

from __future__ import annotations

import multiprocessing
from pathlib import Path

from helpers.checks.hints import hint, reset, solution
from helpers.checks.trial import LABS, Trials
from helpers.checks.verdict import Verdict
from helpers.progress.labs import record_try
from helpers.validation import bad_type, one_of

__all__ = ["check", "hint", "judge_file", "reset", "solution"]
_SOLVED = "solutions"  # the folder of solved notebooks: what runs there is nobody's try
_LAST_LINES = 12  # of what the learner's code printed


def check(lab: str) -> None:
    """Try what `%%module work_NN` wrote, and print a line for each thing that must be true.

    `todo` where nothing is written yet, `ok`, or `not yet` with what was expected, what came and
    what to look at; the lines come as soon as they are known. Whatever the learner's code does,
    this comes back within 20 seconds.
    """
    _check_lab(lab)
    path, states = Path.cwd() / f"work_{lab}.py", {}
    answer = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None
    with Trials(lab, path) as trials:
        for verdict in trials.verdicts():
            print(verdict.lines(), flush=True)
            states[verdict.name] = verdict.state
        if answer is not None and path.parent.name != _SOLVED:
            record_try(lab, states, answer)
        if trials.printed:
            print("\nWhat your code printed, the last of it:\n")
            print("\n".join(f"    {line}" for line in trials.printed[-_LAST_LINES:]))


def judge_file(lab: str, path: Path, methods: tuple[str, ...] = ()) -> list[Verdict]:
    """A verdict for each requirement of the lab, on the answer in that file.

    It is tried with each of the start methods: this platform's default and another, if none is
    given.
    """
    _check_lab(lab)
    if not isinstance(path, Path):
        raise bad_type("path", path, "the Path of a file", "Pass Path('work_01.py').")
    for method in methods:
        one_of("methods", method, multiprocessing.get_all_start_methods(), "Pass ('spawn',).")
    with Trials(lab, path, methods) as trials:
        return list(trials.verdicts())


def _check_lab(lab: object) -> None:
    one_of("lab", lab, LABS, "Pass the lab's number, e.g. check('01').")
