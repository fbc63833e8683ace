"""The front door of the course. It needs Python 3.11 or newer, and nothing installed.

    python3 course.py          open the course in JupyterLab
    python3 course.py test     run every test
    python3 course.py --help   the rest

An old Python must be able to read this file and say that it is too old.
"""

import sys  # all others are imported where Ctrl-C is caught

OLDEST = (3, 11)


def newer_python() -> str:
    """Return the command of a Python on PATH that is new enough, or "" if there is none."""
    import shutil
    import subprocess

    for minor in range(20, OLDEST[1] - 1, -1):
        command = shutil.which(f"python3.{minor}")
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        try:
            if command and subprocess.call([command, "-c", ""], **quiet) == 0:
                return f"python3.{minor}"
        except OSError:  # it does not start
            continue
    return ""


def too_old() -> str:
    """Return what to tell the person who started this with an old Python."""
    found = newer_python()
    have = "{}.{}".format(*sys.version_info[:2])
    need = "{}.{}".format(*OLDEST)
    mend = (
        f"This machine has a newer one. Type:\n\n    {found} {sys.argv[0]}"
        if found
        else "Install a newer one (from python.org, or with your system's package manager),\n"
        "and start course.py with it."
    )
    return f"The course needs Python {need} or newer; this is Python {have}.\n{mend}"


def start() -> int:
    """Carry out the command line, and return the exit code."""
    import os

    # Python leaves this folder out where PYTHONSAFEPATH is set.
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
    try:
        from tools.launcher.cli import main
    except (ImportError, SyntaxError) as error:
        sys.exit(f"A file of the course is missing or damaged: {error}\nGet the course again.")
    return main(sys.argv[1:])


if __name__ == "__main__":
    if sys.version_info < OLDEST:
        sys.exit(too_old())
    try:
        sys.exit(start())
    except KeyboardInterrupt:  # while its parts are imported
        sys.exit(130)
