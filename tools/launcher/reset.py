"""Gives a notebook back as it was shipped.

a name -> the notebook it means -> the learner's is renamed -> the shipped one, from git or built
                                -> what a lab's cell wrote, work_NN.py, is renamed
"""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from helpers.progress.outline import free_name, put_aside
from tools.launcher.paths import ROOT, Problem, say, variables, venv_python
from tools.outline import OutlineError, pages_of, read_outline


def reset(name: str, make_environment: Callable[[], Path]) -> None:
    """Give the named notebook back, and keep the one in its place."""
    notebook = choose(name)
    put_work_aside(notebook)
    if not changed(notebook):
        say(f"{shown(notebook)} is as it was shipped. There is nothing to do.")
        return
    shipped, mine = committed(notebook), free_name(notebook)
    if notebook.exists():
        notebook.rename(mine)
        say(f"Yours is kept as {shown(mine)}.")
    if shipped is None:
        build(notebook, mine, make_environment)
    else:
        notebook.parent.mkdir(exist_ok=True)
        notebook.write_bytes(shipped)
    say(f"{shown(notebook)} is as it was shipped.")
    say("If it is open in JupyterLab, close its tab and open it again.")


def shown(notebook: Path) -> str:
    """Return how a notebook is called here: labs/01_processes.ipynb."""
    return notebook.relative_to(ROOT).as_posix()


def choose(name: str) -> Path:
    """Return the notebook that a name means; of several, the one that was changed."""
    means = [notebook for notebook in known() if is_meant(name, notebook)]
    if not means:
        raise Problem(f"There is no {name!r}. There is:\n  " + "\n  ".join(map(shown, known())))
    touched = [notebook for notebook in means if changed(notebook) or work_of(notebook)]
    if len(touched) > 1:
        raise Problem(f"{name} means {' and '.join(map(shown, touched))}. Say which one.")
    return (touched or means)[0]


def known() -> Iterator[Path]:
    """Yield every lesson, lab and solution of the course."""
    try:
        lessons = read_outline(ROOT).lessons
    except OutlineError as error:
        raise Problem(str(error)) from error
    for lesson in lessons:
        yield from (ROOT / page.file for page in pages_of(lesson))


def is_meant(name: str, notebook: Path) -> bool:
    """Tell whether a name means this notebook. A solution must be called with its folder."""
    plain = name.replace("\\", "/").removeprefix("./").removesuffix(".ipynb")
    folder, _, bare = plain.rpartition("/")
    folders = [folder] if folder else ["notebooks", "labs"]
    return notebook.parent.name in folders and bare in (
        notebook.stem,
        *notebook.stem.split("_", 1),
    )


def committed(notebook: Path) -> bytes | None:
    """Return the notebook as git has it, or None where there is no git, or not this file in it."""
    command = ["git", "-C", str(ROOT), "show", f"HEAD:./{shown(notebook)}"]
    try:
        done = subprocess.run(command, capture_output=True)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def changed(notebook: Path) -> bool:
    """Tell whether the notebook may differ from the shipped one (line ends do not count)."""
    if not notebook.exists():
        return True
    shipped = committed(notebook)
    return shipped is None or shipped.splitlines() != notebook.read_bytes().splitlines()


def put_work_aside(notebook: Path) -> None:
    """Rename what the lab's cell wrote, if it is a lab: its check then begins with nothing."""
    if work := work_of(notebook):
        say(f"{shown(work)} is kept as {shown(put_aside(work))}.")


def work_of(notebook: Path) -> Path | None:
    """Return the file that the lab's cell has written; None if it has not, or it is no lab."""
    work = notebook.with_name(f"work_{notebook.name[:2]}.py")
    return work if notebook.parent.name == "labs" and work.exists() else None


def build(notebook: Path, mine: Path, make_environment: Callable[[], Path]) -> None:
    """Build the notebook from its source; where that fails, put the learner's back."""
    say("git does not have it, so it is built from its source.")
    try:
        venv = make_environment()
        command = [venv_python(venv), "-m", "tools.build.notebooks", shown(notebook)]
        if subprocess.run(command, cwd=ROOT, env=variables(venv)).returncode:
            raise Problem(f"{shown(notebook)} could not be built, so it is left as it was.")
    except BaseException:
        if mine.exists():
            mine.replace(notebook)
        raise
