"""Runs inside the bounded runner: import the learner's file under a start method, and judge it.

python drive.py 01 work_01.py spawn

A child that is started by spawn imports this file too, so at the top stands little: what only the
judging process needs would make each child take three times as long to start.
"""

from __future__ import annotations

import importlib
import multiprocessing
import sys
import traceback
from pathlib import Path


def main(lab: str, file: str, method: str) -> None:
    """Send a verdict for each requirement of the lab, as far as they can be judged."""
    from helpers.checks.verdict import Verdict, one_line

    path = Path(file)
    sys.path.insert(0, str(path.parent))
    make_default(method)
    judge = importlib.import_module(f"helpers.checks.lab_{lab}")
    told = set()
    try:
        answer = importlib.import_module(path.stem)
        for verdict in judge.judge(answer):
            verdict.send()
            told.add(verdict.name)
    except NotImplementedError:
        for name in judge.REQUIREMENTS:
            if name not in told:
                Verdict(name, "todo").send()
    except (Exception, SystemExit) as error:  # the learner's own, whatever it is
        traceback.print_exc()
        print(f"{one_line(f'{type(error).__name__}: {error}')}{_where(error, path)}", flush=True)
        sys.exit(1)


def make_default(method: str) -> None:
    """Make that start method the one that is used when the answer names none.

    Not `set_start_method`: an answer may call that itself, once, as every program may.
    """
    default = multiprocessing.context._default_context
    default._default_context = default.get_context(method)
    default._actual_context = None


def _where(error: BaseException, path: Path) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename) == path]
    return f", line {own[-1].lineno} of {path.name}" if own else ""


if __name__ == "__main__":
    main(*sys.argv[1:])
