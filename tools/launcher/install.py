"""Installs what is locked: with uv where it is on PATH, else with venv and pip.

locks -> an installer, with a line now and then -> installed | a Problem in plain words
"""

import re
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from tools.launcher.paths import NEWEST, OLDEST, ROOT, STATE, Problem, say, variables, venv_python
from tools.launcher.pythons import Python, has_ensurepip, has_pip


def fill(venv: Path, python: Python, locks: Sequence[Path]) -> None:
    """Make the environment where there is none, and install what is locked."""
    uv, is_new = shutil.which("uv"), not venv.exists()
    wanted = [part for lock in locks for part in ("-r", str(lock))]
    if not uv:
        fill_with_pip(venv, python, wanted)
        return
    try:
        if is_new:
            run([uv, "venv", "--seed", "--python", python.exe, str(venv)], "Making the environment")
        where = ["--python", str(venv_python(venv))]
        run([uv, "pip", "install", "--no-deps", *where, *wanted], "Installing with uv")
    except Problem as problem:
        say(f"uv could not do it, so pip tries. {str(problem).splitlines()[0]}")
        if is_new:
            shutil.rmtree(venv, ignore_errors=True)
        fill_with_pip(venv, python, wanted)


def fill_with_pip(venv: Path, python: Python, wanted: Sequence[str]) -> None:
    """Do the same with venv and pip; where ensurepip is missing, with the pip outside."""
    exe = str(venv_python(venv))
    if not venv.exists():
        bundled = has_ensurepip(python.exe)
        if not bundled and not has_pip(python.exe):
            raise Problem(no_pip(python))
        bare = [] if bundled else ["--without-pip"]
        run([python.exe, "-m", "venv", *bare, str(venv)], "Making the environment")
    inside = has_pip(exe)
    pip = [exe, "-m", "pip"] if inside else [python.exe, "-m", "pip", "--python", exe]
    # The lock is complete, so there is nothing for pip to work out.
    quick = ["--no-deps", "--no-input", "--disable-pip-version-check"]
    run([*pip, "install", *quick, *wanted], "Installing what the course needs, this once")


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


def run(command: Sequence[str], what: str) -> None:
    """Run an installer and say how far it is; raise a Problem where it fails."""
    say(f"{what} ...")
    lines: list[str] = []
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=variables(),
        cwd=ROOT,
    )
    with process:
        try:
            follow(process.stdout or (), lines)
        except BaseException:
            process.kill()  # Ctrl-C: leave nothing that goes on installing
            raise
    if process.returncode:
        raise Problem(explain(lines))


def follow(output: Sequence[str], lines: list[str]) -> None:
    """Collect an installer's output, and say now and then what it is at."""
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
    """Return in a few words why an installer failed; keep all that it printed in a file."""
    text = "\n".join(lines)
    report = STATE / "install.log"
    STATE.mkdir(exist_ok=True)
    report.write_text(text + "\n", encoding="utf-8")
    found = next(filter(None, (re.search(pattern, text) for pattern in CULPRITS)), None)
    return f"{why(text, found[1] if found else 'the start')}\nThe installer's own words: {report}"


def why(text: str, package: str) -> str:
    """Return the likely cause, and what to do."""
    if "No space left" in text:
        return "The disk is full. Make room (the course needs about 600 MB), then start again."
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
