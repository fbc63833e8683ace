"""The environments that the course runs in: how they are made and repaired.

    locks + interpreter + folder = stamp -> nothing to do | install what changed | make it again

An environment is made once. While its stamp stays true, nothing is installed again. One that has
to be made again stands aside until the new one is complete, and comes back where that fails. (The
new one can't be made beside the old and renamed: its scripts hold its path.)
"""

import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from helpers.files import make_folder
from tools.launcher.install import fill
from tools.launcher.paths import (
    ROOT,
    STATE,
    VENV,
    WINDOWS,
    Problem,
    give_it_back,
    say,
    variables,
    venv_python,
)
from tools.launcher.pythons import Python, same

LOCK, BROWSER_LOCK = "requirements.lock", "requirements-browser.lock"
BARE_LOCK = "requirements-bare.lock"  # pytest and psutil, for `test --standard-library`
STAMP = "course.json"
STARTED = ("jupyterlab.labapp", "ipykernel.kernelapp")  # what opens the course
NEEDED = (*STARTED, "ipywidgets", "matplotlib", "nbval", "psutil", "loky")

# JupyterLab as a learner first sees it: no question about news, no request to other hosts, a short
# list of files. jupytext is here for the build; as an extension it would stand between a learner's
# notebook and the disk. Nor a debugger: any user of this machine can connect to its port, and run
# code in a process that a cell has forked.
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
    "etc/jupyter/labconfig/page_config.json": {
        "disabledExtensions": {
            "jupyterlab-jupytext": True,
            "@jupyterlab/debugger-extension": True,
        }
    },
    "etc/jupyter/jupyter_server_config.d/zz_course.json": {
        "ServerApp": {"jpserver_extensions": {"jupyterlab_jupytext": False}}
    },
}


def environment(venv: Path, python: Python, locks: Sequence[str] = (LOCK,)) -> Path:
    """Return the environment; make or repair it first if necessary."""
    if found := in_the_way(venv):
        raise Problem(found)
    if missing(venv, python, locks):
        if refusal := bad_path():
            raise Problem(refusal)
        try:
            with environment_lock(venv):
                wanted = missing(venv, python, locks)  # another course.py may have just done it
                if wanted:
                    refuse_if_used(venv, python, wanted)
                    make_or_update(venv, python, wanted)
        except OSError as error:
            raise Problem(not_written(venv, error)) from error
        if found := in_the_way(venv):  # only now it is known what is installed
            raise Problem(found)
    return venv


COURSES_OWN = {"helpers", "tools", "tests", "course", "setup"}


def in_the_way(venv: Path) -> str:
    """Return what to do about a file that Python would load in place of a package, or "".

    course.py's programs run in the course's folder, so what is there comes first.
    """
    taken = installed_names(venv) - COURSES_OWN
    for path in sorted([*ROOT.glob("*.py"), *(path.parent for path in ROOT.glob("*/__init__.py"))]):
        if path.stem in taken:
            return (
                f"There is {path.name} in the course's folder. A package in {venv.name} has that"
                " name, and Python would\nload yours in its place. Rename it, or move it to another"
                " folder, then start again."
            )
    return ""


def installed_names(venv: Path) -> set[str]:
    """Return the names under which what is installed in an environment can be imported."""
    return {name.partition(".")[0] for name in parts(read_stamp(venv).get("packages", ""))}


def not_written(venv: Path, error: OSError) -> str:
    """Return what to do if an environment can't be written."""
    cure = give_it_back() if isinstance(error, PermissionError) else ""
    make_so = (
        f"    make it so: {'icacls' if WINDOWS else 'chmod -R u+w'} {ROOT}\n"
        "    or copy the course to a folder of your own, and start it there."
    )
    return (
        f"The environment {venv} has to be written, and can't be: {error}.\n"
        "Close what uses it (JupyterLab, an editor). Is it yours to write? If not:\n"
        f"{cure or make_so}"
    )


def bad_path() -> str:
    """Return what to do if no environment works in the course's folder; "" if one does."""
    path = str(ROOT)
    if starts_no_program(VENV if VENV.exists() else ROOT):
        return (
            f"The course is in {path}, on a disk from which no program may start (it is mounted"
            " noexec).\nNo environment works there. Copy the course to a folder on another disk,"
            " and start it there."
        )
    if os.pathsep in path:
        why = f"{os.pathsep!r}, because that\nseparates the folders on PATH"
    elif "\n" in path or "\r" in path:
        why = "a line break"
    elif path.encode("utf-8", "replace").decode() != path:
        encoding = sys.getfilesystemencoding()
        if encoding != "utf-8":  # the name may be right
            return (
                f"The course is in {path}. This Python reads the names of files as {encoding},"
                " which can't hold this one.\nUnset PYTHONUTF8, or set it to 1; then start again."
            )
        why = "a name that is not in UTF-8, as\nan old archive may hold it"
    else:
        return ""
    return (
        f"The course is in {path}. No environment works in a path with {why}."
        " Rename the folder, then start again."
    )


def starts_no_program(folder: Path) -> bool:
    """Tell whether the system refuses to start programs, and to load libraries, from this disk."""
    with contextlib.suppress(OSError, AttributeError):  # Windows and macOS have no such question
        return bool(os.statvfs(folder).f_flag & os.ST_NOEXEC)
    return False


def missing(venv: Path, python: Python, locks: Sequence[str]) -> list[str]:
    """Return the locks that are not installed here, or that have changed since they were."""
    stamp = {} if why_remake(venv, python) else read_stamp(venv)
    return [lock for lock in locks if stamp.get(lock) != fingerprint(lock)]


def why_remake(venv: Path, python: Python) -> str:
    """Return why this environment can't be used or updated; "" if it can."""
    stamp = read_stamp(venv)
    if not os.path.lexists(venv):
        return "it is not there yet"
    if not venv.is_dir():
        return "it is not a folder"
    if not stamp:
        return "it is not complete"
    if not venv_python(venv).exists():
        return "its Python is gone"
    if "damage" in stamp:
        return f"it is damaged: {stamp['damage']}"
    if stamp.get("root") != str(ROOT):
        return "the course's folder was moved"
    if not same(stamp.get("python", ""), python.exe):
        return f"it was made with another Python, {stamp.get('python')}"
    if gone := set(stamp.get("parts", "").split()) - parts(stamp.get("packages", "")):
        return f"it is damaged: {min(gone)} is gone ({len(gone)} gone in all)"
    return ""


def parts(packages: str) -> set[str]:
    """Return the names of what is installed in a folder, without those that hold a version."""
    with contextlib.suppress(OSError), os.scandir(packages or os.devnull) as entries:
        names = {entry.name for entry in entries}
        return {name for name in names if not name.endswith((".dist-info", "__pycache__"))}
    return set()


def damage(venv: Path, packages: Sequence[str] = NEEDED) -> str:
    """Return why the environment's main packages can't be imported; "" if they can."""
    command = [venv_python(venv), "-c", f"import {', '.join(packages)}"]
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, env=variables(venv)
        )
    except OSError as error:
        return f"its Python does not start: {error.strerror}"
    return (done.stderr.strip().splitlines() or ["no message"])[-1] if done.returncode else ""


def still_works(venv: Path) -> bool:
    """Return whether JupyterLab can be opened in an environment that could not be updated."""
    stamp = read_stamp(venv)
    whole = stamp.get("root") == str(ROOT) and "damage" not in stamp
    return whole and not damage(venv, STARTED)


LIMITS = "MemoryError|Too many open files|Cannot allocate memory|temporarily unavailable|No space"


def is_of_the_system(fault: str) -> bool:
    """Return whether a limit of the system causes this fault: a new environment has it, too."""
    return bool(re.search(LIMITS, fault))


def note_damage(venv: Path) -> bool:
    """Note that the environment has to be made again, if it is damaged; return whether it is."""
    fault = damage(venv)
    if not fault or is_of_the_system(fault):
        return False
    write_stamp(venv, read_stamp(venv) | {"damage": fault})
    return True


def read_stamp(venv: Path) -> dict[str, str]:
    """Return what the environment was made for; {} if it was never finished."""
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


NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS)  # some network drives


@contextlib.contextmanager
def environment_lock(venv: Path) -> Iterator[None]:
    """Hold this environment's lock, so that only one course.py makes it at a time.

    Where files can't be locked, do without: two starts at once are rare.
    """
    make_folder(STATE)
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
            except OSError as error:
                if error.errno not in NO_LOCKS:
                    raise
            # An installer holds it, too: killed alone, course.py leaves one that still writes.
            os.set_inheritable(file.fileno(), True)
        yield


def users_file(venv: Path) -> Path:
    """Return the file that each JupyterLab running in the environment holds a lock on."""
    return STATE / f"{venv.name}.in-use"


@contextlib.contextmanager
def in_use(venv: Path) -> Iterator[None]:
    """Let no other course.py change this environment meanwhile; several may use it at once.

    Where nothing can be locked, do without. Windows renames no folder in which a program runs.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError, ImportError):
            import fcntl

            make_folder(STATE)
            file = stack.enter_context(users_file(venv).open("a"))
            fcntl.flock(file, fcntl.LOCK_SH)
        yield


def refuse_if_used(venv: Path, python: Python, locks: Sequence[str]) -> None:
    """Raise a Problem if a JupyterLab runs in an environment that would be changed below it.

    It could start no kernel then, and save no notebook. More packages do it no harm.
    """
    why = why_remake(venv, python) or (LOCK in locks and "the lock has changed")
    if not why or not users_file(venv).exists():
        return
    with contextlib.suppress(ImportError):
        import fcntl

        with users_file(venv).open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Problem(
                    f"{venv.name} has to be changed ({why}), but JupyterLab runs in {venv.name}:"
                    " it could then save\nno notebook and start no kernel. End it (Ctrl-C in its"
                    " terminal), then start again."
                ) from None
            except OSError as error:
                if error.errno not in NO_LOCKS:
                    raise


def make_or_update(venv: Path, python: Python, locks: Sequence[str]) -> None:
    """Install what the locks say; start from scratch if the environment can't be updated."""
    started = time.monotonic()
    if why := why_remake(venv, python) if os.path.lexists(venv) else "":
        say(f"{venv.name} has to be made again: {why}.")
    bring_back(venv)  # what a start that was killed had put aside
    stamp = read_stamp(venv)
    if why_remake(venv, python):
        with in_its_place(venv) as put_aside:
            new = {"root": str(ROOT), "python": python.exe}
            complete(venv, python, locks, new, fresh="damage" in stamp)
        clear_away(put_aside)
    else:  # should this fail, the next start tries again, and keeps what is there
        write_stamp(venv, {key: value for key, value in stamp.items() if key not in locks})
        complete(venv, python, locks, stamp)
    say(f"{venv.name} is ready, after {time.monotonic() - started:.0f} s.")


def complete(
    venv: Path, python: Python, locks: Sequence[str], stamp: dict[str, str], *, fresh: bool = False
) -> None:
    """Install what is locked, furnish the environment, and note what it now holds."""
    fill(venv, python, [ROOT / lock for lock in locks], fresh=fresh)
    packages = furnish(venv)
    held = {"packages": str(packages), "parts": " ".join(sorted(parts(str(packages))))}
    write_stamp(venv, stamp | held | {lock: fingerprint(lock) for lock in locks})


def unfinished(venv: Path) -> Path:
    """Return the file that exists while an environment is being made, and is not complete yet."""
    return STATE / f"{venv.name}.unfinished"


def aside(venv: Path) -> Path:
    """Return where the old environment waits until the new one is complete."""
    return venv.with_name(f"{venv.name}-aside")


@contextlib.contextmanager
def in_its_place(venv: Path) -> Iterator[Path]:
    """Move an old environment aside while a new one is made; if that fails, put it back.

    Yield the path at which the old one waits; at the end it is the caller's.
    """
    if os.path.lexists(venv):  # also a link that leads nowhere
        venv.rename(aside(venv))  # Windows refuses while a program in it runs, and nothing is lost
    unfinished(venv).touch()
    try:
        yield aside(venv)
    except BaseException:
        if bring_back(venv):
            say(f"{venv.name} is put back as it was.")
        raise
    unfinished(venv).unlink()


def bring_back(venv: Path) -> bool:
    """Delete a half-made environment, and put the old one back; return whether there was one.

    The order of in_its_place() makes every state in which it may be killed readable: without the
    mark, what stands at the path was never touched; with mark and stamp, it was just completed.
    """
    if unfinished(venv).exists() and venv.exists() and not read_stamp(venv):
        shutil.rmtree(venv)
    came_back = os.path.lexists(aside(venv)) and not os.path.lexists(venv)
    if came_back:
        aside(venv).rename(venv)
    unfinished(venv).unlink(missing_ok=True)
    clear_away(aside(venv))
    if being_deleted(venv).exists():
        shutil.rmtree(being_deleted(venv), ignore_errors=True)
    return came_back


def being_deleted(venv: Path) -> Path:
    """Return the path of an environment that course.py made, while it is deleted.

    A deletion that is killed may have taken the stamp, which says that course.py made it.
    """
    return venv.with_name(f"{venv.name.removesuffix('-aside')}-being-deleted")


def clear_away(old: Path) -> None:
    """Delete an old environment that course.py made; keep any other one under a new name."""
    if not os.path.lexists(old):
        return
    is_folder = old.is_dir() and not old.is_symlink()  # another course may use a link's target
    if is_folder and (read_stamp(old) or not any(old.iterdir())):
        going = being_deleted(old)
        if going.exists():
            shutil.rmtree(going, ignore_errors=True)  # what is in use there goes another time
        shutil.rmtree(old if going.exists() else old.rename(going), ignore_errors=True)
        return
    name = old.name.removesuffix("-aside")
    spares = (old.with_name(f"{name}-old-{number}") for number in range(1, 1000))
    spare = next(path for path in spares if not os.path.lexists(path))
    old.rename(spare)
    say(f"It is not of course.py's making, so it is kept: {spare.name}. Delete it if you like.")


def furnish(venv: Path) -> Path:
    """Make the course importable from the environment, and write JupyterLab's settings.

    Return the folder of its packages.
    """
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    command = [venv_python(venv), "-c", code]
    printed = subprocess.check_output(command, cwd=ROOT, text=True, env=variables())
    packages = Path(printed.strip())
    (packages / "course.pth").write_text(f"{ROOT}\n", encoding="locale")
    for name, content in FURNITURE.items():
        (venv / name).parent.mkdir(parents=True, exist_ok=True)
        (venv / name).write_text(json.dumps(content, indent=2), encoding="utf-8")
    return packages
