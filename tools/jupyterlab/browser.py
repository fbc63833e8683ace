"""A real JupyterLab in a real Chromium, for the tests and for the README's picture.

    with jupyterlab() as server, chromium() as browser:
        page = browser.new_page()
        page.goto(server.address())

JupyterLab serves a copy of the course, in a folder of its own, with a learner's my_course in it,
and keeps everything that it writes there: the checkout and the learner's notes stay as they are.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from helpers.process_control import find_marked, in_own_group, kill_tree
from helpers.runner import process_states
from tools.build.kernel_environment import UNWANTED, Scratch, scratch_folder
from tools.launcher.browsers import find_browser, how_to_get_one
from tools.launcher.copies import MY_COURSE, make_copies
from tools.launcher.jupyter import lab_settings
from tools.launcher.paths import variables
from tools.outline import ROOT
from tools.pytest_leftovers.watch import Watch

if TYPE_CHECKING:
    from playwright.sync_api import Browser

QUIET = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
NOT_COPIED = (".*", "__pycache__", "*.egg-info", "my_course", "work_*.py", "*.mine-*.ipynb")
FLAGS = (
    # The page shows its application object to us, so that we can ask it for cells and outputs.
    "--LabApp.expose_app_in_browser=True",
    # If this program is killed, it ends by itself a few minutes after its last request.
    "--MappingKernelManager.cull_idle_timeout=120",
    "--MappingKernelManager.cull_interval=60",
    "--ServerApp.shutdown_no_activity_timeout=120",
)
START_LIMIT = 60  # seconds until JupyterLab answers
STOP_LIMIT = 20  # seconds until it has shut its kernels down


class Missing(Exception):
    """What a browser test needs is not on this machine; says what to install."""


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Yield a browser without a window; raise Missing if there is none, or no Playwright."""
    program = find_browser()
    if not program:
        raise Missing(f"no browser: {how_to_get_one()}")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise Missing(
            "no Playwright: python3 course.py test --all installs it,"
            " or pip install -r requirements-browser.lock"
        ) from error
    with sync_playwright() as playwright:
        # Playwright starts it without Chromium's sandbox, which root and containers don't allow;
        # all that it opens is ours.
        browser = playwright.chromium.launch(executable_path=program, args=[*QUIET])
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Server:
    """A JupyterLab that runs; `faults` are known when it has ended: what it left behind."""

    process: psutil.Popen
    course: Path
    scratch: Scratch
    url: str
    token: str
    faults: list[str] = field(default_factory=list)

    def address(self, notebook: str = "") -> str:
        """Return the address of a learner's notebook; without a name, of the first page."""
        page = f"lab/tree/{notebook}?reset&" if notebook else "?"
        return f"{self.url}{page}token={self.token}"

    def ask(self, path: str, method: str = "GET", *, token: bool = True) -> tuple[int, bytes]:
        """Return the status and the body of the server's answer to a request."""
        headers = {"Authorization": f"token {self.token}"} if token else {}
        request = urllib.request.Request(self.url + path, headers=headers, method=method)
        try:
            with _directly().open(request, timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def end_kernels(self) -> None:
        """Shut every kernel down."""
        for kernel in json.loads(self.ask("api/kernels")[1]):
            self.ask(f"api/kernels/{kernel['id']}", "DELETE")

    def processes(self) -> dict[int, str]:
        """Return the command of each living process of this JupyterLab, by its pid."""
        found = {}
        for pid in find_marked(self.scratch.mark):
            with contextlib.suppress(psutil.Error):
                process = psutil.Process(pid)
                if process_states.is_alive(process):
                    found[pid] = " ".join(process.cmdline())
        return found


def copy_course(folder: Path) -> Path:
    """Copy the course to `folder`, without what belongs to this checkout alone; return its path."""
    return Path(shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*NOT_COPIED)))


@contextlib.contextmanager
def jupyterlab() -> Iterator[Server]:
    """Yield a JupyterLab on a copy of the course, with the settings of course.py.

    At the end it is shut down, with its kernels, and what it left behind is noted.
    """
    with scratch_folder() as scratch:
        course = copy_course(scratch.folder / "course")
        report = make_copies(course)
        if not report.complete:
            raise RuntimeError(f"The copies could not be made: {report.lines()}")
        watch = Watch.begin(course, course / MY_COURSE, scratch)
        server = _start(course, scratch)
        try:
            _await_answer(server)
            yield server
        finally:
            _end(server)
            server.faults += watch.left_behind()


def _start(course: Path, scratch: Scratch) -> Server:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    flags = ["--no-browser", f"--port={port}", *FLAGS]
    log = scratch.folder / "log"
    with log.open("wb") as file:
        process = psutil.Popen(
            [sys.executable, "-m", "tools.launcher.server", *lab_settings(course), *flags],
            cwd=course,
            env=_environment(scratch) | {"JUPYTER_TOKEN": token},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            **in_own_group(),
        )
    return Server(process, course, scratch, "", token)


def _environment(scratch: Scratch) -> dict[str, str]:
    """Return the environment of a learner's terminal, with folders of its own and our mark."""
    ours = variables(Path(sys.prefix)) | scratch.variables()
    ours |= {
        f"JUPYTER_{what}_DIR": str(scratch.folder / what.lower()) for what in ("CONFIG", "DATA")
    }
    return {key: ours[key] for key in ours if key not in (*UNWANTED, "PYTEST_CURRENT_TEST")}


def _await_answer(server: Server) -> None:
    """Wait until the server answers; its address is in the file that it then writes."""
    note = server.scratch.folder / "runtime" / f"jpserver-{server.process.pid}.json"
    until = time.monotonic() + START_LIMIT
    while time.monotonic() < until and server.process.is_running():
        with contextlib.suppress(OSError, ValueError):
            server.url = json.loads(note.read_text(encoding="utf-8"))["url"]
            if server.ask("api/status")[0] == 200:
                return
        time.sleep(0.05)  # another program's start has no event for us
    log = (server.scratch.folder / "log").read_text(encoding="utf-8", errors="replace")
    raise RuntimeError(f"JupyterLab did not start:\n{log[-2000:]}")


def _end(server: Server) -> None:
    with contextlib.suppress(OSError):
        if server.url:
            server.ask("api/shutdown", "POST")
            server.process.wait(STOP_LIMIT)
            return
    kill_tree(roots=[server.process.pid])


def _directly() -> urllib.request.OpenerDirector:
    """Return what opens addresses of this machine, whatever proxy the environment names."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({}))
