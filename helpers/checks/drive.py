"""Runs inside the bounded runner: import the learner's file, and judge it.

python drive.py 01 work_01.py
"""

from __future__ import annotations

import importlib
import sys
import traceback
from pathlib import Path


def main(lab: str, file: str) -> None:
    """Print a verdict for each requirement of the lab, as far as they can be judged."""
    path = Path(file)
    sys.path.insert(0, str(path.parent))
    judge = importlib.import_module(f"helpers.checks.lab_{lab}")
    from helpers.checks.verdicts import Verdict

    try:
        answer = importlib.import_module(path.stem)
        for verdict in judge.judge(answer):
            verdict.send()
    except NotImplementedError:
        for name in judge.REQUIREMENTS:
            Verdict(name, "todo").send()
    except Exception as error:  # the learner's own, whatever it is
        where = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in where if Path(frame.filename) == path]
        line = f", line {own[-1].lineno} of {path.name}" if own else ""
        print(f"{type(error).__name__}: {error}{line}", flush=True)
        sys.exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
