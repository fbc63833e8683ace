"""The program of a trial, which imports the learner's file under a start method and judges it.

python driver.py 01 work_01.py spawn      a lab's number or a puzzle's, a file, a start method

It runs inside the bounded runner. A child that is started by spawn imports this file too. So what
only the judging process needs is imported inside functions: at the top, these imports would make
each child take three times as long to start.
"""

from __future__ import annotations

import importlib
import multiprocessing
import sys
import traceback
from pathlib import Path
from typing import Any


def main(lab: str, file: str, method: str) -> None:
    """Send a verdict for each requirement of the lab or puzzle, as far as they can be judged.

    Exit with code 1 if the learner's code raises an error.
    """
    from helpers.checks.verdict import Verdict, one_line
    from helpers.progress.outline import check_name, is_puzzle

    path = Path(file)
    sys.path.insert(0, str(path.parent))
    make_default(method)
    judge = importlib.import_module(f"helpers.checks.{check_name(lab)}")
    sent = set()
    try:
        answer = importlib.import_module(path.stem)
        for verdict in judge.judge(answer):
            verdict.send()
            sent.add(verdict.name)
    except (Exception, SystemExit) as error:  # the learner's code can raise anything
        # Nothing in a puzzle is to be written: there, the library has raised it.
        if isinstance(error, NotImplementedError) and not is_puzzle(lab):
            for name in judge.REQUIREMENTS:
                if name not in sent:
                    Verdict(name, "todo").send()
            return
        traceback.print_exc()
        print(f"{one_line(f'{type(error).__name__}: {error}')}{_where(error, path)}", flush=True)
        sys.exit(1)


def make_default(method: str) -> None:
    """Make this start method the one that is used when the answer names none.

    This does not call `set_start_method`: a program may call that only once, and the answer may.
    """
    default: Any = vars(multiprocessing.context)["_default_context"]
    default._default_context = default.get_context(method)
    default._actual_context = None


def _where(error: BaseException, path: Path) -> str:
    """Return the last line of the learner's file in the error's traceback, in words."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename) == path]
    return f", line {own[-1].lineno} of {path.name}" if own else ""


if __name__ == "__main__":
    main(*sys.argv[1:])
