"""Open the browser for JupyterLab, as a process that course.py does not end.

    python open_browser.py [BROWSER] ADDRESS    start the same again, apart, and return at once

What JupyterLab starts ends with it. A browser must not, even if it was not running before: so it is
neither below JupyterLab nor does it have the mark of what JupyterLab started. It has a mark
of its own, by which the keeper, to which Linux gives it, knows it.
"""

import os
import subprocess
import sys
import webbrowser
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from helpers.process_control import MARKS, in_own_group

BEFORE = "COURSE_TMPDIR"  # the variable that keeps what the user has set as TMPDIR
APART = "browser"  # the mark of the second process and of the browser


def outside() -> dict[str, str]:
    """Return the variables without the folder for temporary files: it goes with JupyterLab."""
    found = dict(os.environ)
    if BEFORE in found:
        before = found.pop(BEFORE)
        found.pop("TMPDIR", None)
        found |= {"TMPDIR": before} if before else {}
    return found


def main(arguments: list[str]) -> int:
    """Open the address, or start the process that does; return the exit code."""
    marks = os.environ.get(MARKS, "").split()
    if APART not in marks:
        nowhere = subprocess.DEVNULL
        subprocess.Popen(
            [sys.executable, __file__, *arguments],
            env=outside() | {MARKS: " ".join([*marks[:-1], APART])},
            stdin=nowhere,
            stdout=nowhere,
            stderr=nowhere,
            **in_own_group(),
        )
        return 0
    *names, address = arguments
    return 0 if webbrowser.get(*names).open(address) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
