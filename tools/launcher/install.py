"""The installation of what is locked: with uv, which takes seconds, else with pip.

uv on PATH | the pinned uv, fetched once by pip -> uv installs
                                    no uv, or it fails -> pip installs

A line now and then says how far it is. If it fails, a Problem says why in plain words.
"""

import contextlib
import os
import re
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from helpers.files import make_folder
from tools.launcher.package_sources import (
    Settings,
    flags_for_uv,
    for_pip,
    for_uv,
    pip_settings,
)
from tools.launcher.paths import NEWEST, OLDEST, ROOT, STATE, Problem, say, variables, venv_python
from tools.launcher.process import KeptProgram
from tools.launcher.pythons import Python, has_ensurepip, has_pip

INSTALLER_LOCK = "requirements-installer.lock"


def fill(venv: Path, python: Python, locks: Sequence[Path], *, fresh: bool = False) -> None:
    """Make the environment if there is none, and install what is locked.

    If `fresh`, uv fetches it again if it can: its cache may have the file that was damaged.
    """
    wanted = [part for lock in locks for part in ("-r", str(lock))]
    is_new = not venv.exists()
    pip, settings = [python.exe, "-m", "pip"], pip_settings([python.exe, "-m", "pip"])
    uv = shutil.which("uv") or kept_uv()
    if is_new and not uv:
        if settings is None:  # the one that ensurepip puts into the environment is the only pip
            make_with_pip(venv, python)
            pip = [str(venv_python(venv)), "-m", "pip"]
            settings = pip_settings(pip)
        uv = fetch_uv(pip, settings or {})
    for flags in ([["--no-cache"]] if fresh else []) + [[]]:
        if uv and fill_with_uv(uv, venv, python, [*flags, *wanted], settings or {}):
            return
    fill_with_pip(venv, python, wanted)


def fill_with_uv(
    uv: str, venv: Path, python: Python, wanted: Sequence[str], settings: Settings
) -> bool:
    """Do it with uv; if uv can't, remove the environment that it made, and return False."""
    is_new, variables_for_uv = not venv.exists(), for_uv(settings)
    exe = str(venv_python(venv))
    install = [uv, "pip", "install", "--no-deps", "--python", exe, *flags_for_uv(settings)]
    pip = [pinned()["pip"]] if is_new and "pip" in pinned() else []  # for a learner's %pip install
    try:
        if is_new:
            make = [uv, "venv", "--python", python.exe, "--no-python-downloads", str(venv)]
            run(make, "Making the environment", variables_for_uv)
        run([*install, *wanted, *pip], f"{INSTALLING} (with uv)", variables_for_uv)
    except Problem as problem:
        then = "uv tries with its cache" if "--no-cache" in wanted else "pip tries"
        say(f"uv could not do it, so {then}. {str(problem).splitlines()[0]}")
        if is_new:
            shutil.rmtree(venv, ignore_errors=True)
        return False
    return True


INSTALLING = "Installing what the course needs, this once"


def pinned() -> dict[str, str]:
    """Return the installers' lock: each name with its line, {"uv": "uv==1.2.3", ...}."""
    with contextlib.suppress(OSError):
        lines = (ROOT / INSTALLER_LOCK).read_text(encoding="utf-8").splitlines()
        return {re.split(r"[^\w-]", line)[0]: line for line in lines if line and line[0] != "#"}
    return {}


def kept_uv() -> str | None:
    """Return the path of the pinned uv, if it was fetched before and starts here."""
    folder = uv_folder()
    places = os.pathsep.join(str(folder / name) for name in ("bin", "Scripts"))
    uv = shutil.which("uv", path=places)
    with contextlib.suppress(OSError):  # a folder that came from another kind of machine
        if uv and subprocess.run([uv, "--version"], capture_output=True).returncode == 0:
            return uv
    return None


def uv_folder() -> Path:
    """Return the folder for the pinned uv: another pin, another folder."""
    return STATE / re.sub(r"[^\w.-]+", "-", pinned().get("uv", "uv"))


def fetch_uv(pip: Sequence[str], settings: Settings) -> str | None:
    """Return the path of the pinned uv, fetched by pip; None if it can't be fetched."""
    folder, line = uv_folder(), pinned().get("uv")
    if not line:
        return None
    part = folder.with_name(f"{folder.name}.{os.getpid()}.part")  # another start may fetch it, too
    # No second try and no long wait: pip can do without it. No build either: that takes a compiler.
    quick = ["--no-deps", "--no-input", "--disable-pip-version-check", "--no-compile"]
    modest = ["--retries", "0", "--timeout", "10", "--only-binary", ":all:"]
    command = [*pip, "install", *quick, *modest, "--target", str(part), line]
    try:
        run(command, "Fetching uv, which installs the rest in seconds", for_pip(settings))
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    except (Problem, OSError) as problem:
        say(f"uv is not to be had, so pip installs, in more time. {str(problem).splitlines()[0]}")
        return None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    uv = kept_uv()
    if not uv:
        say("The uv that pip fetched does not start here, so pip installs, in more time.")
    return uv


def make_with_pip(venv: Path, python: Python) -> None:
    """Make the environment; if ensurepip is missing, without a pip in it."""
    bundled = has_ensurepip(python.exe)
    if not bundled and not has_pip(python.exe):
        raise Problem(no_pip(python))
    bare = [] if bundled else ["--without-pip"]
    run([python.exe, "-m", "venv", *bare, str(venv)], "Making the environment", variables())


def fill_with_pip(venv: Path, python: Python, wanted: Sequence[str]) -> None:
    """Do it with venv and pip; if ensurepip is missing, with the pip outside."""
    exe = str(venv_python(venv))
    if not venv.exists():
        make_with_pip(venv, python)
    inside = has_pip(exe)
    pip = [exe, "-m", "pip"] if inside else [python.exe, "-m", "pip", "--python", exe]
    settings = pip_settings(pip)
    if settings is None:
        raise Problem(no_pip(python))
    # The lock is complete, so there is nothing for pip to work out.
    quick = ["--no-deps", "--no-input", "--disable-pip-version-check"]
    run([*pip, "install", *quick, *wanted], INSTALLING, for_pip(settings))


def no_pip(python: Python) -> str:
    """Return what to do about a Python that has neither ensurepip nor pip."""
    release = Path("/etc/os-release")
    debian = release.exists() and "debian" in release.read_text(encoding="utf-8").lower()
    package = (
        f"python{python.version}-venv" if debian else "python3-pip (or what it is called there)"
    )
    return (
        f"{python.exe} has neither ensurepip nor pip, so nothing can be installed with it.\n"
        "Install this with your system's package manager, then start again:\n"
        f"    {'sudo apt install ' * debian}{package}\n"
        "Or install uv: course.py uses it where it is on PATH."
    )


def run(command: Sequence[str], what: str, environment: Mapping[str, str]) -> None:
    """Run an installer and say how far it is; raise a Problem if it fails."""
    say(f"{what} ...")
    lines: list[str] = []
    process = KeptProgram(
        command,
        environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    try:
        follow(process.stdout or (), lines)
        process.wait()
    finally:
        process.end()  # Ctrl-C: leave nothing that goes on installing
        process.stdout.close()
    if process.returncode:
        raise Problem(explain(lines))


def follow(output: Sequence[str], lines: list[str]) -> None:
    """Collect an installer's output, and say now and then what it is doing."""
    told, count = time.monotonic(), 0
    for line in output:
        lines.append(line.rstrip())
        package = re.match(r"(?:Collecting|Downloading) ([\w.-]+)", line)  # pip's, uv's word
        count += bool(package)
        if line.startswith("Installing collected packages"):
            say(f"  unpacking {line.count(',') + 1} packages")
        elif "Retrying" in line:
            say("  the network does not answer; trying again")
        elif package and time.monotonic() - told > 2:
            say(f"  {count}: {package[1]}")
            told = time.monotonic()


NO_NETWORK = "connection broken|ConnectionError|imed out|resol|dns error|SSLError|ProxyError"
CULPRITS = (
    r"No matching distribution found for ([\w.-]+(?:==[\w.]+)?)",
    r"Failed (?:to build|to fetch|to download|building wheel for):? [`']?([\w.-]+(?:==[\w.]+)?)",
    r"Because ([\w.-]+) was not found",
    r"(?s:.*)Collecting ([\w.-]+(?:==[\w.]+)?)",
)


def explain(lines: Sequence[str]) -> str:
    """Return in a few words why an installer failed; write all that it printed to a file."""
    text = "\n".join(lines)
    report = STATE / "install.log"
    with contextlib.suppress(OSError):  # a full disk is what the text is about
        make_folder(STATE)
        report.write_text(text + "\n", encoding="utf-8")
    found = next(filter(None, (re.search(pattern, text) for pattern in CULPRITS)), None)
    return f"{why(text, found[1] if found else 'the start')}\nThe installer's own words: {report}"


def why(text: str, package: str) -> str:
    """Return the likely cause, and what to do."""
    if "No space left" in text:
        return "The disk is full. Make room (the course needs about 700 MB), then start again."
    if re.search(NO_NETWORK, text):
        return (
            f"Could not fetch {package}: the network does not answer, or not as it should.\n"
            "Go online and start again: what was fetched is kept. Behind a proxy, set HTTPS_PROXY\n"
            "With a package index of your own: pip config set global.index-url ADDRESS"
        )
    if "No matching distribution" in text or "was not found" in text:
        return (
            f"Could not fetch {package}: it is nowhere where the installer may look.\n"
            "Is it kept offline (PIP_NO_INDEX, UV_OFFLINE)? Is this Python newer than the course\n"
            f"knows (3.{OLDEST} to 3.{NEWEST})? Change that, then start again."
        )
    last = "\n".join(f"    {line}" for line in text.splitlines()[-4:])
    return f"It did not work (at {package}). The last lines:\n{last}"
