"""The project's settings for other services agree with the course: versions, commands, paths."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import tomllib

import pytest
import yaml

from tools.launcher import cli, help
from tools.launcher.paths import NEWEST, OLDEST
from tools.outline import ROOT

WORKFLOWS = sorted(ROOT.glob(".github/workflows/*.y*ml"))
TEMPLATES = sorted(ROOT.glob(".github/ISSUE_TEMPLATE/[!c]*.yml"))
FREE_THREADED = "3.14t"
FIRST_COPY = "my_course/notebooks/00_start_here.ipynb"
PLACES = ("own machine", "Codespaces", "Binder", "Hub", "VS Code", "Colab", "JupyterLite")


def text(name: str) -> str:
    """Return what the file of the project holds."""
    return (ROOT / name).read_text(encoding="utf-8")


def project() -> dict:
    """Return the [project] table of pyproject.toml."""
    return tomllib.loads(text("pyproject.toml"))["project"]


def workflows() -> list[dict]:
    """Return each workflow as a table."""
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in WORKFLOWS]


def jobs() -> dict[str, dict]:
    """Return the jobs of all workflows by name."""
    return {name: job for workflow in workflows() for name, job in workflow["jobs"].items()}


def steps() -> list[dict]:
    """Return the steps of all jobs."""
    return [step for job in jobs().values() for step in job["steps"]]


def commands() -> list[str]:
    """Return every command of course.py that a service runs for us."""
    container = json.loads(text(".devcontainer/devcontainer.json"))
    hooks = yaml.safe_load(text(".pre-commit-config.yaml"))["repos"][0]["hooks"]
    found = [step["run"] for step in steps() if "run" in step]
    found += [container[key] for key in container if key.endswith("Command")]
    found += re.findall(r"^exec (.*)$", text("postBuild"), re.MULTILINE)
    return [*found, *(hook["entry"] for hook in hooks if "course.py" in hook["entry"])]


def pythons_of(job: dict) -> list[str]:
    """Return the versions of Python in a job's matrix."""
    return job["strategy"]["matrix"]["python"]


def test_there_are_workflows_and_templates():
    assert WORKFLOWS
    assert {path.stem for path in TEMPLATES} == {"bug", "wrong_sentence", "idea"}


@pytest.mark.parametrize("command", commands())
def test_each_command_is_one_of_course_py_and_has_these_flags(command):
    python, door, name, *rest = shlex.split(re.sub(r"\$\{\{.*?\}\}", "VALUE", command))
    assert (python.rstrip("3"), door) == ("python", "course.py")
    assert name in cli.COMMANDS
    flags = [word for word in rest if word.startswith("--")]
    assert all(re.search(rf"^  {flag}\b", help.HELP[name], re.MULTILINE) for flag in flags)


def test_the_readmes_second_command_runs_on_every_system_and_python():
    job = jobs()["course"]
    assert {"run": "python course.py test"} in job["steps"]
    assert "python3 course.py test" in text("README.md")
    systems = {name.partition("-")[0] for name in job["strategy"]["matrix"]["os"]}
    assert systems == {"ubuntu", "macos", "windows"}


def test_versions_of_python_agree():
    assert project()["requires-python"] == f">=3.{OLDEST}"
    versions = pythons_of(jobs()["course"])
    assert versions == [f"3.{OLDEST + place}" for place in range(len(versions))]
    assert int(versions[-1].partition(".")[2]) <= NEWEST
    assert pythons_of(jobs()["free-threaded"]) == [FREE_THREADED]
    said = text("CONTRIBUTING.md").replace("\n", " ")
    assert f"with Python {versions[0]} to {versions[-1]}" in re.sub(" +", " ", said)
    assert f"Python 3.{OLDEST} to 3.{NEWEST}" in text("README.md")
    others = [step["with"]["python-version"] for step in steps() if "with" in step]
    allowed = {*versions, "${{ matrix.python }}"}
    assert set(others) <= allowed
    image = json.loads(text(".devcontainer/devcontainer.json"))["image"]
    assert image.rpartition(":")[2] in versions


def test_the_browser_and_the_slow_tests_run_on_linux():
    job = jobs()["rest"]
    assert job["runs-on"].startswith("ubuntu")
    assert job["strategy"]["matrix"]["part"] == ["browser", "slow"]
    assert "-m ${{ matrix.part }}" in job["steps"][-1]["run"]


@pytest.mark.parametrize("workflow", workflows(), ids=[path.stem for path in WORKFLOWS])
def test_a_workflow_may_read_only_and_ends_in_time(workflow):
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["concurrency"]["cancel-in-progress"] is True
    for job in workflow["jobs"].values():
        assert 0 < job["timeout-minutes"] <= 90
        assert job["strategy"]["fail-fast"] is False
        uses = [step["uses"] for step in job["steps"] if "uses" in step]
        assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", use) for use in uses)


def test_hooks_use_the_versions_of_the_lock():
    locked = text("requirements.lock").splitlines()
    hooks = yaml.safe_load(text(".pre-commit-config.yaml"))["repos"][0]["hooks"]
    needs = {need for hook in hooks for need in hook.get("additional_dependencies", ())}
    ours = {need for need in needs if not need.startswith("actionlint")}
    assert {need.partition("==")[0] for need in ours} == {"ruff", "codespell"}
    assert ours <= set(locked)


def test_the_dev_container_opens_the_copy_of_the_first_lesson_when_it_is_made():
    container = json.loads(text(".devcontainer/devcontainer.json"))
    assert container["customizations"]["codespaces"]["openFiles"] == [FIRST_COPY]
    assert container["waitFor"] == "postCreateCommand"
    assert (ROOT / "notebooks" / FIRST_COPY.rpartition("/")[2]).exists()
    assert FIRST_COPY in text("README.md")


@pytest.mark.processes
def test_binder_can_run_what_makes_the_copies():
    # Where there is a folder binder, Binder looks for environment.yml there only.
    assert not (ROOT / "binder").exists()
    assert not (ROOT / ".binder").exists()
    if os.name == "posix":
        assert os.access(ROOT / "postBuild", os.X_OK)
    if (ROOT / ".git").exists():
        command = ["git", "ls-files", "--stage", "postBuild"]
        line = subprocess.check_output(command, cwd=ROOT, text=True)
        assert line.startswith("100755 ")


def test_the_version_is_the_same_in_the_citation_and_the_changelog():
    citation = yaml.safe_load(text("CITATION.cff"))
    assert str(citation["version"]) == project()["version"]
    assert " AND ".join(citation["license"]) == project()["license"]
    assert project()["version"] in text("CHANGELOG.md")


@pytest.mark.parametrize(
    "name",
    [".github/pull_request_template.md", *(f"{path.relative_to(ROOT)}" for path in TEMPLATES)],
)
def test_a_template_asks_for_what_doctor_says(name):
    assert "`python3 course.py doctor`" in text(name)


def test_the_readme_says_of_each_place_whether_it_was_tried():
    rows = re.findall(r"^\| (.+?) \| (tried|not tried) \| .+ \| .+ \|$", text("README.md"), re.M)
    for place in PLACES:
        assert any(place.lower() in row.lower() for row, _ in rows), place
    tried = [row for row, state in rows if state == "tried" and row != "where"]
    assert tried == ["your own machine, Linux"]
