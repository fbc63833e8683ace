"""`course.py check-lab`, in the course's environment: judge a file as the notebook's check does.

python -m tools.check_lab 03 …/work_03.py    prints a line for each requirement
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

from helpers.checks import judge_and_print
from helpers.files import reason
from tools.launcher.paths import forget_output
from tools.launcher.stopping import Stopped, stopping_by_signals

ALL_OK, NOT_OK, NOT_JUDGED = 0, 1, 2  # exit codes


def main(lab: str, file: str) -> int:
    """Judge the answer to the lab in that file; return the exit code."""
    try:
        with stopping_by_signals():
            verdicts = judge_and_print(lab, Path(file))
    except Stopped as stopped:
        with contextlib.suppress(BrokenPipeError):
            print("\nStopped. Nothing of your code is still running.")
        return stopped.exit_code
    except BrokenPipeError:  # what reads this, such as `head`, has seen enough
        forget_output()
        return NOT_JUDGED
    except OSError as error:
        what = f" ({error.filename})" if error.filename else ""
        print(f"{file} can't be judged: {reason(error)}{what}. Fix that, then start again.")
        return NOT_JUDGED
    except RuntimeError as error:
        print(f"{file} can't be judged: {error}")
        return NOT_JUDGED
    return ALL_OK if all(verdict.state == "ok" for verdict in verdicts) else NOT_OK


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
