"""The paths, variables and messages that every part of the launcher uses."""

import contextlib
import os
import shlex
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
STATE = ROOT / ".course"  # what belongs to this checkout and not to the course; git ignores it
WINDOWS = os.name == "nt"
OLDEST, NEWEST = 11, 15  # minor versions of Python 3 that the course is tested on

OURS = ("my_course", ".course", ".venv")  # what course.py makes in the course's folder
ENVIRONMENTS = ".venv*"  # also those of other Pythons, and old ones that come back

FOREIGN = (
    *("PYTHONHOME", "PYTHONPATH", "PYTHONSAFEPATH", "PYTHONEXECUTABLE", "PYTHONPLATLIBDIR"),
    *("PYTHONWARNINGS", "PYTHONINSPECT", "PYTHONSTARTUP", "PYTHONOPTIMIZE", "MPLBACKEND"),
    *("PIP_USER", "PIP_TARGET", "PIP_PREFIX"),
    # Ours: the first and the last name a folder that is removed at the end.
    *("COURSE_TEMPORARY", "COURSE_KEEPER", "COURSE_TMPDIR"),
)
# They make another Python of the one that is started.
OTHER_PYTHON = ("PYTHONHOME", "PYTHONEXECUTABLE", "PYTHONPLATLIBDIR", "__PYVENV_LAUNCHER__")
HOMES = {  # where programs write in the home folder, and where they do so instead
    "XDG_CACHE_HOME": "cache",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
    "MPLCONFIGDIR": "matplotlib",
}


class Problem(Exception):
    """Something the person at the keyboard must know: what happened, and what to do next."""


def give_it_back() -> str:
    """Return how to get back what another user owns in the course's folder, or "" if nothing is.

    A start with sudo makes files that the learner can't open afterward.
    """
    if WINDOWS:
        return ""
    for path in (ROOT, *(ROOT / name for name in OURS)):
        with contextlib.suppress(OSError):
            if path.lstat().st_uid != os.geteuid():
                return (
                    f"{path} belongs to another user, as after a start with sudo."
                    " If it is yours, type:\n"
                    f"    sudo chown -R $(id -un) {shlex.quote(str(ROOT))}\n"
                    "If not, copy the course to a folder of your own, and start it there."
                )
    return ""


def laid_by_others() -> str:
    """Return what to do about a folder for the learner's files that another user has made, or "".

    Where others can write the course's folder, one of them may have put it there, to read or change
    what the learner keeps in it. The owner of the course itself, and root, can do so anyway.
    """
    if WINDOWS:
        return ""
    for path in dict.fromkeys([*(ROOT / name for name in OURS), *sorted(ROOT.glob(ENVIRONMENTS))]):
        with contextlib.suppress(OSError):
            owner = path.lstat().st_uid
            if owner not in (0, os.geteuid(), ROOT.stat().st_uid):
                return (
                    f"{path} belongs to another user (number {owner}), who could read and change"
                    " what you keep there.\nLook at what is in it. If it is yours, type:\n"
                    f"    sudo chown -R $(id -un) {shlex.quote(str(path))}\n"
                    "If not, copy the course to a folder that only you can write, and start it"
                    " there."
                )
    return ""


LOST: list[str] = []  # why something that was said could not be printed


def say(text: str) -> None:
    """Print at once, as well as the terminal's encoding can show it; if that fails, note why."""
    encoding = sys.stdout.encoding or "ascii"
    try:
        print(text.encode(encoding, "replace").decode(encoding), flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        LOST.append(error.strerror or str(error))
        forget_output()


def forget_output() -> None:
    """Discard what is printed from now on, so that no later attempt can fail."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def open_streams() -> None:
    """Open what the caller has closed of standard input, output and error.

    Else the next file that is opened would get the number of one, and what a program prints would
    go into that file.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is not None:
            continue
        with contextlib.suppress(OSError):  # a closed one; Python itself may have taken its number
            os.fstat(number)
            continue
        os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # it gets the lowest number
        setattr(sys, name, open(number, mode, closefd=False))  # noqa: SIM115
        if name == "stdout":
            LOST.append("standard output is closed")


def venv_python(venv: Path) -> Path:
    """Return the path of an environment's interpreter."""
    return venv / ("Scripts/python.exe" if WINDOWS else "bin/python")


def variables(venv: Path | None = None) -> dict[str, str]:
    """Return environment variables that lead into this environment, and to no other packages."""
    found = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    found.pop("__PYVENV_LAUNCHER__", None)  # macOS: it would turn our Python into the caller's
    if venv:
        # Nothing after the separator would mean the folder in which a program runs.
        before = found.get("PATH") or os.defpath
        found["PATH"] = f"{venv_python(venv).parent}{os.pathsep}{before}"
        found["VIRTUAL_ENV"] = str(venv)
        found["JUPYTER_PREFER_ENV_PATH"] = "1"  # our kernel, not its namesake in the home folder
    return found if home_is_usable() else instead_of_home() | found


def home_is_usable() -> bool:
    """Return whether programs can keep something in the home folder."""
    with contextlib.suppress(RuntimeError, OSError):  # there is no home folder at all
        home = Path.home()
        return home.is_dir() and os.access(home, os.W_OK | os.X_OK)
    return False


def instead_of_home() -> dict[str, str]:
    """Return variables by which programs keep in the course's folder what belongs in the home."""
    folder = STATE / "home"
    return {name: str(folder / part) for name, part in HOMES.items()}
