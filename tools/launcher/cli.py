"""The commands of course.py: open JupyterLab, or start a tool.

arguments -> a command -> the environment, made if need be -> its Python runs JupyterLab | a tool
"""

import os
import re
import socket
from collections.abc import Sequence
from pathlib import Path

from helpers.progress.course_map import show_progress
from tools.launcher.copies import MY_COURSE, make_copies
from tools.launcher.doctor import findings
from tools.launcher.environment import BARE_LOCK, BROWSER_LOCK, LOCK, environment
from tools.launcher.help import HELP, USAGE
from tools.launcher.matrix import test_everywhere, venv_for
from tools.launcher.paths import ROOT, STATE, VENV, Problem, say
from tools.launcher.process import become
from tools.launcher.pythons import find_python, this_python
from tools.launcher.reset import reset, reset_all

FIRST = "notebooks/00_start_here.ipynb"


def main(arguments: Sequence[str]) -> int:
    """Carry out a command line; return the exit code, unless another program has taken over."""
    name = arguments[0] if arguments and not arguments[0].startswith("-") else ""
    try:
        if name and name not in COMMANDS:
            raise Problem(f"There is no command {name!r}. Commands: {', '.join(COMMANDS)}.")
        if {"-h", "--help"} & set(arguments):
            say(HELP.get(name, USAGE))
            return 0
        return COMMANDS[name](arguments[1:]) if name else lab(arguments)
    except Problem as problem:
        say(f"\n{problem}")
        return 1
    except KeyboardInterrupt:
        say("\nStopped. Nothing is broken: the same command goes on from here.")
        return 130


def lab(flags: Sequence[str]) -> int:
    """Open JupyterLab on the first lesson, for this machine only and with its token."""
    port = option(flags, "port")
    if port and port.isdigit() and busy(int(port)):
        raise Problem(
            f"Port {port} is in use by another program. Choose another: --port {int(port) + 1}\n"
            "or leave --port away: JupyterLab then finds a free one."
        )
    environment(VENV, this_python())
    for line in make_copies(ROOT).lines():
        say(line)
    if not (ROOT / MY_COURSE / FIRST).exists():
        say("JupyterLab opens on the course's own notebooks, with the results stored in them.")
    say("Opening JupyterLab. Ctrl-C in this terminal ends it.")
    return become(VENV, ["-m", "jupyterlab", *lab_settings(ROOT), *flags])


def lab_settings(root: Path) -> list[str]:
    """Return the flags with which JupyterLab opens the course in the folder `root`.

    It shows the learner's copies alone: beside them would lie the same names with the answers.
    """
    mine = root / MY_COURSE
    folder = mine if (mine / FIRST).exists() else root
    page = f"/tree/{FIRST}" if (folder / FIRST).exists() else ""
    ours = [
        f"--ServerApp.root_dir={folder}",
        f"--LabApp.default_url=/lab{page}",
        f"--LabApp.workspaces_dir={root / STATE.name / 'workspaces'}",  # not other projects' tabs
        "--ServerApp.ip=localhost",
        "--ServerApp.answer_yes=True",  # one Ctrl-C is enough
        "--log-level=WARN",  # its address, and no more
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        ours.append("--allow-root")  # a container may have no other user
    return ours


def test(arguments: Sequence[str]) -> int:
    """Run the tests, on this Python or on the one asked for."""
    wanted, rest = option(arguments, "python"), without_option(arguments, "python")
    python = this_python() if wanted is None else find_python(wanted)
    if "--standard-library" in rest:
        bare = environment(ROOT / f".venv-{python.version}-bare", python, [BARE_LOCK])
        return become(bare, ["-m", "tools.test", *rest])
    venv = environment(venv_for(python), python)
    if "--all" in rest or "--rest" in rest:
        try:
            environment(venv, python, [LOCK, BROWSER_LOCK])
        except Problem as problem:
            say(f"The tests in a browser can't run: what they need is not to be had. {problem}")
        if "--all" in rest and wanted is None and option(rest, "start-method") is None:
            return test_everywhere(rest)
    return become(venv, ["-m", "tools.test", *rest])


def build(arguments: Sequence[str]) -> int:
    """Hand over to the build."""
    return become(environment(VENV, this_python()), ["-m", "tools.build.notebooks", *arguments])


def check(arguments: Sequence[str]) -> int:
    """Hand over to the check."""
    return become(environment(VENV, this_python()), ["-m", "tools.check.cli", *arguments])


def doctor(_arguments: Sequence[str]) -> int:
    """Print what is here and what to do; return 1 if the course can't run here, else 0."""
    marks = {True: "ok", None: "--", False: "NO"}
    faults = 0
    for good, what in findings():
        say(f"{marks[good]}  {what}")
        faults += good is False
    say(f"\nTo mend: {faults}, marked NO." if faults else "\nNothing stands in the way.")
    return 1 if faults else 0


def give_back(arguments: Sequence[str]) -> int:
    """Give a notebook back as it was shipped, or all; keep the learner's."""
    if len(arguments) != 1 or (arguments[0].startswith("-") and arguments[0] != "--all"):
        raise Problem(
            "Say which lesson or lab, for example: python3 course.py reset 01\n"
            "or all of them: python3 course.py reset --all"
        )
    if arguments[0] == "--all":
        reset_all()
    else:
        reset(arguments[0], lambda: environment(VENV, this_python()))
    return 0


def copy(arguments: Sequence[str]) -> int:
    """Make and refresh the learner's copies without opening them; return 1 if some are missing."""
    if arguments:
        raise Problem("copy takes no arguments: python3 course.py copy")
    report = make_copies(ROOT)
    for line in report.lines() or [f"{MY_COURSE} has everything that the course has."]:
        say(line)
    return 0 if report.complete else 1


def progress(_arguments: Sequence[str]) -> int:
    """Show what the learner has done in the labs, and what to do next."""
    say(str(show_progress()))
    return 0


COMMANDS = {
    "test": test,
    "build": build,
    "check": check,
    "doctor": doctor,
    "copy": copy,
    "reset": give_back,
    "progress": progress,
}


def option(arguments: Sequence[str], name: str) -> str | None:
    """Return the value of --name VALUE, --name=VALUE or --Class.name=VALUE, or None."""
    found = re.search(rf"(?:^|\0)--(?:\w+\.)?{name}(?:[=\0]([^\0]*)|$)", "\0".join(arguments))
    return (found[1] or "") if found else None


def without_option(arguments: Sequence[str], name: str) -> list[str]:
    """Return the arguments without --name VALUE and --name=VALUE."""
    text = re.sub(rf"(^|\0)--{name}(?:[=\0][^\0]*|$)", "", "\0".join(arguments))
    return [part for part in text.split("\0") if part]


def busy(port: int) -> bool:
    """Tell whether another program listens on this port of this machine."""
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex(("127.0.0.1", port)) == 0
