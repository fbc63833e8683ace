"""The doctor: what the course needs on this machine, what is missing, and how to fix it."""

import contextlib
import multiprocessing
import os
import shlex
import shutil
import socket
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tools.launcher.browsers import find_browser, how_to_get_one
from tools.launcher.copies import MY_COURSE
from tools.launcher.environment import (
    LOCK,
    bad_path,
    damage,
    in_the_way,
    is_of_the_system,
    missing,
    why_remake,
)
from tools.launcher.install import kept_uv, no_pip
from tools.launcher.paths import (
    NEWEST,
    OLDEST,
    OURS,
    ROOT,
    VENV,
    WINDOWS,
    give_it_back,
    laid_by_others,
)
from tools.launcher.pythons import all_pythons, has_ensurepip, has_pip, this_python
from tools.outline import LAB, LESSON

# True: it is there. None: good to know. False: it stands in the way; the text says what to do.
Finding = tuple[bool | None, str]

MEGABYTE = 10**6
FEWEST_FILES = 256  # that must be allowed to be open at once


def findings() -> Iterator[Finding]:
    """Yield what there is to say about this machine, most important first."""
    yield from python_itself()
    yield from folder()
    yield from installed()
    yield from processes()
    yield from loopback()
    yield from extras()


def python_itself() -> Iterator[Finding]:
    """Look at the interpreter, and at what can install packages for it."""
    python, version = this_python(), sys.version.split()[0]
    yield True, f"Python {version}, {python.exe}"
    if sys.version_info.minor > NEWEST:
        yield None, f"the course is tested on 3.{OLDEST} to 3.{NEWEST}; this one is newer"
    with_pip = has_ensurepip(python.exe) or has_pip(python.exe)
    if uv := shutil.which("uv") or kept_uv():
        yield True, f"packages are installed with uv, {uv}"
    elif with_pip:
        yield True, "packages are installed with uv, which pip fetches, else with pip alone"
    else:
        yield False, no_pip(python)


def folder() -> Iterator[Finding]:
    """Look at the course's own folder."""
    if refusal := bad_path():
        yield False, refusal
    if os.access(ROOT, os.W_OK):
        yield True, f"the course is in {ROOT}"
    else:
        yield False, f"{ROOT} can't be written: copy the course to a folder of your own"
    if refusal := laid_by_others():
        yield False, refusal
    yield from folders_of_the_learner()
    yield from open_to_everyone()
    if not (ROOT / "notebooks").is_dir():
        yield False, "there is no folder notebooks: get the course again, or course.py build"


def folders_of_the_learner() -> Iterator[Finding]:
    """Look for what course.py made earlier and this user can't open."""
    for name in OURS:
        path = ROOT / name
        if path.is_dir() and not os.access(path, os.R_OK | os.W_OK | os.X_OK):
            cure = give_it_back() or f"make it yours to write: chmod -R u+rwX {path}"
            yield False, f"{path} can't be opened or written: {cure}"


def open_to_everyone() -> Iterator[Finding]:
    """Look for what another user could change, or put a file into, that Python then runs."""
    if WINDOWS:
        return
    for path in ROOT.parents:
        with contextlib.suppress(OSError):
            mode = path.stat().st_mode
            if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:  # in /tmp, each renames their own
                yield (
                    None,
                    "every user of this machine can put another course in the place of yours in"
                    f" {path}: move the course to a folder that only you can write",
                )
    named: set[Path] = set()
    for path in run_from():
        with contextlib.suppress(OSError):
            is_open = path.stat().st_mode & stat.S_IWOTH
            if is_open and not named.intersection(path.parents):  # the same cure is for all below
                named.add(path)
                yield (
                    None,
                    f"every user of this machine can write {path}, and put a program there that"
                    " runs when you start the course or a kernel. Look at what is in it, then type:"
                    f" chmod -R o-w {shlex.quote(str(path))} (on a disk without permissions, such"
                    " as a USB stick, that changes nothing)",
                )


def run_from() -> Iterator[Path]:
    """Yield the folders and files from which a start of the course or a kernel runs programs."""
    ours = [ROOT / name for name in OURS]
    yield from (ROOT, *ours, ROOT / MY_COURSE / LESSON, ROOT / MY_COURSE / LAB)
    yield ROOT / "course.py"
    for folder in (ROOT / "helpers", ROOT / "tools"):
        yield folder
        yield from sorted(folder.rglob("*"))
    yield from (VENV / "bin", *sorted((VENV / "bin").glob("*")), VENV / "lib")
    for packages in sorted(VENV.glob("lib/*/site-packages")):
        yield from (packages.parent, packages, *sorted(packages.glob("*")))


def installed() -> Iterator[Finding]:
    """Look at the environment."""
    if not (ROOT / LOCK).exists():
        yield False, f"{ROOT / LOCK}, which says what to install, is missing. Get the course again"
        return
    reason = why_remake(VENV, this_python())
    if reason or missing(VENV, this_python(), [LOCK]):
        yield None, f"{VENV.name} is made at the next start: {reason or 'the lock has changed'}"
        room = shutil.disk_usage(ROOT).free // MEGABYTE
        if room < 1000:
            yield False, f"only {room} MB are free on this disk: make room, it takes about 700 MB"
        return
    if found := in_the_way(VENV):
        yield False, found
        return
    fault = damage(VENV)
    if is_of_the_system(fault):
        yield (
            False,
            f"{VENV.name} can't be used, because of a limit of the system ({fault}): ulimit -a"
            " shows the limits; raise the one that is low, or start from another terminal",
        )
    elif fault:
        uv = shutil.which("uv") or kept_uv()
        cache = f" type {uv} cache clean (its cache may have the damaged file)," if uv else ""
        yield False, f"{VENV.name} is damaged ({fault}): delete it,{cache} then start again"
    else:
        yield True, f"{VENV.name} is ready"


def processes() -> Iterator[Finding]:
    """Look at what the lessons work with: cores, start methods, locks, room for sockets."""
    affinity = getattr(os, "sched_getaffinity", None)
    usable = len(affinity(0)) if affinity else os.cpu_count() or 1
    alone = ": the lessons run, but no work gets faster with more processes"
    yield (True, f"{usable} cores") if usable > 1 else (None, f"one core{alone}")
    methods = multiprocessing.get_all_start_methods()
    yield True, f"start methods: {', '.join(methods)}; the first is the default"
    try:
        multiprocessing.get_context("spawn").Lock()
    except (ImportError, OSError) as error:
        yield False, f"no lock between processes ({error}): is /dev/shm there, and yours to write?"
    shared = Path("/dev/shm")
    if shared.exists() and shutil.disk_usage(shared).total < 128 * MEGABYTE:
        yield None, "/dev/shm is small: in Docker, start the container with --shm-size=1g"
    yield from limits()
    try:
        temporary = tempfile.gettempdir()
    except OSError as error:
        yield (
            False,
            f"there is no folder for temporary files ({error.strerror}): make room there, or set"
            " TMPDIR to a folder that you can write",
        )
        return
    if len(temporary) > 60 and not WINDOWS:
        yield False, f"the path {temporary} is too long for sockets: set TMPDIR to a shorter one"


def limits() -> Iterator[Finding]:
    """Look at how many files may be open at once; JupyterLab goes up to the hard limit itself."""
    with contextlib.suppress(ImportError):  # Windows
        import resource

        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        if 0 <= most < FEWEST_FILES:
            yield (
                False,
                f"only {most} files may be open at once, too few for JupyterLab and its kernels:"
                " type ulimit -n 4096, or ask who runs this machine to allow more",
            )


def loopback() -> Iterator[Finding]:
    """Look at this machine's own network, over which JupyterLab and its kernels talk."""
    try:
        with (
            socket.create_server(("127.0.0.1", 0)) as server,
            socket.create_connection(server.getsockname(), timeout=5),
        ):
            yield True, "programs can talk over 127.0.0.1"
    except OSError as error:
        yield (
            False,
            f"programs can't talk over 127.0.0.1 ({error}): ask what forbids it, a firewall?",
        )


def extras() -> Iterator[Finding]:
    """Look at what `reset` and `test --all` can use besides."""
    if not shutil.which("git"):
        yield None, "there is no git: reset builds notebooks from their source"
    versions = ", ".join(python.version for python in all_pythons())
    yield None, f"Pythons for test --all: {versions}"
    browser = find_browser()
    none = "no browser for test --all"
    yield None, f"a browser for test --all: {browser}" if browser else f"{none}: {how_to_get_one()}"
