"""The paths, variables and messages that every part of the launcher uses."""

import contextlib
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
STATE = ROOT / ".course"  # what belongs to this checkout and not to the course; git ignores it
WINDOWS = os.name == "nt"
OLDEST, NEWEST = 11, 15  # minor versions of Python 3 that the course is tested on

FOREIGN = (
    *("PYTHONHOME", "PYTHONPATH", "PYTHONSAFEPATH", "PYTHONEXECUTABLE", "PYTHONPLATLIBDIR"),
    *("PYTHONWARNINGS", "PYTHONINSPECT", "PIP_USER", "PIP_TARGET", "PIP_PREFIX"),
)
HOMES = {  # where programs write in the home folder, and where they do so instead
    "XDG_CACHE_HOME": "cache",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
    "MPLCONFIGDIR": "matplotlib",
}


class Problem(Exception):
    """Something the person at the keyboard must know: what happened, and what to do next."""


def say(text: str) -> None:
    """Print at once, as well as the terminal's encoding can show it."""
    encoding = sys.stdout.encoding or "ascii"
    print(text.encode(encoding, "replace").decode(encoding), flush=True)


def venv_python(venv: Path) -> Path:
    """Return where an environment keeps its interpreter."""
    return venv / ("Scripts/python.exe" if WINDOWS else "bin/python")


def variables(venv: Path | None = None) -> dict[str, str]:
    """Return environment variables that lead into this environment, and to no other packages."""
    found = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    found.pop("__PYVENV_LAUNCHER__", None)  # macOS: it would turn our Python into the caller's
    if venv:
        found["PATH"] = f"{venv_python(venv).parent}{os.pathsep}{found.get('PATH', '')}"
        found["VIRTUAL_ENV"] = str(venv)
        found["JUPYTER_PREFER_ENV_PATH"] = "1"  # our kernel, not its namesake in the home folder
    return found if home_is_usable() else instead_of_home() | found


def home_is_usable() -> bool:
    """Tell whether programs can keep something in the home folder."""
    with contextlib.suppress(RuntimeError, OSError):  # there is no home folder at all
        home = Path.home()
        return home.is_dir() and os.access(home, os.W_OK | os.X_OK)
    return False


def instead_of_home() -> dict[str, str]:
    """Return variables by which programs keep in the course's folder what belongs in the home."""
    folder = STATE / "home"
    return {name: str(folder / part) for name, part in HOMES.items()}
