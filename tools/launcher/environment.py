"""Makes the environments that the course runs in, and mends them.

    locks + interpreter + folder = stamp -> nothing to do | install what changed | make it anew

An environment is made once. While its stamp stays true, nothing is installed again.
"""

import contextlib
import hashlib
import json
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.launcher.install import fill
from tools.launcher.paths import ROOT, STATE, WINDOWS, Problem, say, variables, venv_python
from tools.launcher.pythons import Python, same

LOCK, BROWSER_LOCK = "requirements.lock", "requirements-browser.lock"
BARE_LOCK = "requirements-bare.lock"  # pytest and psutil, for `test --standard-library`
STAMP = "course.json"

# JupyterLab as a learner first sees it: no question about news, no request to other hosts, a short
# list of files. jupytext is here for the build; as an extension it would stand between a learner's
# notebook and the disk.
FURNITURE: dict[str, object] = {
    "share/jupyter/lab/settings/overrides.json": {
        "@jupyterlab/apputils-extension:notification": {
            "fetchNews": "false",
            "checkForUpdates": False,
        },
        "@jupyterlab/filebrowser-extension:browser": {
            "navigateToCurrentDirectory": True,
            "showLastModifiedColumn": False,
        },
    },
    "etc/jupyter/labconfig/page_config.json": {"disabledExtensions": {"jupyterlab-jupytext": True}},
    "etc/jupyter/jupyter_server_config.d/zz_course.json": {
        "ServerApp": {"jpserver_extensions": {"jupyterlab_jupytext": False}}
    },
}


def environment(venv: Path, python: Python, locks: Sequence[str] = (LOCK,)) -> Path:
    """Return the environment, made or mended first where it has to be."""
    if missing(venv, python, locks):
        try:
            with alone(venv):
                wanted = missing(venv, python, locks)  # another course.py may have just done it
                if wanted:
                    make_or_mend(venv, python, wanted)
        except OSError as error:
            raise Problem(
                f"The environment {venv} has to be written, and can't be: {error}.\n"
                "Close what uses it (JupyterLab, an editor). Is it yours to write? If not:\n"
                f"    make it so: {'icacls' if WINDOWS else 'chmod -R u+w'} {ROOT}\n"
                "    or copy the course to a folder of your own, and start it there."
            ) from error
    return venv


def missing(venv: Path, python: Python, locks: Sequence[str]) -> list[str]:
    """Return the locks that this environment does not hold, or no longer as they are now."""
    stamp = {} if why_remake(venv, python) else read_stamp(venv)
    return [lock for lock in locks if stamp.get(lock) != fingerprint(lock)]


def why_remake(venv: Path, python: Python) -> str:
    """Return why this environment can't be used or built upon, or "" where it can."""
    stamp = read_stamp(venv)
    if not venv.exists():
        return "it is not there yet"
    if not stamp:
        return "it is not complete"
    if not venv_python(venv).exists():
        return "its Python is gone"
    if stamp.get("root") != str(ROOT):
        return "the course's folder was moved"
    if not same(stamp.get("python", ""), python.exe):
        return f"it was made with another Python, {stamp.get('python')}"
    return ""


def read_stamp(venv: Path) -> dict[str, str]:
    """Return what the environment was made for, or {} where it was never finished."""
    with contextlib.suppress(OSError, ValueError):
        stamp = json.loads((venv / STAMP).read_text(encoding="utf-8"))
        return stamp if isinstance(stamp, dict) else {}
    return {}


def write_stamp(venv: Path, stamp: dict[str, str]) -> None:
    """Note in the environment what it was made for."""
    (venv / STAMP).write_text(json.dumps(stamp, indent=2), encoding="utf-8")


def fingerprint(lock: str) -> str:
    """Return a hash of what an environment gets: what is locked, and the files beside it."""
    content = (ROOT / lock).read_text(encoding="utf-8") + json.dumps(FURNITURE)
    return hashlib.sha256(content.encode()).hexdigest()


@contextlib.contextmanager
def alone(venv: Path) -> Iterator[None]:
    """Hold this environment's lock, so that of two starts at once only one makes it."""
    STATE.mkdir(exist_ok=True)
    with (STATE / f"{venv.name}.lock").open("w") as file:
        if WINDOWS:
            import msvcrt

            locked = False
            while not locked:
                with contextlib.suppress(OSError):  # a try waits for ten seconds, then gives up
                    msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
                    locked = True
        else:
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Another course.py is making the environment. Waiting for it ...")
                fcntl.flock(file, fcntl.LOCK_EX)
        yield


def make_or_mend(venv: Path, python: Python, locks: Sequence[str]) -> None:
    """Bring the environment to what the locks say; from scratch where it can't be built upon."""
    started = time.monotonic()
    unfinished = STATE / f"{venv.name}.unfinished"
    why, stamp = why_remake(venv, python), read_stamp(venv)
    if why and venv.exists():
        say(f"{venv.name} has to be made again: {why}.")
        clear_away(venv, ours=bool(stamp) or unfinished.exists())
    if why:
        unfinished.touch()
        stamp = {"root": str(ROOT), "python": python.exe}
    else:  # should this fail, the next start tries again, and keeps what is there
        write_stamp(venv, {key: value for key, value in stamp.items() if key not in locks})
    fill(venv, python, [ROOT / lock for lock in locks])
    furnish(venv)
    write_stamp(venv, stamp | {lock: fingerprint(lock) for lock in locks})
    unfinished.unlink(missing_ok=True)
    say(f"{venv.name} is ready, after {time.monotonic() - started:.0f} s.")


def clear_away(venv: Path, *, ours: bool) -> None:
    """Delete an environment of our making; keep any other one under a new name."""
    if ours or not any(venv.iterdir()):
        shutil.rmtree(venv)
        return
    names = (venv.with_name(f"{venv.name}-old-{number}") for number in range(1, 1000))
    spare = next(name for name in names if not name.exists())
    venv.rename(spare)
    say(f"It is not of course.py's making, so it is kept: {spare.name}. Delete it if you like.")


def furnish(venv: Path) -> None:
    """Make the course importable from the environment, and JupyterLab calm."""
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.check_output([venv_python(venv), "-c", code], text=True, env=variables())
    Path(packages.strip(), "course.pth").write_text(f"{ROOT}\n", encoding="locale")
    for name, content in FURNITURE.items():
        (venv / name).parent.mkdir(parents=True, exist_ok=True)
        (venv / name).write_text(json.dumps(content, indent=2), encoding="utf-8")
