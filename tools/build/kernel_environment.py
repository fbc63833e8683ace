"""The environment in which a notebook's kernel runs, the same in the build and in the tests.

    with scratch_folder() as scratch, kernel_environment(scratch): start the kernel

What a notebook prints must not depend on who runs it. So both the build and the tests give its
kernel its own temporary folder, its own Jupyter folders and an empty course state. They also give
it a mark, by which they can later find every process that it started.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from helpers.files import make_folder
from helpers.process_control import MARKS, new_mark, with_mark
from helpers.runner.operating_system import short_folder
from tools.outline import ROOT

# They would change what a notebook prints: another backend for the pictures, colored tracebacks,
# the name of another notebook (in the terminal of a JupyterLab, say).
UNWANTED = (
    "MPLBACKEND",
    "FORCE_COLOR",
    "PYTHON_COLORS",
    "CLICOLOR_FORCE",
    "PYTHONSTARTUP",
    "JPY_SESSION_NAME",
)


@dataclass(frozen=True)
class Scratch:
    """One notebook's own folder, outside the course, and the mark of its processes."""

    folder: Path
    mark: str = field(default_factory=new_mark)

    @property
    def temporary(self) -> Path:
        """Return the folder that the kernel uses as its temporary folder; it starts empty."""
        return self.folder / "t"

    def working(self, folder: Path) -> Path:
        """Return the folder in which a notebook of `folder` runs; it has the same name.

        It is not `folder` itself: a learner's own work_NN.py may be there, and a run that is killed
        could put nothing back.
        """
        working = self.folder / "w" / folder.name
        working.mkdir(parents=True, exist_ok=True)
        return working

    def variables(self) -> dict[str, str]:
        """Return the variables that the kernel's environment has in addition to ours."""
        temporary = str(self.temporary)
        return {
            MARKS: with_mark(self.mark),
            "COURSE_STATE": str(self.folder / "state.json"),
            "TMPDIR": temporary,
            "TEMP": temporary,
            "TMP": temporary,
            "IPYTHONDIR": str(self.folder / "ipython"),
            "JUPYTER_RUNTIME_DIR": str(self.folder / "runtime"),
            "MPLCONFIGDIR": str(matplotlib_folder()),
            # ipykernel copies a child's output into the notebook, unless it sees that it is under
            # pytest. nbval runs under pytest; set here, the build stores what nbval will get.
            "PYTEST_CURRENT_TEST": "a notebook",
        }


@contextmanager
def scratch_folder() -> Iterator[Scratch]:
    """Yield a new Scratch; delete its folder at the end."""
    folder = Path(tempfile.mkdtemp(prefix="c", dir=short_folder()))
    scratch = Scratch(folder)
    try:
        scratch.temporary.mkdir()
        yield scratch
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def kernel_environment(scratch: Scratch) -> Iterator[None]:
    """Give this process, inside the with block, the environment that a kernel should inherit."""
    tempfile.gettempdir()  # it is looked up once: our own must not become the scratch folder
    wanted = scratch.variables()
    before = {name: os.environ.pop(name, None) for name in (*UNWANTED, *wanted)}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def matplotlib_folder() -> Path:
    """Return the folder where matplotlib keeps its list of fonts for our kernels; create it first.

    The folder belongs to the course, so that no user's matplotlibrc changes the pictures. It stays
    between runs and is filled before the first kernel starts, because matplotlib prints a warning
    into the cell while it makes the list.
    """
    folder = ROOT / ".course" / "matplotlib"
    try:
        make_folder(folder)
    except OSError:  # a checkout that can't be written
        folder = Path(tempfile.gettempdir()) / "course-matplotlib"
        folder.mkdir(exist_ok=True)
    if not any(folder.glob("fontlist-*.json")):
        subprocess.run(
            [sys.executable, "-c", "import matplotlib.font_manager"],
            env={**os.environ, "MPLCONFIGDIR": str(folder)},
            capture_output=True,
            check=False,
        )
    return folder
