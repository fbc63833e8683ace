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


def in_the_way(folder: str) -> str:
    """Return what in the folder Python would load in place of a module of its own, or ""."""
    import os

    for name in sorted(os.listdir(folder)):  # noqa: PTH208
        module = name[:-3] if name.endswith(".py") else name
        inside = os.path.join(folder, name, "__init__.py")  # noqa: PTH118
        loadable = module != name or os.path.exists(inside)  # noqa: PTH110
        if loadable and module in {*sys.stdlib_module_names} - {*sys.builtin_module_names}:
            return name
    return ""


def start() -> int:
    """Carry out the command line, and return the exit code."""
    import os

    # No other user reads or writes what the course keeps. This comes before the first import of
    # ours, because Python then writes what it has compiled.
    umask = os.umask(0o077)
    # Python leaves this folder out where PYTHONSAFEPATH is set.
    folder = os.path.dirname(os.path.realpath(__file__))  # noqa: PTH120
    found = in_the_way(folder)
    if found:
        sys.exit(
            f"There is {found} in the course's folder. Python has a module of that name, and would"
            "\nload yours in its place. Rename it, or move it to another folder, then start again."
        )
    sys.path.insert(0, folder)
    try:
        from tools.launcher.cli import main
    except (ImportError, SyntaxError) as error:
        sys.exit(f"A file of the course is missing or damaged: {error}\nGet the course again.")
    return main(sys.argv[1:], umask)


if __name__ == "__main__":
    if sys.version_info < OLDEST:
        sys.exit(too_old())
    try:
        sys.exit(start())
    except KeyboardInterrupt:  # while its parts are imported
        sys.exit(130)
