"""The package that `pip install .` makes: helpers, complete, and nothing else."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tools.check.files import tracked_files
from tools.launcher.paths import variables, venv_python
from tools.outline import ROOT, read_outline

pytestmark = pytest.mark.slow  # builds the package with a setuptools that pip fetches

# What the installed package is asked to do, by its own interpreter, in a folder without the course.
PROBE = """
import importlib.util
import json
from pathlib import Path

from helpers.checks import judge_file
from helpers.diagnosis.match import diagnose
from helpers.measure.sweeps import measure
from helpers.progress import outline, store
from helpers.runner.run import run_safely
from helpers.workers import compute


def states(file):
    return [verdict.state for verdict in judge_file("01", Path(file), ("spawn",))]


def main():
    report = run_safely("join_then_get.py", 10_000_000, limit=20, still=1)
    found = diagnose(report)
    run = measure(compute.count_primes, [range(100), range(100, 200)], "processes", workers=2)
    kept = store.keep("test", "one", 1) and store.read("test")
    strangers = [name for name in ("tools", "tests", "source") if importlib.util.find_spec(name)]
    seen = {
        "hang": [found and found.name, list(report.left)],
        "right": states("right.py"),
        "wrong": states("wrong.py"),
        "measured": run.results,
        "lessons": [lesson.number for lesson in outline.lessons()],
        "notes": [str(store.notes_file()), kept],
        "helpers": compute.__file__,
        "strangers": strangers,
    }
    Path("seen.json").write_text(json.dumps(seen), encoding="utf-8")


if __name__ == "__main__":
    main()
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel, built from the tracked files alone."""
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("built")
    for name in tracked_files(ROOT):
        if (ROOT / name).is_file():  # else it was deleted, and not yet committed so
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, source / name)
    pip("wheel", "--no-deps", "--wheel-dir", str(built), str(source))
    (made,) = built.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def seen(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> dict:
    """Return what the package did in a new environment that has all that it needs."""
    folder, home = tmp_path_factory.mktemp("elsewhere"), tmp_path_factory.mktemp("home")
    environment = folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    python = venv_python(environment)
    pip("--python", str(python), "install", "--no-deps", str(wheel))
    # It finds its dependencies in this environment, whose own way to the course is not followed.
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.check_output([python, "-c", code], text=True).strip()
    Path(packages, "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="locale")
    (folder / "probe.py").write_text(PROBE, encoding="utf-8")
    for name in ("right_queue", "wrong_serial"):
        answer = ROOT / "tests" / "labs" / "01_processes" / f"{name}.py"
        shutil.copyfile(answer, folder / f"{name.partition('_')[0]}.py")
    mine = {name: value for name, value in variables().items() if name != "COURSE_STATE"}
    homes = dict.fromkeys(("HOME", "USERPROFILE", "LOCALAPPDATA", "XDG_STATE_HOME"), str(home))
    subprocess.run([python, "probe.py"], cwd=folder, env=mine | homes, check=True, timeout=120)
    told = json.loads((folder / "seen.json").read_text(encoding="utf-8"))
    return told | {"packages": packages, "home": str(home)}


def pip(*arguments: str) -> None:
    """Run pip; if it fails, show what it printed."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, env=variables())
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_wheel_holds_helpers_and_no_other_name(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"helpers"}


def test_the_wheel_holds_each_file_of_helpers_and_the_outline(wheel):
    names = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("helpers/")}
    ours = {name for name in tracked_files(ROOT) if name.startswith("helpers/")}
    assert names == ours | {"helpers/data/outline.toml"}


def test_the_installed_package_is_what_runs(seen):
    assert Path(seen["helpers"]).is_relative_to(seen["packages"])
    assert seen["strangers"] == []


def test_a_hang_is_contained_and_named(seen):
    assert seen["hang"] == ["join before the queue is read", []]


def test_a_lab_is_judged(seen):
    assert set(seen["right"]) == {"ok"}
    assert "not yet" in seen["wrong"]


def test_work_is_measured(seen):
    assert seen["measured"] == [25, 21]


def test_the_outline_is_known(seen):
    assert seen["lessons"] == [lesson.number for lesson in read_outline(ROOT).lessons]


def test_notes_are_kept_in_a_folder_of_the_user(seen):
    place, kept = seen["notes"]
    assert Path(place).is_relative_to(seen["home"])
    assert kept == {"one": 1}
