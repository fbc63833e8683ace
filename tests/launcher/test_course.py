"""The front door: course.py as a person uses it, in a small copy of the course.

This copy, called `house` below, has course.py and its parts, a lock that holds one tiny package
from this disk, and a stand-in for each program that course.py hands over to. All else is real: the
environments, pip and the exit codes. The slow tests use everything, JupyterLab included.
"""

import ast
import contextlib
import errno
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.error
import urllib.request
import zipfile
from importlib import metadata
from pathlib import Path

import psutil
import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement

from tools import lock
from tools.benchmarks import front_door
from tools.launcher import (
    cli,
    copies,
    doctor,
    environment,
    help,
    install,
    jupyter,
    keeper,
    matrix,
    open_browser,
    package_sources,
    paths,
    pythons,
)
from tools.launcher.jupyter import option, without_option
from tools.launcher.process import KeptProgram
from tools.launcher.shipped import SHIPPED, fingerprint, shipped_text

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
POSIX = os.name == "posix"

STAND_IN = """
import json, os, sys
if "A_FAMILY" in os.environ:
    import tools.family
names = ("PYTHONPATH", "VIRTUAL_ENV", "PATH")
print(json.dumps({"arguments": sys.argv[1:], "python": sys.executable, "folder": os.getcwd(),
                  **{name: os.environ.get(name) for name in names}}))
sys.exit(7 if "--fail" in sys.argv else 0)
"""

# What JupyterLab may have below it: a kernel whose cells keep a pool, with a daemon and what left
# its session. It does not end when it is asked to.
FAMILY = """
import multiprocessing, os, pathlib, signal, subprocess, sys, tempfile, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
sleeper = [sys.executable, "-c", "import time; time.sleep(300)"]
daemon = f"import subprocess; subprocess.Popen({sleeper}, start_new_session=True)"
pool = multiprocessing.get_context("fork").Pool(2)
manager = multiprocessing.Manager()  # its socket is in a folder for temporary files
tempfile.mkdtemp(prefix="cell-")
subprocess.Popen(sleeper, start_new_session=True)
subprocess.run([sys.executable, "-c", daemon])
path = os.environ["A_FAMILY"] + ".pid"  # of a daemon that has no mark
options = "start_new_session=True, env={}, stdout=subprocess.DEVNULL"
code = f"import subprocess; print(subprocess.Popen({sleeper}, {options}).pid)"
with open(path, "w") as file:
    subprocess.run([sys.executable, "-c", code], stdout=file)
pathlib.Path(os.environ["A_FAMILY"]).touch()
time.sleep(300)
"""

OUTLINE = """
[[lesson]]
number = "00"
slug = "start_here"
title = "Start here"
minutes = 5
goal = "begin"

[[lesson]]
number = "01"
slug = "processes"
title = "What a process is"
minutes = 25
goal = "know it"
[lesson.lab]
title = "Who did what"
minutes = 20
"""

NOTEBOOKS = ("notebooks/00_start_here", "notebooks/01_processes", "labs/01_processes")


# uv as the front door sees it: it writes down how it was called, then lets pip do the work.
FAKE_UV = """
import json, os, pathlib, subprocess, sys, time
asked, house = sys.argv[1:], pathlib.Path.cwd()
told = {n: v for n, v in os.environ.items() if n.startswith(("UV_", "PIP_", "SSL_"))}
if asked == ["--version"]:
    sys.exit()
with (house.parent / "uv.jsonl").open("a") as file:
    print(json.dumps({"arguments": asked, "told": told}), file=file)
if asked[0] == "venv":
    sys.exit(subprocess.call([sys.executable, "-m", "venv", "--without-pip", asked[-1]]))
while (house.parent / "wait").exists():
    time.sleep(0.05)
if (house.parent / "fail").exists():
    sys.exit("error: the stand-in was told to fail")
if "--no-cache" in asked and (house.parent / "fail without cache").exists():
    sys.exit("error: the stand-in was told to fail")
given = [word for word in asked[asked.index("--python") + 2:] if word != "--no-cache"]
pip = [sys.executable, "-m", "pip", "--python", asked[asked.index("--python") + 1], "install"]
sys.exit(subprocess.call([*pip, "-q", "--no-deps", "--no-index", *given]))
"""


def wheel(folder: Path, name: str, main: str, script: str = "") -> str:
    """Make a wheel that runs as `python -m name`, beside the house; return its line in a lock."""
    path = folder.parent / f"{name}-1.0-py3-none-any.whl"
    about = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(f"{name}/__init__.py", "")
        file.writestr(f"{name}/__main__.py", main)
        if script:
            info = zipfile.ZipInfo(f"{name}-1.0.data/scripts/{name}")
            info.external_attr = 0o100755 << 16  # a program
            file.writestr(info, "#!python\n" + script)
        file.writestr(f"{name}-1.0.dist-info/METADATA", about)
        file.writestr(f"{name}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        file.writestr(f"{name}-1.0.dist-info/RECORD", "")
    return f"{name} @ {path.as_uri()}\n"


TOOLS = {
    "test": "tools/test.py",
    "build": "tools/build/notebooks.py",
    "check": "tools/check/cli.py",
    "check-lab": "tools/check_lab.py",
    "diagnose": "tools/diagnose/cli.py",
}
NO_BYTECODE = shutil.ignore_patterns("__pycache__")


def build_house(folder: Path) -> Path:
    """Make a small course in this folder."""
    shutil.copytree(ROOT / "tools" / "launcher", folder / "tools" / "launcher")
    for name in ("course.py", "tools/__init__.py", "tools/outline.py"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "helpers", folder / "helpers", ignore=NO_BYTECODE)
    for tool in TOOLS.values():
        path = folder / tool
        path.parent.mkdir(exist_ok=True)
        path.write_text(STAND_IN, encoding="utf-8")
    line = wheel(folder, "jupyterlab", STAND_IN)
    (folder / "tools" / "family.py").write_text(FAMILY, encoding="utf-8")
    (folder / "requirements.lock").write_text(line, encoding="utf-8")
    (folder / "requirements-browser.lock").write_text(
        wheel(folder, "playwright", STAND_IN), encoding="utf-8"
    )
    # No uv is pinned here: what installs is the pip of this Python, which is always to be had.
    (folder / "requirements-installer.lock").write_text("", encoding="utf-8")
    (folder / "source").mkdir()
    (folder / "source" / "outline.toml").write_text(OUTLINE, encoding="utf-8")
    for name in NOTEBOOKS:
        path = folder / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.write_text(notebook(f"print({name!r})", output=name), encoding="utf-8")
    note_shipped(folder)
    return folder


def notebook(*sources: str, output: str = "") -> str:
    """Return a notebook of these code cells; each has printed `output`, if it is given."""
    printed = [{"output_type": "stream", "name": "stdout", "text": [f"{output}\n"]}]
    cells = [
        {
            "cell_type": "code",
            "id": f"c{number}",
            "metadata": {},
            "execution_count": number if output else None,
            "outputs": printed if output else [],
            "source": source.splitlines(keepends=True),
        }
        for number, source in enumerate(sources, 1)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    table = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(table, indent=1) + "\n"


def note_shipped(house: Path) -> None:
    """Note that the house's notebooks, as they are now, are what is shipped."""
    paths = sorted([*house.glob("[nls]*s/[0-9]*.ipynb")])
    prints = {
        path.relative_to(house).as_posix(): fingerprint(path.read_text(encoding="utf-8"))
        for path in paths
    }
    (house / "docs").mkdir(exist_ok=True)
    (house / SHIPPED).write_text(shipped_text(prints), encoding="utf-8")


def start(house: Path, *arguments: str, python: str = sys.executable, **more: str) -> tuple:
    """Start the house's course.py from another folder; return its exit code and what it printed."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    done = subprocess.run(
        [python, str(house / "course.py"), *arguments],
        cwd=house.parent,
        env=variables | more,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )
    return done.returncode, done.stdout


def handed(printed: str) -> dict:
    """Return what the stand-in was given."""
    return json.loads(next(line for line in printed.splitlines() if line.startswith("{")))


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """Return a house with an environment, in a folder with a space in its name."""
    folder = build_house(tmp_path_factory.mktemp("front") / "the course")
    code, printed = start(folder, "check")
    assert code == 0, printed
    assert "Making the environment" in printed
    return folder


@pytest.fixture
def empty_house(tmp_path):
    """Return a house without an environment."""
    return build_house(tmp_path / "course")


# --- what it says before it does anything ------------------------------------------------------


@pytest.mark.processes
@pytest.mark.parametrize("command", ["", *help.HELP])
def test_help_needs_no_environment(empty_house, command):
    code, printed = start(empty_house, *command.split(), "--help")
    assert code == 0
    assert printed.startswith(f"usage: python3 course.py {command}".rstrip())
    assert not (empty_house / ".venv").exists()
    assert all(len(line) <= 100 for line in printed.splitlines())


@pytest.mark.processes
def test_an_unknown_command_is_refused_with_the_known_ones(empty_house):
    code, printed = start(empty_house, "tset")
    assert code == 1
    assert "'tset'" in printed
    assert "test, build, check, check-lab, diagnose, doctor, copy, reset, progress" in printed


def test_an_old_python_can_read_the_front_door():
    ast.parse((ROOT / "course.py").read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.mark.processes
def test_an_old_python_is_told_what_to_do(empty_house):
    found = filter(None, (pythons.of_version(f"3.{minor}") for minor in range(6, 11)))
    old = next(found, None)
    if old is None:
        pytest.skip("this machine has no Python from 3.6 to 3.10 to be told that it is too old")
    code, printed = start(empty_house, python=old.exe)
    assert code == 1
    assert f"needs Python 3.11 or newer; this is Python {old.version}" in printed
    assert "Traceback" not in printed
    assert "course.py" in printed.splitlines()[-1]


@pytest.mark.processes
def test_a_busy_port_is_named(empty_house):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for flags in (["--port", str(port)], [f"--port={port}"], [f"--ServerApp.port={port}"]):
            code, printed = start(empty_house, *flags)
            assert code == 1
            assert f"Port {port} is in use" in printed
    assert not (empty_house / ".venv").exists()


@pytest.mark.parametrize(
    ("arguments", "value", "rest"),
    [
        (["--all"], None, ["--all"]),
        (["--python", "3.13", "--all"], "3.13", ["--all"]),
        (["--all", "--python=3.13"], "3.13", ["--all"]),
        (["--only", "07", "--python"], "", ["--only", "07"]),
        (["--pythonic", "x"], None, ["--pythonic", "x"]),
    ],
)
def test_an_option_is_found_and_taken_out(arguments, value, rest):
    assert option(arguments, "python") == value
    assert without_option(arguments, "python") == rest


# --- the environment ---------------------------------------------------------------------------


@pytest.mark.processes
def test_the_second_start_installs_nothing(house):
    started = time.monotonic()
    code, printed = start(house, "check", "one", "two")
    assert code == 0
    assert len(printed.splitlines()) == 1
    assert handed(printed)["arguments"] == ["one", "two"]
    assert time.monotonic() - started < 5


@pytest.mark.processes
def test_the_tool_runs_in_the_environment_and_in_the_course(house):
    given = handed(start(house, "check", PYTHONPATH=str(house.parent))[1])
    venv = house / ".venv"
    assert Path(given["python"]).is_relative_to(venv)
    assert Path(given["folder"]) == house
    assert given["VIRTUAL_ENV"] == str(venv)
    assert given["PATH"].startswith(str(venv))
    assert given["PYTHONPATH"] is None


@pytest.mark.processes
def test_the_tools_exit_code_is_passed_on(house):
    assert start(house, "test", "--fail")[0] == 7


@pytest.mark.processes
def test_the_course_can_be_imported_from_anywhere_in_the_environment(house):
    python = paths.venv_python(house / ".venv")
    code = "import tools.launcher.paths as g; print(g.ROOT)"
    command = [python, "-P", "-c", code]
    printed = subprocess.check_output(command, cwd=house.parent, text=True, env=paths.variables())
    assert printed.strip() == str(house)


@pytest.mark.processes
def test_jupyterlab_is_for_this_machine_only_and_keeps_its_token(house):
    code, printed = start(house, "--no-browser", "--port", "9999")
    arguments = handed(printed)["arguments"]
    assert code == 0
    assert "--ServerApp.ip=127.0.0.1" in arguments  # a browser may take localhost for ::1
    assert f"--ServerApp.root_dir={house / 'my_course'}" in arguments
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in arguments
    assert arguments[-3:] == ["--no-browser", "--port", "9999"]
    assert not any("token" in argument or "password" in argument for argument in arguments)
    is_root = POSIX and os.geteuid() == 0
    assert ("--allow-root" in arguments) == is_root


@pytest.mark.processes
@pytest.mark.skipif(not POSIX, reason="Windows has other permissions")
@pytest.mark.parametrize("mode", [0o777, 0o755])
def test_a_start_warns_of_a_folder_in_which_others_could_put_a_program(house, mode):
    house.chmod(mode)
    code, printed = start(house, "--no-browser")
    warned = f"Warning: every user of this machine can write {house}, and" in printed
    assert (code, warned) == (0, mode == 0o777)


@pytest.mark.processes
def test_jupyterlab_starts_calm(house):
    venv = house / ".venv"
    overrides = venv / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    news = json.loads(overrides.read_text())["@jupyterlab/apputils-extension:notification"]
    assert news == {"fetchNews": "false", "checkForUpdates": False}


@pytest.mark.processes
def test_jupyterlab_offers_no_debugger_because_any_user_can_connect_to_its_port(house):
    page = house / ".venv" / "etc" / "jupyter" / "labconfig" / "page_config.json"
    disabled = json.loads(page.read_text())["disabledExtensions"]
    assert disabled["@jupyterlab/debugger-extension"] is True


@pytest.mark.processes
def test_only_what_changed_is_installed(house):
    path = house / "requirements.lock"
    before = path.read_text()
    path.write_text(before + wheel(house, "extra", STAND_IN))
    try:
        _code, printed = start(house, "check")
        assert "Making the environment" not in printed
        assert "unpacking 1 packages" in printed
    finally:
        path.write_text(before)
    start(house, "check")


@pytest.mark.processes
def test_without_network_it_says_what_it_could_not_fetch(house):
    path = house / "requirements.lock"
    before = path.read_text()
    path.write_text(before + "nowhere-to-be-found==1.0\n")
    closed = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{closed.getsockname()[1]}/simple"
    closed.close()
    nothing = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_CACHE_DIR": "1", "UV_OFFLINE": "1"}
    try:
        offline = start(house, "check", PIP_NO_INDEX="1", **nothing)
        silent = start(house, "check", PIP_INDEX_URL=address, PIP_RETRIES="1", **nothing)
    finally:
        path.write_text(before)
    for code, printed in (offline, silent):
        assert code == 1
        assert "Could not fetch nowhere-to-be-found==1.0" in printed
        assert "start again" in printed
        assert len(printed.splitlines()) < 20
        assert "Making the environment" not in printed
    assert "the network does not answer" in silent[1]
    assert start(house, "check")[0] == 0


@pytest.mark.processes
@pytest.mark.parametrize(
    "harm", ["no Python", "no package", pytest.param("no stamp", marks=pytest.mark.slow)]
)
def test_a_half_made_environment_is_repaired(house, harm):
    venv = house / ".venv"
    if harm == "no Python":
        paths.venv_python(venv).unlink()
    elif harm == "no package":
        package = next(venv.rglob("jupyterlab/__main__.py")).parent
        shutil.rmtree(package)
    else:
        (venv / environment.STAMP).unlink()
        (house / ".course" / ".venv.unfinished").touch()
    code, printed = start(house, "check")
    assert code == 0
    assert "has to be made again" in printed
    assert ("damaged: jupyterlab is gone" in printed) == (harm == "no package")
    assert [path.name for path in house.glob(".venv*")] == [".venv"]


@pytest.mark.parametrize(
    ("codes", "fault", "starts", "made"),
    [
        ([1, 0], "ModuleNotFoundError", 2, 2),  # damaged inside a package, and healed
        ([1, 1], "ModuleNotFoundError", 2, 2),  # not to be healed: no second time
        ([1], "", 1, 1),  # a wrong flag, say
        ([143], "ModuleNotFoundError", 1, 1),  # ended by a signal
        ([0], "ModuleNotFoundError", 1, 1),
    ],
)
def test_an_environment_in_which_jupyterlab_fails_is_made_again_once(
    monkeypatch, tmp_path, capsys, codes, fault, starts, made
):
    environment.write_stamp(tmp_path, {"root": str(ROOT)})
    paths.venv_python(tmp_path).parent.mkdir()
    paths.venv_python(tmp_path).touch()
    calls, opened = [], iter(codes)
    monkeypatch.setattr(cli, "VENV", tmp_path)
    monkeypatch.setattr(cli, "environment", lambda *_: calls.append(why_now(tmp_path)))
    monkeypatch.setattr(cli, "make_copies", lambda _root: copies.Report())
    monkeypatch.setattr(cli, "open_lab", lambda _flags: calls.append("") or next(opened))
    monkeypatch.setattr(environment, "damage", lambda _venv: fault)
    assert cli.lab([]) == codes[-1]
    assert len(calls) == starts + made
    assert ("type: python3 course.py doctor" in said(capsys)) == (codes[-1] == 1)
    if made == 2:
        assert calls[2] == f"it is damaged: {fault}"


@pytest.mark.parametrize("works", [True, False])
def test_what_cannot_be_updated_is_opened_as_it_is_if_it_works(monkeypatch, capsys, works):
    def fails(*_):
        raise paths.Problem("Could not fetch something: no network.")

    monkeypatch.setattr(cli, "environment", fails)
    monkeypatch.setattr(cli, "still_works", lambda _venv: works)
    monkeypatch.setattr(cli, "make_copies", lambda _root: copies.Report())
    monkeypatch.setattr(cli, "open_lab", lambda _flags: 0)
    assert cli.carry_out([]) == (0 if works else 1)
    printed = said(capsys)
    assert "Could not fetch something: no network." in printed
    assert ("it may differ from what the tests saw" in " ".join(printed.split())) == works
    assert ("Opening JupyterLab" in printed) == works


@pytest.mark.parametrize(
    ("change", "fault", "works"),
    [
        ({}, "", True),
        ({"root": "elsewhere"}, "", False),  # its path leads to the course that was moved
        ({"damage": "SyntaxError"}, "", False),
        ({}, "ModuleNotFoundError", False),
    ],
)
def test_an_old_environment_works_if_jupyterlab_can_be_imported(
    tmp_path, monkeypatch, change, fault, works
):
    environment.write_stamp(tmp_path, {"root": str(ROOT), "requirements.lock": "older"} | change)
    monkeypatch.setattr(environment, "damage", lambda *_: fault)
    assert environment.still_works(tmp_path) == works


def why_now(venv: Path) -> str:
    """Return why this environment would be made again."""
    return environment.why_remake(venv, pythons.this_python())


@pytest.mark.slow
def test_an_environment_of_other_making_is_kept(empty_house):
    (empty_house / ".venv").mkdir()
    (empty_house / ".venv" / "precious").touch()
    code, printed = start(empty_house, "check")
    assert code == 0
    assert ".venv-old-1" in printed
    assert (empty_house / ".venv-old-1" / "precious").exists()


@pytest.mark.slow
@pytest.mark.skipif(not POSIX, reason="Windows lets few users make links")
@pytest.mark.parametrize("kind", ["file", "link", "link to nowhere"])
def test_what_stands_in_the_place_of_an_environment_is_kept(empty_house, kind):
    venv, other = empty_house / ".venv", empty_house.parent / "other"
    if kind == "file":
        venv.write_text("my-environment\n")  # some shells read its name there
    else:
        venv.symlink_to(other)
    if kind == "link":
        other.mkdir()
        (other / "course.json").write_text('{"root": "/another/course"}')
    code, printed = start(empty_house, "check")
    assert code == 0, printed
    assert "so it is kept: .venv-old-1" in printed
    kept = empty_house / ".venv-old-1"
    assert kept.read_text() == "my-environment\n" if kind == "file" else kept.is_symlink()
    assert (other / "course.json").exists() == (kind == "link")
    found = sorted(path.name for path in empty_house.glob(".venv*"))
    assert found == [".venv", ".venv-old-1"]


@pytest.mark.slow
@pytest.mark.skipif(not POSIX, reason="Windows renames no folder in which a program runs")
def test_an_environment_in_which_jupyterlab_runs_is_not_changed(empty_house):
    start(empty_house, "check")
    lock = empty_house / "requirements.lock"
    lock.write_text(lock.read_text() + "# newer\n", encoding="utf-8")
    code = (
        "from tools.launcher import environment\n"
        "with environment.in_use(environment.VENV):\n"
        "    print(flush=True)\n"
        "    input()"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=empty_house,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with running:
        running.stdout.readline()
        before = sorted(empty_house.glob(".venv/**/*"))
        code, printed = start(empty_house, "check")
        assert code == 1
        assert "JupyterLab runs in .venv" in printed
        assert "End it (Ctrl-C in its terminal), then start again" in printed
        assert sorted(empty_house.glob(".venv/**/*")) == before
        running.stdin.close()
    assert start(empty_house, "check")[0] == 0


@pytest.mark.slow
def test_a_moved_course_gets_a_new_environment(empty_house):
    start(empty_house, "check")
    moved = empty_house.rename(empty_house.with_name("moved"))
    code, printed = start(moved, "check")
    assert code == 0
    assert "the course's folder was moved" in printed
    assert Path(handed(printed)["python"]).is_relative_to(moved)


@pytest.mark.slow
def test_of_two_starts_at_once_one_makes_the_environment(empty_house):
    command = [sys.executable, str(empty_house / "course.py"), "check"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    printed = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("Making the environment" in text for text in printed) == 1


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("uv"), reason="uv is not on PATH")
def test_uv_is_used_where_it_is(empty_house):
    code, printed = start(empty_house, "check")
    assert code == 0
    assert "(with uv)" in printed
    assert "pip tries" not in printed


# --- an unusual machine ------------------------------------------------------------------------


@pytest.mark.processes
@pytest.mark.parametrize("flags", [["--port", "99999"], ["--port", "-1"], ["--ip", "0.0.0.0"]])
def test_a_flag_that_cannot_work_is_refused_before_anything_is_made(empty_house, flags):
    code, printed = start(empty_house, *flags)
    assert code == 1
    assert flags[0] in printed
    assert "Traceback" not in printed
    assert not (empty_house / ".venv").exists()


@pytest.mark.processes
@pytest.mark.parametrize("command", ["doctor", "copy", "progress"])
def test_a_command_that_takes_no_arguments_says_so(empty_house, command):
    code, printed = start(empty_house, command, "--all")
    assert code == 1
    assert f"{command} takes no arguments, and was given --all" in printed


@pytest.mark.processes
@pytest.mark.parametrize("command", ["doctor", "progress", "--help", "reset"])
def test_a_reader_that_has_seen_enough_causes_no_traceback(empty_house, command):
    door = subprocess.Popen(
        [sys.executable, str(empty_house / "course.py"), command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    door.stdout.close()
    assert door.stderr.read() == ""
    door.stderr.close()
    assert door.wait(60) in (0, 1)


needs_shell = pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="there is no full device here"
)


@pytest.mark.processes
@needs_shell
@pytest.mark.parametrize("to", ["> /dev/full", ">&-"])
@pytest.mark.parametrize("command", ["--help", "progress", "copy"])
def test_a_command_whose_words_are_lost_fails_in_words(empty_house, to, command):
    shell = f'exec "$0" "$@" {to}'
    words = ["sh", "-c", shell, sys.executable, str(empty_house / "course.py"), command]
    done = subprocess.run(words, stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == 1
    assert "What it had to print is lost: " in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.processes
@needs_shell
@pytest.mark.parametrize("to", ["> /dev/full", ">&-", "<&- >&- 2>&-"])
def test_a_start_whose_words_are_lost_opens_jupyterlab(house, tmp_path, to):
    ready = tmp_path / "ready"
    lab = next((house / ".venv").rglob("jupyterlab/__main__.py"))
    before = lab.read_text()
    lab.write_text(f"import pathlib; pathlib.Path({str(ready)!r}).touch()")
    words = ["sh", "-c", f'exec "$0" "$@" {to}', sys.executable, str(house / "course.py")]
    # Python takes what it compiled for a file of the same second and length.
    variables = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(words, stderr=subprocess.PIPE, env=variables, text=True, timeout=120)
    finally:
        lab.write_text(before)
    assert (done.returncode, done.stderr) == (0, "")
    assert ready.exists()


@pytest.mark.processes
def test_an_error_of_the_course_itself_is_put_in_words(empty_house):
    copies_file = empty_house / "tools" / "launcher" / "copies.py"
    text = copies_file.read_text()
    copies_file.write_text(text.replace("def __init__(self, root", "def __init__(self, wrong"))
    code, printed = start(empty_house, "copy")
    assert code == 1
    assert "course.py stopped at an error of its own: NameError" in printed
    assert "doctor" in printed
    assert "Traceback" not in printed
    assert "Traceback" in (empty_house / ".course" / "error.log").read_text()
    copies_file.unlink()
    code, printed = start(empty_house, "copy")
    assert code == 1
    assert "missing or damaged: No module named 'tools.launcher.copies'" in printed
    assert "Traceback" not in printed


@pytest.mark.processes
@pytest.mark.skipif(not POSIX, reason="Ctrl-C can't be sent to one program on Windows")
def test_an_early_interrupt_causes_no_traceback(empty_house):
    (empty_house / "tools" / "launcher" / "copies.py").write_text(
        "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(60)\n"
    )
    code, printed = start(empty_house, "copy")
    assert code == 130
    assert "Traceback" not in printed


@pytest.mark.processes
@pytest.mark.skipif(not POSIX, reason="Windows allows no colon in a name")
def test_a_colon_in_the_path_is_named(tmp_path):
    house = build_house(tmp_path / "a:b")
    code, printed = start(house, "check")
    assert code == 1
    assert f"The course is in {house}. No environment works in a path with ':'" in printed
    assert "Rename the folder" in printed
    assert "Rename the folder" in start(house, "doctor")[1]


@pytest.mark.processes
def test_python_that_leaves_out_the_folder_of_a_script_finds_the_course(house):
    code, printed = start(house, "check", PYTHONSAFEPATH="1", PYTHONWARNINGS="error")
    assert code == 0, printed
    assert handed(printed)["python"]


@pytest.mark.processes
@pytest.mark.parametrize("home", ["a file", "read-only", "missing"])
def test_a_home_that_cannot_be_written_is_left_alone(house, tmp_path, monkeypatch, home):
    folder = tmp_path / "home"
    if home == "a file":
        folder.touch()
    elif home == "read-only":
        folder.mkdir()
        folder.chmod(0o555)
        if POSIX and os.geteuid() == 0:
            monkeypatch.setattr(paths.os, "access", lambda path, _mode: path != folder)
    told = {"HOME": str(folder), "USERPROFILE": str(folder)}
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    assert not paths.home_is_usable()
    given = paths.variables()
    assert given["MPLCONFIGDIR"].startswith(str(paths.STATE))
    assert given["XDG_CACHE_HOME"].startswith(str(paths.STATE))
    assert start(house, "check", **told)[0] == 0


@pytest.mark.parametrize("writable", [True, False])
def test_a_course_that_cannot_be_written_says_what_is_not_kept(monkeypatch, capsys, writable):
    monkeypatch.setattr(cli, "environment", lambda *_: None)
    monkeypatch.setattr(cli, "make_copies", lambda _root: copies.Report())
    monkeypatch.setattr(cli, "open_lab", lambda _flags: 0)
    monkeypatch.setattr(cli.os, "access", lambda *_: writable)
    assert cli.lab([]) == 0
    assert ("your progress and JupyterLab's settings are not kept" in said(capsys)) != writable


def said(capsys) -> str:
    """Return what was printed."""
    return capsys.readouterr().out


@pytest.mark.processes
@pytest.mark.skipif(not POSIX, reason="Windows has no umask")
def test_nothing_that_the_course_writes_is_open_to_others(empty_house):
    code = f"import os; os.umask(0); os.execv({sys.executable!r}, ['python', 'course.py', 'check'])"
    before = {*empty_house.rglob("*")}
    subprocess.run([sys.executable, "-c", code], cwd=empty_house, check=True, timeout=120)
    code = code.replace("'check'", "'copy'")
    subprocess.run([sys.executable, "-c", code], cwd=empty_house, check=True, timeout=120)
    new = [path for path in empty_house.rglob("*") if path not in before and not path.is_symlink()]
    assert [path for path in new if path.stat().st_mode & 0o022] == []
    for name in (".venv", ".course", "my_course"):
        assert (empty_house / name).stat().st_mode & 0o077 == 0


@pytest.mark.processes
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_a_refusal_of_the_system_is_put_in_words(empty_house):
    (empty_house / ".course").symlink_to("/dev/full")
    code, printed = start(empty_house, "check")
    assert code == 1
    assert "Traceback" not in printed


@pytest.mark.processes
@pytest.mark.skipif(not POSIX, reason="Windows has no SIGCHLD")
def test_a_caller_that_ignores_its_children_hides_no_failure(empty_house):
    (empty_house / "requirements.lock").write_text("nosuch @ file:///nosuch-1.0-py3-none-any.whl\n")
    ignore = "import os, signal; signal.signal(signal.SIGCHLD, signal.SIG_IGN)"
    code = f"{ignore}; os.execv({sys.executable!r}, ['python', 'course.py', 'check'])"
    done = subprocess.run([sys.executable, "-c", code], cwd=empty_house, timeout=120)
    assert done.returncode == 1
    assert not (empty_house / ".venv" / environment.STAMP).exists()


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="needs the access lists of Linux")
def test_a_folder_whose_new_files_are_for_others_lends_them_nothing(monkeypatch, tmp_path):
    entries = [(1, 7, -1), (2, 7, 65534), (4, 5, -1), (16, 7, -1), (32, 5, -1)]
    packed = b"".join(struct.pack("<HHi", *entry) for entry in entries)
    try:
        os.setxattr(tmp_path, "system.posix_acl_default", struct.pack("<I", 2) + packed)
    except OSError:
        pytest.skip("this file system has no access lists")
    monkeypatch.setattr(environment, "STATE", tmp_path / "one")
    monkeypatch.setattr(jupyter, "STATE", tmp_path / "two")
    monkeypatch.setattr(install, "STATE", tmp_path / "three")
    monkeypatch.setattr(cli, "STATE", tmp_path / "four")
    with environment.environment_lock(tmp_path / ".venv"):
        pass
    jupyter.jupyter_folder()
    install.explain(["a line"])
    cli.unexpected(ValueError("an error"))
    for name in ("one", "two", "three", "four"):
        assert (tmp_path / name).stat().st_mode & 0o077 == 0, name


@pytest.mark.skipif(not POSIX, reason="files have no such owner on Windows")
def test_an_environment_that_cannot_be_written_says_once_what_to_do(monkeypatch):
    words = "/x belongs to another user. Or copy the course to a folder of your own."
    monkeypatch.setattr(environment, "give_it_back", lambda: words)
    said = environment.not_written(Path(".venv"), PermissionError(errno.EACCES, "no", "/x"))
    assert said.count("to a folder of your own") == 1


def test_what_another_user_owns_is_named_with_the_cure(monkeypatch, tmp_path):
    cure = f"sudo chown -R $(id -un) {tmp_path}"
    (tmp_path / ".course").mkdir()
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(doctor, "ROOT", tmp_path)
    assert cure not in cli.no_access(PermissionError(13, "Permission denied"))
    assert all(good for good, _what in doctor.folders_of_the_learner())
    monkeypatch.setattr(paths.os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    assert cure in cli.no_access(PermissionError(13, "Permission denied"))
    assert cure in environment.not_written(tmp_path / ".venv", PermissionError(13, "no"))
    monkeypatch.setattr(paths.os, "access", lambda path, _mode: path != tmp_path / ".course")
    ((good, what),) = doctor.folders_of_the_learner()
    assert good is False
    assert cure in what


@pytest.mark.processes
def test_a_file_of_the_course_that_is_gone_is_named(empty_house):
    (empty_house / "requirements.lock").unlink()
    for command in ("check", "doctor"):
        code, printed = start(empty_house, command)
        assert code == 1
        assert "requirements.lock" in printed
        assert "is missing" in printed
        assert "Get the course again" in printed


@pytest.mark.processes
@pytest.mark.parametrize("command", ["copy", "progress", "reset 01"])
def test_an_outline_that_is_no_text_is_named(empty_house, command):
    (empty_house / "source" / "outline.toml").write_bytes(b"\xff\xfe[[")
    code, printed = start(empty_house, *command.split())
    assert code == 1
    assert "source/outline.toml: not valid TOML" in printed


@pytest.mark.processes
@pytest.mark.parametrize("name", ["signal.py", "queue.py", "json/__init__.py"])
def test_a_file_with_the_name_of_a_module_of_python_is_named(empty_house, name):
    path = empty_house / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("raise ValueError")
    code, printed = start(empty_house, "copy")
    assert code == 1
    assert "Traceback" not in printed
    assert f"There is {name.partition('/')[0]} in the course's folder" in printed
    assert "Rename it" in printed


@pytest.mark.slow
@pytest.mark.parametrize("name", ["jupyterlab.py", "jupyterlab/__init__.py"])
def test_a_file_with_the_name_of_an_installed_package_is_named(empty_house, name):
    assert start(empty_house, "check")[0] == 0
    (empty_house / name).parent.mkdir(exist_ok=True)
    (empty_house / name).write_text("x = 1", encoding="utf-8")
    top = name.partition("/")[0]
    for command in ("--no-browser", "check"):
        code, printed = start(empty_house, command)
        assert code == 1
        assert f"There is {top} in the course's folder" in printed
        assert "Rename it" in printed
    assert f"NO  There is {top} in the course's folder" in start(empty_house, "doctor")[1]


@pytest.mark.processes
@pytest.mark.parametrize(
    "words", ["MemoryError", "OSError: [Errno 24] Too many open files: 'x'", "no module"]
)
def test_what_a_limit_of_the_system_stops_is_not_called_damaged(monkeypatch, tmp_path, words):
    monkeypatch.setattr(environment, "damage", lambda _venv: words)
    monkeypatch.setattr(doctor, "damage", lambda _venv: words)
    monkeypatch.setattr(doctor, "why_remake", lambda *_: "")
    monkeypatch.setattr(doctor, "missing", lambda *_: [])
    ((good, said),) = [one for one in doctor.installed() if one[0] is not True]
    assert good is False
    assert ("delete it" in said) == ("a limit of the system" not in said) == (words == "no module")
    (tmp_path / environment.STAMP).write_text("{}")
    assert environment.note_damage(tmp_path) == (words == "no module")


@pytest.mark.processes
def test_the_doctor_looks_on_where_there_is_no_folder_for_temporary_files(monkeypatch):
    def nowhere():
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']")

    monkeypatch.setattr(tempfile, "gettempdir", nowhere)
    (said,) = [words for good, words in doctor.processes() if good is False]
    assert "no folder for temporary files" in said
    assert "make room there, or set TMPDIR" in said


@pytest.mark.processes
@pytest.mark.skipif(not POSIX, reason="Windows has no such limit")
def test_the_doctor_names_a_low_limit_of_open_files(monkeypatch):
    import resource

    monkeypatch.setattr(resource, "getrlimit", lambda _: (64, 64))
    (said,) = [words for good, words in doctor.processes() if good is False]
    assert "only 64 files may be open at once" in said
    assert "ulimit -n 4096" in said
    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, 4096))  # JupyterLab raises it
    assert [words for good, words in doctor.processes() if good is False] == []


@pytest.mark.processes
def test_no_module_is_loaded_from_the_folder_in_which_the_caller_is(empty_house, tmp_path):
    loaded = tmp_path / "loaded"
    for name in ("pip", "ensurepip", "sysconfig", "sys", "jupyterlab", "encodings", "random"):
        code = f"open({str(loaded)!r}, 'a').write({name + ' '!r})"
        (tmp_path / f"{name}.py").write_text(code, encoding="utf-8")
    for command in ("doctor", "check", "doctor", f"test --python {sys.executable}"):
        _code, printed = start(empty_house, *command.split())  # it starts in tmp_path
        assert "Traceback" not in printed
        assert not loaded.exists(), (command, loaded.read_text(encoding="utf-8"))


@pytest.mark.processes
@pytest.mark.skipif(not POSIX, reason="Windows needs a right for links")
def test_a_link_to_the_front_door_opens_it(empty_house, tmp_path):
    (tmp_path / "door.py").symlink_to(empty_house / "course.py")
    command = [pythons.this_python().exe, "-I", str(tmp_path / "door.py"), "copy"]
    assert subprocess.run(command, timeout=60).returncode == 0


@pytest.mark.skipif(not hasattr(os, "ST_NOEXEC"), reason="needs a word that Linux alone has")
def test_a_disk_from_which_no_program_may_start_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    assert environment.bad_path() == ""
    flags = type("Flags", (), {"f_flag": os.ST_NOEXEC | 1})
    monkeypatch.setattr(environment.os, "statvfs", lambda _path: flags)
    assert f"{tmp_path}, on a disk from which no program may start" in environment.bad_path()
    assert "Copy the course to a folder on another disk" in environment.bad_path()


@pytest.mark.skipif(not POSIX, reason="Windows has other locks")
@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.EIO])
def test_where_files_cannot_be_locked_the_environment_is_made_all_the_same(
    monkeypatch, tmp_path, number
):
    import fcntl

    def flock(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(environment, "STATE", tmp_path)
    monkeypatch.setattr(fcntl, "flock", flock)
    refused = pytest.raises(OSError, match="error") if number == errno.EIO else None
    with refused or contextlib.nullcontext(), environment.environment_lock(tmp_path / ".venv"):
        pass


@pytest.mark.processes
@pytest.mark.skipif(not POSIX or os.geteuid(), reason="only root can give a folder away")
@pytest.mark.parametrize("name", [*paths.OURS, ".venv-aside", ".venv-3.12", ".venv-3.12-bare"])
@pytest.mark.parametrize("command", ["copy", "progress", "reset --all", "check", "doctor", ""])
def test_a_folder_that_another_user_laid_is_not_written(empty_house, name, command):
    (empty_house / name).mkdir(mode=0o777)
    os.chown(empty_house / name, 65534, 65534)
    code, printed = start(empty_house, *command.split())
    assert code == 1
    assert f"{empty_house / name} belongs to another user (number 65534)" in printed
    assert "copy the course to a folder that only you can write" in printed
    assert list((empty_house / name).iterdir()) == []


@pytest.mark.skipif(not POSIX or os.geteuid(), reason="only root can give a folder away")
def test_who_owns_the_course_may_own_what_is_in_it(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".course").symlink_to("elsewhere")
    assert paths.laid_by_others() == ""
    os.lchown(tmp_path / ".course", 65534, 65534)
    assert ".course belongs to another user" in paths.laid_by_others()
    for path in (tmp_path, tmp_path / ".venv"):
        os.chown(path, 65534, 65534)
    assert paths.laid_by_others() == ""  # root in a user's course


@pytest.mark.skipif(not POSIX, reason="Windows allows no such names")
@pytest.mark.parametrize("name", ["new\nline", "Universit\udce9"])
def test_a_path_in_which_no_environment_works_is_refused(monkeypatch, name):
    monkeypatch.setattr(environment, "ROOT", Path("courses", name))
    assert "Rename the folder" in environment.bad_path()
    monkeypatch.setattr(environment, "ROOT", Path("an Ünï 'odd' one"))
    assert environment.bad_path() == ""


@pytest.mark.processes
@pytest.mark.skipif(not POSIX, reason="Windows reads names in its own way")
def test_a_name_that_this_python_cannot_read_is_not_called_wrong(tmp_path):
    folder = tmp_path / "cité"
    build_house(folder)
    told = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    code, printed = start(folder, "--no-browser", **told)
    assert code == 1
    assert "reads the names of files as ascii" in printed
    assert "Unset PYTHONUTF8" in printed


@pytest.mark.parametrize("before", [None, ""])
def test_without_a_path_no_program_comes_from_the_folder_of_a_notebook(monkeypatch, before):
    monkeypatch.delenv("PATH", raising=False)
    if before is not None:
        monkeypatch.setenv("PATH", before)
    folders = paths.variables(Path("/course/.venv"))["PATH"].split(os.pathsep)
    assert len(folders) > 1
    assert "" not in folders


@pytest.mark.processes
@pytest.mark.skipif(not POSIX, reason="Windows blocks no signals")
def test_a_caller_that_blocks_signals_does_not_keep_ctrl_c_from_the_course(empty_house):
    code = (
        "import os, signal, sys\n"
        "numbers = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD}\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, numbers)\n"
        "sys.argv[1:] = []\n"
        f"sys.path.insert(0, {str(empty_house)!r})\n"
        "from tools.launcher import cli\n"
        "cli.carry_out = lambda _: print(signal.pthread_sigmask(signal.SIG_BLOCK, ())) or 0\n"
        "sys.exit(cli.main([]))"
    )
    printed = subprocess.check_output([sys.executable, "-c", code], text=True, cwd=empty_house)
    assert printed.strip() == "set()"


def test_what_a_user_tells_every_python_and_plot_does_not_reach_the_kernels(monkeypatch):
    for name in ("PYTHONSTARTUP", "MPLBACKEND", "PYTHONOPTIMIZE"):
        monkeypatch.setenv(name, "1")
        assert name not in paths.variables()


@pytest.mark.processes
def test_a_folder_that_the_callers_variable_names_is_not_removed(monkeypatch, tmp_path):
    for name in (keeper.TEMPORARY, keeper.KEEPER_ID, open_browser.BEFORE):
        monkeypatch.setenv(name, str(tmp_path))
        assert name not in paths.variables()
    (tmp_path / "mine.txt").write_text("a thesis")
    program = KeptProgram([sys.executable, "-c", ""], paths.variables())
    program.wait(60)
    program.end()
    assert (tmp_path / "mine.txt").exists()


@pytest.mark.parametrize("private", [True, False])
def test_the_folder_of_one_start_is_removed_after_it(monkeypatch, tmp_path, private):
    monkeypatch.setattr(jupyter, "STATE", tmp_path / "state")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "t"))
    (tmp_path / "t").mkdir()
    if not private:
        (tmp_path / "state").write_text("in the way")
    told = {}
    monkeypatch.setattr(cli, "run_until_stopped", lambda *given: told.update(given[2]) or 0)
    assert cli.open_lab([]) == 0
    assert list((tmp_path / "t").iterdir()) == []
    kept = Path(told["JUPYTER_RUNTIME_DIR"]).is_relative_to(tmp_path / "state")
    assert kept == private
    assert private or told["JUPYTER_RUNTIME_DIR"].startswith(told[keeper.TEMPORARY])


def test_without_a_folder_for_temporary_files_it_starts_where_it_needs_none(monkeypatch, tmp_path):
    monkeypatch.setattr(jupyter, "STATE", tmp_path / "state")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    assert jupyter.temporary_folder() is None
    assert keeper.TEMPORARY not in jupyter.jupyter_variables(None)
    shutil.rmtree(tmp_path / "state")
    (tmp_path / "state").write_text("in the way")
    with pytest.raises(OSError, match="set TMPDIR"):
        jupyter.jupyter_variables(None)


def test_the_path_of_a_socket_stays_short_and_a_browser_gets_the_users_own_folder(
    monkeypatch, tmp_path
):
    monkeypatch.setattr(jupyter, "STATE", tmp_path / "state")
    for before in ("", "/mine"):
        monkeypatch.delenv("TMPDIR", raising=False)
        if before:
            monkeypatch.setenv("TMPDIR", before)
        told = jupyter.jupyter_variables(Path("/tmp/course-x"))
        assert told["TMPDIR"] == ("/tmp/course-x" if POSIX else before)
        with monkeypatch.context() as below:
            for name, value in told.items():
                below.setenv(name, value)
            assert open_browser.outside().get("TMPDIR", "") == before
            assert open_browser.BEFORE not in open_browser.outside()
        assert jupyter.jupyter_variables(Path("/" + "x" * 80)).get("TMPDIR", "") == before


@pytest.mark.skipif(not POSIX, reason="Windows has no such modes")
def test_the_doctor_names_a_folder_that_every_user_can_write(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "ROOT", tmp_path)
    folder = tmp_path / "my_course" / "notebooks"
    folder.mkdir(parents=True)
    for path in (tmp_path, folder.parent, folder):
        path.chmod(0o700)
    assert list(doctor.open_to_everyone()) == []
    folder.chmod(0o777)
    ((good, words),) = doctor.open_to_everyone()
    assert good is None
    assert f"every user of this machine can write {folder}" in words
    assert f"chmod -R o-w {folder}" in words


@pytest.mark.skipif(not POSIX, reason="Windows has no such modes")
@pytest.mark.parametrize(
    "name", ["course.py", "helpers", "tools/launcher/cli.py", ".venv/lib/x/site-packages"]
)
def test_the_doctor_names_a_program_of_the_course_that_every_user_can_change(
    monkeypatch, tmp_path, name
):
    monkeypatch.setattr(doctor, "ROOT", tmp_path)
    monkeypatch.setattr(doctor, "VENV", tmp_path / ".venv")
    for one in ("course.py", "helpers/workers/a.py", "tools/launcher/cli.py"):
        (tmp_path / one).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / one).write_text("")
    (tmp_path / ".venv" / "lib" / "x" / "site-packages" / "zmq").mkdir(parents=True)
    for path in (tmp_path, *tmp_path.rglob("*")):
        path.chmod(0o755)
    assert list(doctor.open_to_everyone()) == []
    open_ones = [tmp_path / name, *(tmp_path / name).rglob("*")]
    for path in open_ones:
        path.chmod(0o777)
    ((good, words),) = doctor.open_to_everyone()  # one cure for all that is in the folder
    assert good is None
    assert f"every user of this machine can write {tmp_path / name}" in words
    assert f"chmod -R o-w {tmp_path / name}" in words


@pytest.mark.skipif(not POSIX, reason="Windows has no such modes")
def test_the_doctor_names_a_folder_in_which_every_user_can_replace_the_course(
    monkeypatch, tmp_path
):
    monkeypatch.setattr(doctor, "ROOT", tmp_path / "shared" / "course")
    (tmp_path / "shared" / "course").mkdir(parents=True)
    (tmp_path / "shared" / "course").chmod(0o755)
    (tmp_path / "shared").chmod(0o1777)  # as /tmp: each user renames only their own
    assert list(doctor.open_to_everyone()) == []
    (tmp_path / "shared").chmod(0o777)
    ((good, words),) = doctor.open_to_everyone()
    assert good is None
    assert f"put another course in the place of yours in {tmp_path / 'shared'}" in words


# --- what ends with course.py ------------------------------------------------------------------


def bearers(name: str, value: str) -> list[psutil.Process]:
    """Return the living processes in whose environment this variable has this value."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            alive = process.status() != psutil.STATUS_ZOMBIE
            if alive and process.environ().get(name) == value:
                found.append(process)
    return found


def unmarked_of(ready: Path) -> list[psutil.Process]:
    """Return the daemon of the family that has an empty environment, if it lives."""
    with contextlib.suppress(OSError, ValueError, psutil.Error):
        process = psutil.Process(int(ready.with_name(f"{ready.name}.pid").read_text()))
        if process.status() != psutil.STATUS_ZOMBIE:
            return [process]
    return []


def wait_for(happened, seconds: float = 60) -> bool:
    """Return whether this became true in time."""
    end = time.monotonic() + seconds
    while not happened() and time.monotonic() < end:
        time.sleep(0.05)
    return bool(happened())


@pytest.mark.processes
@pytest.mark.skipif(not POSIX, reason="Windows has no such signals")
@pytest.mark.parametrize("name", ["SIGHUP", "SIGINT", "SIGTERM", "SIGKILL", "closed terminal"])
def test_whatever_ends_the_door_ends_everything_below_it(house, tmp_path, name):
    ready, temporary = tmp_path / "ready", Path(tempfile.mkdtemp(prefix="d", dir="/tmp"))
    command = [sys.executable, str(house / "course.py"), "--no-browser"]
    variables = os.environ | {"A_FAMILY": str(ready), "TMPDIR": str(temporary)}
    terminal, its_end = os.openpty()
    door = subprocess.Popen(
        command, env=variables, stdin=its_end, stdout=its_end, stderr=its_end, process_group=0
    )
    os.close(its_end)
    try:
        assert wait_for(lambda: ready.exists() or door.poll() is not None)
        assert len(bearers("A_FAMILY", str(ready))) >= 5
        assert list(temporary.rglob("pymp-*"))
        if name == "closed terminal":  # the terminal's own program does both
            os.close(terminal)
        door.send_signal(getattr(signal, name, signal.SIGHUP))
        door.wait(20)
        assert wait_for(lambda: not bearers("A_FAMILY", str(ready)), 20)
        assert wait_for(lambda: not unmarked_of(ready), 20) or sys.platform != "linux"
        assert wait_for(lambda: not any(temporary.iterdir()), 20), [*temporary.rglob("*")]
    finally:
        shutil.rmtree(temporary)
        for process in unmarked_of(ready):
            process.kill()
        for process in bearers("A_FAMILY", str(ready)):
            with contextlib.suppress(psutil.Error):
                process.kill()
        door.wait()
        if name != "closed terminal":
            os.close(terminal)


@pytest.mark.processes
@pytest.mark.skipif(not POSIX, reason="Windows has no such signals")
def test_a_door_and_a_keeper_that_are_killed_together_leave_nothing(house, tmp_path):
    ready, temporary = tmp_path / "ready", Path(tempfile.mkdtemp(prefix="d", dir="/tmp"))
    command = [sys.executable, str(house / "course.py"), "--no-browser"]
    variables = os.environ | {"A_FAMILY": str(ready), "TMPDIR": str(temporary)}
    door = subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL)
    try:
        assert wait_for(lambda: ready.exists() or door.poll() is not None)
        (keeper,) = psutil.Process(door.pid).children()
        door.send_signal(signal.SIGSTOP)  # else it would end what the keeper can't
        keeper.kill()
        door.kill()
        assert wait_for(lambda: not bearers("A_FAMILY", str(ready)), 30)
        assert not any(temporary.iterdir())
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        for process in [*bearers("A_FAMILY", str(ready)), *unmarked_of(ready)]:
            with contextlib.suppress(psutil.Error):
                process.kill()
        door.wait()


# --- uv ----------------------------------------------------------------------------------------

needs_scripts = pytest.mark.skipif(
    not POSIX, reason="the stand-in for uv is a script, and Windows starts uv.exe"
)


def put_uv_on_path(house: Path) -> str:
    """Put the stand-in for uv beside the house; return a PATH on which it comes first."""
    uv = house.parent / "bin" / "uv"
    uv.parent.mkdir()
    uv.write_text(f"#!{pythons.this_python().exe}\n{FAKE_UV}", encoding="utf-8")
    uv.chmod(0o755)
    return f"{uv.parent}{os.pathsep}{os.environ['PATH']}"


def calls_of_uv(house: Path) -> list[dict]:
    """Return how the stand-in for uv was called, in order."""
    lines = (house.parent / "uv.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def cannot_be_had(house: Path) -> None:
    """Put a package that is nowhere into the house's lock."""
    with (house / "requirements.lock").open("a", encoding="utf-8") as file:
        file.write("nowhere-to-be-found==1.0\n")


@pytest.mark.processes
@needs_scripts
def test_uv_on_path_installs_from_where_pip_would_and_by_nothing_else(empty_house):
    told = {
        "PIP_INDEX_URL": "https://pip.example/simple",
        "PIP_NO_INDEX": "1",
        "UV_TARGET": "elsewhere",
        "UV_DRY_RUN": "1",
        "UV_CONFIG_FILE": "uv.toml",
        "UV_CACHE_DIR": str(empty_house.parent / "cache"),
    }
    code, printed = start(empty_house, "check", PATH=put_uv_on_path(empty_house), **told)
    assert code == 0, printed
    assert "(with uv)" in printed
    assert "pip tries" not in printed
    make, install_call = calls_of_uv(empty_house)
    assert make["arguments"][0] == "venv"
    assert "--no-index" in install_call["arguments"]
    for call in (make, install_call):
        assert call["told"]["UV_NO_CONFIG"] == "1"
        assert call["told"]["UV_DEFAULT_INDEX"] == told["PIP_INDEX_URL"]
        assert call["told"]["UV_CACHE_DIR"] == told["UV_CACHE_DIR"]
        assert not {"UV_TARGET", "UV_DRY_RUN", "UV_CONFIG_FILE"} & set(call["told"])
        assert not [name for name in call["told"] if name.startswith("PIP_")]


@pytest.mark.processes
@needs_scripts
def test_what_uv_installs_shares_no_file_with_its_cache_and_a_repair_does_not_use_it(empty_house):
    path = put_uv_on_path(empty_house)
    code, printed = start(empty_house, "check", PATH=path, UV_LINK_MODE="")
    assert code == 0, printed
    venv = empty_house / ".venv"
    environment.write_stamp(venv, environment.read_stamp(venv) | {"damage": "SyntaxError"})
    code, printed = start(empty_house, "check", PATH=path, UV_LINK_MODE="")
    assert code == 0, printed
    _, first, _, repair = calls_of_uv(empty_house)
    assert first["told"]["UV_LINK_MODE"] == repair["told"]["UV_LINK_MODE"] == "copy"
    assert "--no-cache" not in first["arguments"]
    assert "--no-cache" in repair["arguments"]


@pytest.mark.processes
@needs_scripts
def test_a_repair_without_network_takes_what_the_cache_has(empty_house):
    path = put_uv_on_path(empty_house)
    (empty_house / ".venv").mkdir()
    environment.write_stamp(empty_house / ".venv", {"damage": "SyntaxError"})
    paths.venv_python(empty_house / ".venv").parent.mkdir()
    paths.venv_python(empty_house / ".venv").touch()
    (empty_house.parent / "fail without cache").touch()
    code, printed = start(empty_house, "check", PATH=path)
    assert code == 0, printed
    assert "pip tries" not in printed
    used = ["--no-cache" in call["arguments"] for call in calls_of_uv(empty_house)]
    assert used == [False, True, False, False]  # making it twice, too


@pytest.mark.processes
@needs_scripts
def test_where_uv_fails_pip_installs_the_same(empty_house):
    path = put_uv_on_path(empty_house)
    (empty_house.parent / "fail").touch()
    code, printed = start(empty_house, "check", PATH=path)
    assert code == 0, printed
    assert "uv could not do it, so pip tries" in printed
    assert Path(handed(printed)["python"]).is_relative_to(empty_house / ".venv")
    assert pythons.works(str(paths.venv_python(empty_house / ".venv")), "import jupyterlab")


@pytest.mark.processes
@needs_scripts
def test_the_pinned_uv_is_fetched_once(empty_house):
    line = wheel(empty_house, "uv", "", script=FAKE_UV)
    (empty_house / "requirements-installer.lock").write_text(line, encoding="utf-8")
    code, printed = start(empty_house, "check")
    assert code == 0, printed
    assert "Fetching uv" in printed
    assert "(with uv)" in printed
    shutil.rmtree(empty_house / ".venv")
    code, printed = start(empty_house, "check")
    assert code == 0, printed
    assert "Fetching uv" not in printed
    assert "(with uv)" in printed
    assert not list((empty_house / ".course").glob("*.part"))


@pytest.mark.processes
@needs_scripts
def test_where_the_pinned_uv_does_not_start_pip_installs(empty_house):
    line = wheel(empty_house, "uv", "", script="raise SystemExit(1)")
    (empty_house / "requirements-installer.lock").write_text(line, encoding="utf-8")
    code, printed = start(empty_house, "check")
    assert code == 0, printed
    assert "uv that pip fetched does not start here, so pip installs" in printed


@pytest.mark.processes
def test_where_the_pinned_uv_is_not_to_be_had_pip_installs(empty_house):
    (empty_house / "requirements-installer.lock").write_text("uv==0.0.0\n", encoding="utf-8")
    code, printed = start(empty_house, "check", PIP_NO_INDEX="1")
    assert code == 0, printed
    assert "uv is not to be had, so pip installs, in more time. Could not fetch uv" in printed
    assert not list((empty_house / ".course").glob("uv*"))


@pytest.mark.processes
def test_what_pip_is_told_of_other_installs_does_not_reach_in(house):
    conf = house.parent / "pip.conf"
    conf.write_text("[global]\nuser = true\nrequire-hashes = true\n[install]\nroot = /nowhere\n")
    path = house / "requirements.lock"
    before = path.read_text()
    path.write_text(before + wheel(house, "another", STAND_IN))
    told = {"PIP_CONFIG_FILE": str(conf), "PIP_DRY_RUN": "1", "PIP_TARGET": "elsewhere"}
    try:
        code, printed = start(house, "check", **told)
    finally:
        path.write_text(before)
    assert code == 0, printed
    assert pythons.works(str(paths.venv_python(house / ".venv")), "import another")
    start(house, "check")


LISTED = """\
:env:.cert='/etc/certs.pem'
:env:.find-links='/wheels https://wheels.example'
:env:.user='1'
download.index-url='https://other.example'
global.index-url='https://one.example'
global.no-binary='numpy,pandas'
global.find-links='/overruled'
global.trusted-host='\\na.example\\nb.example'
install.index-url='https://two.example/it%27s'
install.no-index='false'
"""


def test_what_pip_lists_is_read_as_pip_reads_it():
    settings = package_sources.read_settings(LISTED)
    assert settings == {
        "cert": "/etc/certs.pem",
        "find-links": "/wheels https://wheels.example",
        "index-url": "https://two.example/it%27s",
        "no-binary": "numpy,pandas",
        "trusted-host": "\na.example\nb.example",
        "no-index": "false",
    }


def test_uv_is_told_what_pip_is_told_and_the_users_own_word_to_uv_wins(monkeypatch):
    for name in [*os.environ]:
        if name.startswith(("UV_", "SSL_", "PIP_")) or name == "REQUESTS_CA_BUNDLE":
            monkeypatch.delenv(name)
    monkeypatch.setenv("UV_INDEX_URL", "https://mine.example")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/bundle.pem")
    settings = package_sources.read_settings(LISTED)
    told = package_sources.for_uv(settings)
    assert told["UV_FIND_LINKS"] == "/wheels,https://wheels.example"
    assert told["UV_INSECURE_HOST"] == "a.example b.example"
    assert told["UV_INDEX_URL"] == "https://mine.example"
    assert "UV_DEFAULT_INDEX" not in told
    assert told["SSL_CERT_FILE"] == "/etc/certs.pem"
    assert package_sources.for_uv({})["SSL_CERT_FILE"] == "/bundle.pem"
    flags = package_sources.flags_for_uv(settings)
    assert flags == ["--no-binary", "numpy", "--no-binary", "pandas"]


UV_TOML = """
offline = false
dry-run = true
[[index]]
name = "mine"
url = "https://mine.example/simple"
default = true
[pip]
target = "/nowhere"
find-links = ["/wheels", "it's \\"here\\""]
"""


def test_of_a_uv_toml_only_what_leads_to_packages_reaches_uv(tmp_path, monkeypatch):
    monkeypatch.setattr(package_sources, "STATE", tmp_path)
    (tmp_path / "theirs.toml").write_text(UV_TOML)
    monkeypatch.setenv("UV_CONFIG_FILE", str(tmp_path / "theirs.toml"))
    told = package_sources.for_uv({})
    assert "UV_NO_CONFIG" not in told
    assert tomllib.loads(Path(told["UV_CONFIG_FILE"]).read_text()) == {
        "offline": False,
        "index": [{"name": "mine", "url": "https://mine.example/simple", "default": True}],
        "find-links": ["/wheels", 'it\'s "here"'],
    }
    (tmp_path / "theirs.toml").write_text("not toml")
    with pytest.raises(paths.Problem, match=r"theirs.toml: .*\nMend it"):
        package_sources.for_uv({})


def test_a_uv_toml_of_the_user_is_found_and_none_is_needed(tmp_path, monkeypatch):
    monkeypatch.setattr(package_sources, "STATE", tmp_path)
    monkeypatch.delenv("UV_CONFIG_FILE", raising=False)
    monkeypatch.delenv("UV_NO_CONFIG", raising=False)
    for name in ("XDG_CONFIG_HOME", "XDG_CONFIG_DIRS", "APPDATA", "PROGRAMDATA"):
        monkeypatch.setenv(name, str(tmp_path / name))
    assert package_sources.for_uv({})["UV_NO_CONFIG"] == "1"
    own = package_sources.uv_files()[-1]
    own.parent.mkdir(parents=True)
    own.write_text("index-url = 'https://mine.example'\n")
    ours = Path(package_sources.for_uv({})["UV_CONFIG_FILE"])
    assert ours.read_text() == 'index-url = "https://mine.example"\n'


# --- an environment that has to be made again --------------------------------------------------


@pytest.mark.processes
@pytest.mark.parametrize("making", ["ours", "another's"])
def test_an_environment_is_kept_until_its_replacement_works(empty_house, making):
    venv = empty_house / ".venv"
    venv.mkdir()
    (venv / "precious").touch()
    if making == "ours":
        environment.write_stamp(venv, {"root": "elsewhere"})
    before = sorted(venv.rglob("*"))
    cannot_be_had(empty_house)
    for _attempt in range(2):
        code, printed = start(empty_house, "check", PIP_NO_INDEX="1")
        assert code == 1
        assert "Could not fetch nowhere-to-be-found==1.0" in printed
        assert ".venv is put back as it was" in printed
        assert sorted(venv.rglob("*")) == before
    assert [path.name for path in empty_house.glob(".venv*")] == [".venv"]


@pytest.mark.parametrize(
    ("stands", "marked", "waits", "becomes"),
    [
        ("", False, "old", "old"),  # killed just after the rename
        ("", True, "old", "old"),  # ... just after the mark
        ("half", True, "old", "old"),  # ... while it installed
        ("half", True, "", ""),  # ... while it installed the first one
        ("whole", True, "old", "whole"),  # ... just after the stamp
        ("whole", False, "old", "whole"),  # ... while it deleted the old one
        ("foreign", False, "", "foreign"),  # never touched
    ],
)
def test_a_start_that_is_killed_loses_no_environment(
    tmp_path, monkeypatch, stands, marked, waits, becomes
):
    monkeypatch.setattr(environment, "STATE", tmp_path)
    venv = tmp_path / ".venv"
    for path, what in ((venv, stands), (environment.aside(venv), waits)):
        if what:
            path.mkdir()
            (path / what).touch()
            if what in ("old", "whole"):
                environment.write_stamp(path, {"root": what})
    if marked:
        environment.unfinished(venv).touch()
    environment.bring_back(venv)
    assert [path.name for path in tmp_path.iterdir()] == [".venv"] * bool(becomes)
    assert not becomes or (venv / becomes).exists()


def test_a_deletion_that_is_killed_is_ended_by_the_next_start(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "STATE", tmp_path)
    venv = tmp_path / ".venv"
    for path in (venv, environment.aside(venv)):
        path.mkdir()
        environment.write_stamp(path, {"root": "old"})
        (path / "python").touch()

    def killed_in_it(path, **options):
        (path / environment.STAMP).unlink()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(environment.shutil, "rmtree", killed_in_it)
        environment.clear_away(environment.aside(venv))
    assert len(list(tmp_path.iterdir())) == 2
    environment.bring_back(venv)
    assert list(tmp_path.iterdir()) == [venv]


@pytest.mark.processes
@needs_scripts
@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM", "SIGINT"])
def test_what_ends_a_start_ends_the_installer(empty_house, name):
    path = put_uv_on_path(empty_house)
    (empty_house.parent / "wait").touch()
    variables = os.environ | {"PATH": path, "AN_INSTALL": str(empty_house)}
    command = [sys.executable, str(empty_house / "course.py"), "check"]
    with subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL) as door:
        log = empty_house.parent / "uv.jsonl"
        assert wait_for(lambda: log.exists() and len(calls_of_uv(empty_house)) == 2)
        door.send_signal(getattr(signal, name))
        door.wait(20)
        assert wait_for(lambda: not bearers("AN_INSTALL", str(empty_house)), 20)
    (empty_house.parent / "wait").unlink()
    code, printed = start(empty_house, "check", PATH=path)
    assert code == 0, printed
    assert [one.name for one in empty_house.glob(".venv*")] == [".venv"]


@pytest.mark.processes
@needs_scripts
def test_an_installer_that_outlives_a_killed_start_is_waited_for(empty_house):
    path = put_uv_on_path(empty_house)
    wait = empty_house.parent / "wait"
    wait.touch()
    command = [sys.executable, str(empty_house / "course.py"), "check"]
    variables = os.environ | {"PATH": path}
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    log, end = empty_house.parent / "uv.jsonl", time.monotonic() + 60
    with subprocess.Popen(command, env=variables, **quiet) as first:
        while not (log.exists() and len(calls_of_uv(empty_house)) == 2):
            assert time.monotonic() < end and first.poll() is None
            time.sleep(0.02)
        first.send_signal(signal.SIGSTOP)  # else it would end the installer
        psutil.Process(first.pid).children()[0].kill()  # its keeper, which would do so, too
        first.kill()
    with subprocess.Popen(command, env=variables, **quiet) as second:
        line = second.stdout.readline()
        wait.unlink()
        rest = second.communicate(timeout=120)[0]
    assert "Waiting for it" in line
    assert second.returncode == 0, rest
    assert "(with uv)" in rest


@pytest.mark.processes
@pytest.mark.skipif(not POSIX, reason="folders can't be made read-only this way on Windows")
def test_a_folder_that_cannot_be_written_is_named(empty_house):
    command = [sys.executable, str(empty_house / "course.py"), "check"]
    if os.geteuid() == 0:  # root may write everywhere, but not on what is mounted read-only
        inside = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
        mount = ["unshare", "--mount", "--propagation", "private", "sh", "-c", inside]
        if not shutil.which("unshare") or subprocess.run([*mount, empty_house, "true"]).returncode:
            pytest.skip(
                "root writes everywhere, and this machine lets nothing be mounted read-only"
            )
        command = [*mount, str(empty_house), *command]
    else:
        empty_house.chmod(0o555)
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    finally:
        empty_house.chmod(0o755)
    assert done.returncode == 1
    assert f"{empty_house / '.venv'} has to be written, and can't be" in done.stdout
    assert "copy the course to a folder of your own" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_without_ensurepip_and_pip_it_says_what_to_install(empty_house, monkeypatch):
    monkeypatch.setattr(install, "has_ensurepip", lambda _exe: False)
    monkeypatch.setattr(install, "has_pip", lambda _exe: False)
    with pytest.raises(paths.Problem, match="has neither ensurepip nor pip") as caught:
        install.fill_with_pip(empty_house / ".venv", pythons.this_python(), [])
    assert "package manager" in str(caught.value)
    assert not (empty_house / ".venv").exists()


@pytest.mark.slow
def test_without_ensurepip_the_pip_outside_does_it(empty_house, monkeypatch):
    python = pythons.this_python()
    if not pythons.has_pip(python.exe):
        pytest.skip(f"{python.exe} has no pip of its own")
    monkeypatch.setattr(install, "has_ensurepip", lambda _exe: False)
    venv = empty_house / ".venv"
    install.fill_with_pip(venv, python, ["-r", str(empty_house / "requirements.lock")])
    assert not pythons.has_pip(str(paths.venv_python(venv)))
    assert pythons.works(str(paths.venv_python(venv)), "import jupyterlab")


# --- other Pythons -----------------------------------------------------------------------------


@pytest.mark.processes
def test_a_python_is_found_by_its_version_and_by_its_path():
    here = pythons.this_python()
    assert pythons.find_python(here.version) == here
    by_path = pythons.find_python(here.exe)
    assert by_path.version == here.version
    assert pythons.same(by_path.exe, here.exe)


@pytest.mark.processes
@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("3.99", "no Python 3.99 here: not as python3.99 on PATH"),
        ("", "version, such as 3.13, or the path"),
        ("no/such/python", "starts no Python"),
        (str(Path(__file__)), "starts no Python"),
    ],
)
def test_a_python_that_is_not_here_is_refused(wanted, words):
    with pytest.raises(paths.Problem, match=words):
        pythons.find_python(wanted)


def test_everything_runs_here_and_each_python_and_start_method_has_its_turn(monkeypatch):
    here = pythons.this_python()
    others = [pythons.Python(f"/{version}", version) for version in ("3.14", "3.13", "3.12")]
    everyone = [*others, pythons.Python("/3.11", "3.11")]
    monkeypatch.setattr(matrix, "all_pythons", lambda: [*everyone, here])
    runs = list(matrix.plan(["--all", "--only", "07"]))
    methods = __import__("multiprocessing").get_all_start_methods()
    assert runs[0] == matrix.Run(here, "", ["--all", "--only", "07"])
    assert all(run.options == ["--only", "07"] for run in runs[1:])
    versions = {python.version for python in [*everyone, here]}
    assert {run.python.version for run in runs} == versions
    assert {run.method for run in runs} == {"", *methods[1:]}
    assert all(not run.method for run in runs if run.python.version == "3.14")


# --- doctor and reset --------------------------------------------------------------------------


@pytest.mark.processes
def test_the_doctor_changes_nothing(empty_house):
    before = sorted(empty_house.rglob("*"))
    code, printed = start(empty_house, "doctor", PYTHONDONTWRITEBYTECODE="1")
    assert code == 0, printed
    assert "Nothing stands in the way" in printed
    assert ".venv is made at the next start" in printed
    assert sorted(empty_house.rglob("*")) == before


@pytest.mark.parametrize("what", ["pyenv", "home", "uv"])
def test_where_a_python_may_be_and_cannot_be_looked_for_is_skipped(monkeypatch, tmp_path, what):
    def refuse(*_given, **_named):
        raise {"home": RuntimeError, "pyenv": PermissionError, "uv": OSError}[what]("refused")

    if what == "uv":  # a file for another kind of machine
        monkeypatch.setattr(pythons.shutil, "which", lambda name, path="": name == "uv" and "uv")
        monkeypatch.setattr(pythons.subprocess, "run", refuse)
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    if what == "pyenv":
        monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
        monkeypatch.setattr(Path, "glob", refuse)
    elif what == "home":
        monkeypatch.setattr(Path, "home", refuse)
    assert not [command for command in pythons.places("3.2") if "3.2" in command[0]]
    if what == "uv":
        assert not pythons.has_pip("uv")


@pytest.mark.processes
def test_the_doctor_sees_a_damaged_environment(house):
    # The house has a jupyterlab, and nothing else of what the course needs.
    code, printed = start(house, "doctor")
    assert code == 1
    assert "NO  .venv is damaged (ModuleNotFoundError" in printed


@pytest.mark.processes
@pytest.mark.parametrize(
    ("package", "code", "found"), [("labapp", "1 +", "SyntaxError"), ("labapp", "", "ipykernel")]
)
def test_an_environment_in_which_jupyterlab_cannot_start_is_seen(
    tmp_path, monkeypatch, package, code, found
):
    (tmp_path / "jupyterlab").mkdir()
    for name in ("__init__", package):
        (tmp_path / "jupyterlab" / f"{name}.py").write_text("" if name != package else code)
    (tmp_path / "ipykernel.py").touch()
    monkeypatch.setattr(environment, "variables", lambda _venv: {"PYTHONPATH": str(tmp_path)})
    monkeypatch.setattr(environment, "venv_python", lambda _venv: sys.executable)
    assert found in environment.damage(tmp_path)


@pytest.fixture
def repository(empty_house):
    """Return a house in a Git repository, with everything committed."""
    if not shutil.which("git"):
        pytest.skip("there is no git")
    git = ["git", "-C", str(empty_house), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "shipped"]):
        subprocess.run([*git, *command], check=True)
    return empty_house


@pytest.mark.processes
def test_reset_keeps_the_learners_notebook(repository):
    lab = repository / "labs" / "01_processes.ipynb"
    shipped = lab.read_bytes()
    for number, name in enumerate(("01", "01_processes", "labs/01_processes", "processes"), 1):
        lab.write_text(f'{{"mine": {number}}}')
        code, printed = start(repository, "reset", name)
        assert code == 0, printed
        mine = repository / "labs" / f"01_processes.mine-{number}.ipynb"
        assert mine.read_text() == f'{{"mine": {number}}}'
        assert mine.name in printed
        assert lab.read_bytes() == shipped
    assert "nothing to do" in start(repository, "reset", "01")[1]


@pytest.mark.processes
def test_reset_of_a_lab_keeps_what_its_cell_wrote_too(repository):
    work = repository / "labs" / "work_01.py"
    for number in (1, 2):
        work.write_text(f"mine = {number}")
        code, printed = start(repository, "reset", "01")  # the notebook itself was not changed
        assert code == 0, printed
        kept = repository / "labs" / f"work_01.mine-{number}.py"
        assert f"labs/work_01.py is kept as labs/{kept.name}." in printed
        assert kept.read_text() == f"mine = {number}"
        assert not work.exists()


@pytest.mark.processes
def test_reset_of_a_lesson_leaves_the_labs_file_alone(repository):
    work = repository / "labs" / "work_01.py"
    work.write_text("mine = True")
    (repository / "notebooks" / "01_processes.ipynb").write_text("{}")
    assert start(repository, "reset", "notebooks/01")[0] == 0
    assert work.exists()


@pytest.mark.processes
def test_reset_brings_back_a_lost_notebook(repository):
    lesson = repository / "notebooks" / "00_start_here.ipynb"
    shipped = lesson.read_bytes()
    lesson.unlink()
    assert start(repository, "reset", "00")[0] == 0
    assert lesson.read_bytes() == shipped


@pytest.mark.processes
def test_reset_asks_which_one_where_a_name_means_two(repository):
    for folder in ("notebooks", "labs"):
        (repository / folder / "01_processes.ipynb").write_text("{}")
    code, printed = start(repository, "reset", "01")
    assert code == 1
    assert "notebooks/01_processes.ipynb and labs/01_processes.ipynb. Say which" in printed


@pytest.mark.processes
@pytest.mark.parametrize("name", ["99", "labs/00_start_here", "../course"])
def test_reset_refuses_what_is_no_notebook_of_the_course(empty_house, name):
    code, printed = start(empty_house, "reset", name)
    assert code == 1
    assert f"There is no '{name}'" in printed
    assert "labs/01_processes.ipynb" in printed


@pytest.mark.processes
def test_reset_builds_what_git_does_not_have(house):
    lab = house / "labs" / "01_processes.ipynb"
    shipped = lab.read_bytes()
    lab.write_text("{}")
    code, printed = start(house, "reset", "labs/01_processes", GIT_DIR=os.devnull)
    assert code == 0
    assert handed(printed)["arguments"] == ["labs/01_processes.ipynb"]
    assert lab.with_suffix(".mine-1.ipynb").read_text() == "{}"
    lab.with_suffix(".mine-1.ipynb").unlink()
    lab.write_bytes(shipped)


# --- diagnose ----------------------------------------------------------------------------------


@pytest.mark.processes
def test_a_program_of_the_callers_keeps_the_callers_folder_and_variables(house, tmp_path):
    (tmp_path / "shop.py").write_text("")
    before = os.umask(0o027)
    given = {"PYTHONPATH": str(tmp_path), "VIRTUAL_ENV": "mine", "PATH": os.environ["PATH"]}
    try:
        done = subprocess.run(
            [sys.executable, str(house / "course.py"), "diagnose", "shop.py", "--help"],
            cwd=tmp_path,
            env=os.environ | given,
            stdout=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    finally:
        os.umask(before)
    told = handed(done.stdout)
    assert done.returncode == 0
    assert told["arguments"] == [str(0o027 if POSIX else 0), "shop.py", "--help"]
    assert Path(told["python"]).is_relative_to(house / ".venv")
    assert Path(told["folder"]) == tmp_path
    assert {name: told[name] for name in given} == given


@pytest.mark.processes
@pytest.mark.parametrize("command", ["diagnose", "diagnose nothing.py", "diagnose --limit x a.py"])
def test_what_can_not_be_diagnosed_is_refused_before_an_environment_is_made(empty_house, command):
    code, printed = start(empty_house, *command.split())
    assert code == 2
    assert "Traceback" not in printed
    assert not (empty_house / ".venv").exists()


# --- progress ----------------------------------------------------------------------------------


@pytest.mark.processes
def test_progress_shows_the_map_and_what_is_next_and_needs_no_environment(empty_house):
    notes = empty_house / ".course" / "notes.json"
    code, printed = start(empty_house, "progress", COURSE_STATE="")
    assert code == 0, printed
    assert re.search(r"^01  What a process is  Who did what  not begun$", printed, re.MULTILINE)
    next_one = "read notebooks/01_processes.ipynb, then do its lab, labs/01_processes.ipynb."
    assert printed.endswith(f"\nNext: {next_one}\n")
    assert not notes.parent.exists()
    notes.parent.mkdir()
    kept = {"labs": {"01": {"tries": 3, "hints": {"no jobs, no processes": 2}}}}
    notes.write_text(json.dumps(kept), encoding="utf-8")
    code, printed = start(empty_house, "progress", COURSE_STATE="")
    assert re.search(r"^01 .*  0 of 5 +3 +2$", printed, re.MULTILINE)
    assert "Next: go on with labs/01_processes.ipynb: " in printed
    assert not (empty_house / ".venv").exists()


@pytest.mark.processes
@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"labs": 5}', '{"labs": {"01": 5}}'])
def test_progress_survives_notes_that_somebody_spoiled(empty_house, text):
    notes = empty_house / ".course" / "notes.json"
    notes.parent.mkdir()
    notes.write_text(text, encoding="utf-8")
    code, printed = start(empty_house, "progress", COURSE_STATE="")
    assert code == 0
    assert "not begun" in printed
    aside = notes.with_name("notes.broken-1.json")
    is_broken = text in ("{", "[]", "null", '{"labs": 5}')
    assert (aside if is_broken else notes).read_text(encoding="utf-8") == text
    assert (f"They are kept as {aside.name}" in printed) == is_broken


@pytest.mark.processes
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such pipes")
@pytest.mark.parametrize("command", ["progress", "copy"])
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(empty_house, command):
    lab = "my_course/labs/01_processes.ipynb"
    for name in (".course/notes.json", "my_course/.manifest.json", lab):
        (empty_house / name).parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(empty_house / name)
    _code, printed = start(empty_house, command, COURSE_STATE="")
    assert "notes.json is not a regular file. Rename it" in printed
    assert "Traceback" not in printed


@pytest.mark.processes
@pytest.mark.skipif(not POSIX, reason="Windows has no umask")
def test_under_any_umask_the_owner_has_access(empty_house):
    code = "import os; os.umask(0o777); os.execv({0!r}, ['python', 'course.py', 'copy'])"
    words = [sys.executable, "-c", code.format(sys.executable)]
    subprocess.run(words, cwd=empty_house, check=True, timeout=120)
    made = [empty_house / "my_course", *(empty_house / "my_course").rglob("*")]
    assert [one for one in made if one.stat().st_mode & 0o600 != 0o600] == []


# --- what is locked ----------------------------------------------------------------------------


def locked(name: str) -> list[Requirement]:
    """Return the requirements of a lock."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def test_environment_yml_is_made_from_pyproject():
    fresh = lock.conda_text(lock.project())
    assert (ROOT / lock.CONDA).read_text(encoding="utf-8") == fresh, "run: python -m tools.lock"


@pytest.mark.parametrize(
    "name",
    [lock.LOCK, lock.BROWSER_LOCK, lock.BARE_LOCK, lock.INSTALLER_LOCK, lock.CONDA],
)
def test_no_lock_names_an_address(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not any(sign in text for sign in ("://", "--index", "--find-links", "@ "))


@pytest.mark.parametrize("minor", range(pythons.OLDEST, pythons.NEWEST + 1))
@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_the_locks_hold_one_version_of_each_thing_needed(minor, platform):
    about = {
        "python_version": f"3.{minor}",
        "python_full_version": f"3.{minor}.6",
        "sys_platform": platform,
        "os_name": "nt" if platform == "win32" else "posix",
    }
    found: dict[str, list[Requirement]] = {}
    for requirement in locked(lock.LOCK) + locked(lock.BROWSER_LOCK):
        if requirement.marker is None or Marker(str(requirement.marker)).evaluate(about):
            found.setdefault(requirement.name, []).append(requirement)
    assert all(len(versions) == 1 for versions in found.values())
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for need in map(Requirement, table["dependencies"] + table["optional-dependencies"]["browser"]):
        version = str(found[need.name][0].specifier).removeprefix("==")
        assert version in need.specifier


def test_the_bare_lock_is_a_part_of_the_lock():
    bare = locked(lock.BARE_LOCK)
    assert set(map(str, bare)) <= set(map(str, locked(lock.LOCK)))
    assert {need.name for need in bare} >= set(lock.BARE_NEEDS)


def test_the_lock_is_complete():
    names = {requirement.name for requirement in locked(lock.LOCK)}
    for requirement in locked(lock.LOCK):
        if requirement.marker is None or requirement.marker.evaluate():
            for text in metadata.requires(requirement.name) or ():
                need = Requirement(text)
                if need.marker is None or need.marker.evaluate({"extra": ""}):
                    name = need.name.lower().replace("_", "-").replace(".", "-")
                    assert name in names, f"{requirement.name} needs {need.name}"


def test_the_installers_are_pinned_and_no_requirement():
    assert {need.name for need in locked(lock.INSTALLER_LOCK)} == {"pip", "uv"}
    assert all(str(need.specifier).startswith("==") for need in locked(lock.INSTALLER_LOCK))
    assert "uv" not in {need.name for need in locked(lock.LOCK)}
    assert set(install.pinned()) == {"pip", "uv"}


def test_the_readme_quotes_what_course_py_says():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "has neither ensurepip nor pip" in install.no_pip(pythons.this_python())
    assert "has neither ensurepip nor pip" in text
    commands = set(re.findall(r"python3 course\.py (\w+)", text))
    assert commands <= set(help.HELP)
    assert {"test", "doctor", "reset", "build", "progress"} <= commands


# --- everything, as a learner has it -----------------------------------------------------------


@pytest.mark.slow
@pytest.mark.skipif(not POSIX, reason="Ctrl-C can't be sent to one program on Windows")
def test_a_fresh_copy_opens_jupyterlab_and_ctrl_c_ends_everything(tmp_path):
    folder = tmp_path / "course"
    ignored = shutil.ignore_patterns(
        ".git", ".venv*", ".course", "my_course", "__pycache__", ".*_cache"
    )
    shutil.copytree(ROOT, folder, ignore=ignored)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, str(folder / "course.py"), "--no-browser", "--port", str(port)]
    process = subprocess.Popen(
        command,
        cwd=tmp_path,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        address = next(line for line in process.stdout if f"http://127.0.0.1:{port}/" in line)
        base = address.strip().partition("/lab")[0] + "/api"
        wait_for_answer(base, process)
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(f"{base}/kernels")
        token = address.strip().partition("token=")[2]
        request = urllib.request.Request(f"{base}/kernels?token={token}", data=b"{}", method="POST")
        with urllib.request.urlopen(request) as answer:
            assert answer.status == 201
        family = [psutil.Process(process.pid)]
        family += family[0].children(recursive=True)
        assert len(family) >= 4  # with the keeper, the server and the kernel
        listening = [
            one.laddr.ip
            for member in family
            for one in member.net_connections()
            if one.status == "LISTEN"
        ]
        assert set(listening) <= {"127.0.0.1", "::1"}
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(20) == 0
        assert "encryption" not in process.stdout.read()
        _gone, alive = psutil.wait_procs(family, timeout=10)
        assert not alive
    finally:
        process.stdout.close()
        if process.poll() is None:
            process.kill()


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("git"), reason="there is no git to clone with")
def test_the_front_door_opens_in_seconds(tmp_path):
    course = tmp_path / "course"
    front_door.clone(course)
    front_door.start_once(course)  # fills the caches of pip and uv
    shutil.rmtree(course / ".venv")
    shutil.rmtree(course / ".course")
    # Twice the time of a quiet machine: this one runs other tests, or others' programs.
    assert front_door.start_once(course).seconds < 2 * front_door.FIRST_TARGET
    assert front_door.start_once(course).seconds < 2 * front_door.SECOND_TARGET


def wait_for_answer(address: str, process: subprocess.Popen) -> None:
    """Return once there is an answer; fail if the program has ended, or after five minutes."""
    end = time.monotonic() + 300
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"JupyterLab did not answer; exit code {process.poll()}")
