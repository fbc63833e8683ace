"""What right looks like in each lab, tried in a process tree of its own.

check("01")  ->  runner: drive.py -> lab_01.judge(learner's module) -> verdicts, one line each
"""

from __future__ import annotations

import importlib
import json
from pathlib import Path

from helpers.checks.verdicts import MARK, Verdict
from helpers.refusals import bad_type, one_of
from helpers.runner import Report, run_safely

_DRIVER = Path(__file__).parent / "drive.py"
_LABS = tuple(path.stem[4:] for path in sorted(Path(__file__).parent.glob("lab_*.py")))
_LIMIT = 20.0


def check(lab: str) -> None:
    """Try what `%%module work_NN` wrote, and print a line for each thing that must be true.

    `todo` where nothing is written yet, `ok`, or `not yet` with what was expected, what came and
    what to look at. Whatever the learner's code does, this comes back within 20 seconds.
    """
    _check_lab(lab)
    for verdict in judge_file(lab, Path.cwd() / f"work_{lab}.py"):
        print(verdict.line())


def judge_file(lab: str, path: Path) -> list[Verdict]:
    """A verdict for each requirement of the lab, on the answer in that file."""
    _check_lab(lab)
    if not isinstance(path, Path):
        raise bad_type("path", path, "the Path of a file", "Pass Path('work_01.py').")
    requirements = importlib.import_module(f"helpers.checks.lab_{lab}").REQUIREMENTS
    if not path.is_file():
        return [Verdict(name, "todo", "run the cell above first") for name in requirements]
    report = run_safely(_DRIVER, lab, path, limit=_LIMIT)
    told = _verdicts(report.output)
    rest = [name for name in requirements if name not in told]
    return [
        told.get(name) or Verdict(name, "not yet", _why_not(report, first=name == rest[0]))
        for name in requirements
    ]


def _check_lab(lab: object) -> None:
    one_of("lab", lab, _LABS, "Pass the lab's number, e.g. check('01').")


def _verdicts(output: str) -> dict[str, Verdict]:
    lines = [line[len(MARK) :] for line in output.splitlines() if line.startswith(MARK)]
    return {verdict.name: verdict for verdict in (Verdict(**json.loads(line)) for line in lines)}


def _why_not(report: Report, *, first: bool) -> str:
    if not first:
        return "can't be judged before what stands above is right"
    if report.exit_code is None:
        return f"the code did not come back: {report.reason}. Who waits for whom?"
    lines = [line for line in report.output.splitlines() if line.strip() and MARK not in line]
    return f"the code ended early: {lines[-1]}" if lines else f"it {report.verdict}"
