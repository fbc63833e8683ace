"""The commands of course.py: open JupyterLab, or start a tool.

arguments -> a command -> the environment, made if need be -> its Python runs JupyterLab | a tool
"""

import contextlib
import itertools
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from helpers.files import make_folder
from helpers.progress.course_map import show_progress
from tools.launcher.check_lab_arguments import read_check_lab_arguments
from tools.launcher.copies import MY_COURSE, make_copies
from tools.launcher.diagnose_arguments import asks_for_help, read_arguments
from tools.launcher.doctor import findings, open_to_everyone
from tools.launcher.environment import (
    BARE_LOCK,
    BROWSER_LOCK,
    LOCK,
    environment,
    in_the_way,
    in_use,
    note_damage,
    still_works,
)
from tools.launcher.help import HELP, USAGE
from tools.launcher.jupyter import (
    FIRST,
    check_flags,
    jupyter_variables,
    lab_settings,
    option,
    temporary_folder,
    with_flags,
    without_option,
)
from tools.launcher.matrix import test_everywhere, venv_for
from tools.launcher.paths import (
    LOST,
    OURS,
    ROOT,
    STATE,
    VENV,
    Problem,
    forget_output,
    give_it_back,
    laid_by_others,
    open_streams,
    say,
)
from tools.launcher.process import become, become_for_caller, run_until_stopped
from tools.launcher.pythons import find_python, this_python
from tools.launcher.reset import known_pages, reset, reset_all

CALLER = {"umask": -1}  # what course.py has changed of the process that it was started in
HELP_FLAGS = {"-h", "--help"}
SIGNALED = 128  # from here on an exit code stands for a signal
# What these commands return if they can't do what they should: 1 is what they found.
UNABLE = {"diagnose": 2, "check-lab": 2}


def main(arguments: Sequence[str], umask: int = -1) -> int:
    """Carry out a command line; return the exit code, unless another program has taken over.

    `umask` is the caller's, before course.py set its own.
    """
    CALLER["umask"] = umask
    if hasattr(signal, "SIGCHLD"):  # a caller that ignores it hides from us what programs return
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):  # one that blocks Ctrl-C keeps it from us and from cells
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
    open_streams()
    try:
        code = carry_out(arguments)
    except BrokenPipeError:  # what reads this, such as `head`, has seen enough
        forget_output()
        return 1
    is_start = not arguments or (arguments[0].startswith("-") and not HELP_FLAGS & set(arguments))
    if LOST and not is_start:  # JupyterLab prints its address to the standard error
        with contextlib.suppress(OSError):
            print(f"What it had to print is lost: {LOST[0]}.", file=sys.stderr, flush=True)
        return code or 1
    return code


def carry_out(arguments: Sequence[str]) -> int:
    """Carry out a command line; if that is not possible, print why."""
    name = arguments[0] if arguments and not arguments[0].startswith("-") else ""
    unable = UNABLE.get(name, 1)
    try:
        if name and name not in COMMANDS:
            raise Problem(f"There is no command {name!r}. Commands: {', '.join(COMMANDS)}.")
        if asks_for_help(arguments[1:]) if name == "diagnose" else HELP_FLAGS & set(arguments):
            say(HELP.get(name, USAGE))
            return 0
        if name != "doctor" and (refusal := laid_by_others()):
            raise Problem(refusal)
        return COMMANDS[name](arguments[1:]) if name else lab(arguments)
    except Problem as problem:
        say(f"\n{problem}")
        return unable
    except KeyboardInterrupt:
        say("\nStopped. Nothing is broken: the same command goes on from here.")
        return 130
    except BrokenPipeError:
        raise
    except OSError as error:
        say(f"\n{no_access(error)}")
        return unable
    except Exception as error:  # a fault of the course itself
        say(f"\n{unexpected(error)}")
        return unable


def unexpected(error: Exception) -> str:
    """Return what to do about an unexpected error; write its traceback to a file."""
    report = STATE / "error.log"
    with contextlib.suppress(OSError):
        make_folder(STATE)
        report.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    return (
        f"course.py stopped at an error of its own: {type(error).__name__}: {error}\n"
        "Nothing of yours is lost. Type: python3 course.py doctor\n"
        f"If that finds nothing, report the error, with the file {report}."
    )


def no_access(error: OSError) -> str:
    """Return what to do about a file that can't be read or written, or a program not started."""
    where = f" ({error.filename})" if error.filename else ""
    if isinstance(error, FileNotFoundError) and is_of_the_course(error.filename):
        return (
            f"A file of the course, {error.filename}, is missing.\n"
            "Get the course again. Your own files are in my_course and .course: keep those."
        )
    if isinstance(error, PermissionError) and (cure := give_it_back()):
        return (
            f"The system refused something that course.py needs: {error.strerror}{where}.\n{cure}"
        )
    return (
        f"The system refused something that course.py needs: {error.strerror or error}{where}.\n"
        "Is there room on the disk, and is the course's folder yours to write? Fix that, then\n"
        "start again. python3 course.py doctor says more."
    )


def is_of_the_course(name: object) -> bool:
    """Return whether a file of that name came with the course."""
    path = Path(os.fsdecode(name)) if isinstance(name, str | bytes) else Path()
    return path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[:1] not in {
        (),
        *((one,) for one in OURS),
    }


def lab(flags: Sequence[str]) -> int:
    """Open JupyterLab on the first lesson, for this machine only and with its token."""
    check_flags(flags)
    try:
        environment(VENV, this_python())
    except Problem as problem:
        if in_the_way(VENV) or not still_works(VENV):
            raise
        say(
            f"\n{problem}\n\n{VENV.name} is not as this version of the course wants it, but"
            " JupyterLab works in it.\nSo the course opens with it; it may differ from what the"
            " tests saw. The next start tries again.\n"
        )
    for line in make_copies(ROOT).lines():
        say(line)
    if not (ROOT / MY_COURSE / FIRST).exists():
        say("JupyterLab opens on the course's own notebooks, with the results stored in them.")
    if not os.access(ROOT, os.W_OK):
        say(
            "The course's folder can't be written, so your work, your progress and JupyterLab's"
            " settings are not kept.\nTo keep them, copy the course to a folder of your own."
        )
    for _, warning in itertools.islice(open_to_everyone(), 1):  # doctor names the others
        say(f"Warning: {warning}.")
    say("Opening JupyterLab. Ctrl-C in this terminal ends it.")
    code = open_lab(flags)
    if 0 < code < SIGNALED and note_damage(VENV):
        environment(VENV, this_python())
        code = open_lab(flags)
    if 0 < code < SIGNALED:
        say(
            "JupyterLab ended with an error; its own words are above."
            " If they don't help, type: python3 course.py doctor"
        )
    return code


def open_lab(flags: Sequence[str]) -> int:
    """Run JupyterLab until it is ended, and return its exit code."""
    command = ["-m", "tools.launcher.server", *with_flags(lab_settings(ROOT), flags)]
    temporary = temporary_folder()
    try:
        with in_use(VENV):
            return run_until_stopped(VENV, command, jupyter_variables(temporary))
    finally:  # the keeper has removed it, unless it was killed
        shutil.rmtree(temporary or "", ignore_errors=True)


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


def refuse_all(arguments: Sequence[str], command: str) -> None:
    """Raise a Problem if a command that takes no arguments is given some."""
    if arguments:
        raise Problem(
            f"{command} takes no arguments, and was given {' '.join(arguments)}."
            f" Type: python3 course.py {command}"
        )


def build(arguments: Sequence[str]) -> int:
    """Hand over to the build."""
    return become(environment(VENV, this_python()), ["-m", "tools.build.notebooks", *arguments])


def check(arguments: Sequence[str]) -> int:
    """Hand over to the check."""
    return become(environment(VENV, this_python()), ["-m", "tools.check.cli", *arguments])


def check_lab(arguments: Sequence[str]) -> int:
    """Refuse what can't be judged; else hand over to the lab's check."""
    lab, path = read_check_lab_arguments(arguments)
    venv = environment(VENV, this_python())
    return become(venv, ["-m", "tools.check_lab", lab, str(path)])


def diagnose(arguments: Sequence[str]) -> int:
    """Refuse what can't be run; else hand over to what runs the caller's program."""
    read_arguments(arguments)
    venv = environment(VENV, this_python())
    tool = ["-m", "tools.diagnose.cli", str(CALLER["umask"])]
    return become_for_caller(venv, [*tool, *arguments])


def doctor(arguments: Sequence[str]) -> int:
    """Print what is here and what to do; return 1 if the course can't run here, else 0."""
    refuse_all(arguments, "doctor")
    marks = {True: "ok", None: "--", False: "NO"}
    faults = 0
    for good, what in findings():
        say(f"{marks[good]}  {what}")
        faults += good is False
    say(f"\nTo fix: {faults}, marked NO." if faults else "\nNothing stands in the way.")
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
    refuse_all(arguments, "copy")
    report = make_copies(ROOT)
    for line in report.lines() or [f"{MY_COURSE} has everything that the course has."]:
        say(line)
    return 0 if report.complete else 1


def progress(arguments: Sequence[str]) -> int:
    """Show what the learner has done in the labs, and what to do next."""
    refuse_all(arguments, "progress")
    known_pages()  # names what is wrong with the outline; a map without lessons would not
    say(str(show_progress()))
    return 0


COMMANDS = {
    "test": test,
    "build": build,
    "check": check,
    "check-lab": check_lab,
    "diagnose": diagnose,
    "doctor": doctor,
    "copy": copy,
    "reset": give_back,
    "progress": progress,
}
