"""nbgrader's settings for the labs of this course, read when nbgrader is started in this folder.

README.md, beside this file, has the steps for a teacher.
"""

import atexit
import os
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

c = get_config()  # noqa: F821  (nbgrader gives it)

COURSE = Path(__file__).resolve().parent.parent

c.CourseDirectory.course_id = "multiprocessing"

# The notebook writes the module that is graded. Ignore a module that a student hands in beside it.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "feedback",
    "work_*.py",
]

# The same stub as in labs/.
c.ClearSolutions.code_stub = {
    "python": "# Your code here, instead of the next line.\nraise NotImplementedError"
}

# Grade a notebook even if the student has deleted the cell that counts the points.
c.OverwriteCells.add_missing_cells = True

# Seconds for one cell. A check ends by itself after 20; this limit is for all other cells.
c.Execute.timeout = 45


kept = ExitStack()
atexit.register(kept.close)


def use_new_notes(**_about: object) -> None:
    """Give each submission new notes, separate from other submissions and from the teacher's."""
    kept.close()
    folder = kept.enter_context(TemporaryDirectory(prefix="course-"))
    os.environ["COURSE_STATE"] = str(Path(folder) / "notes.json")


c.Autograde.pre_convert_hook = use_new_notes

# nbgrader starts the kernel in the student's folder; let it find the course's helpers.
before = os.environ.get("PYTHONPATH")
os.environ["PYTHONPATH"] = os.pathsep.join([str(COURSE), *([before] if before else [])])
