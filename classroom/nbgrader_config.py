"""nbgrader's settings for the labs of this course, read when nbgrader is started in this folder.

What a teacher does is in README.md, beside this file.
"""

import atexit
import os
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

c = get_config()  # noqa: F821  (nbgrader gives it)

COURSE = Path(__file__).resolve().parent.parent

c.CourseDirectory.course_id = "multiprocessing"

# The notebook writes the module that is graded. One that a student hands in beside it is left out.
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

# A student who deletes the cell that counts the points is graded all the same.
c.OverwriteCells.add_missing_cells = True

# Seconds for one cell. A check ends by itself after 20; what else a student does in the notebook
# ends here.
c.Execute.timeout = 45


kept = ExitStack()
atexit.register(kept.close)


def with_notes_of_its_own(**_about: object) -> None:
    """Give each submission new notes: it knows nothing of another's, nor of the teacher's own."""
    kept.close()
    folder = kept.enter_context(TemporaryDirectory(prefix="course-"))
    os.environ["COURSE_STATE"] = str(Path(folder) / "notes.json")


c.Autograde.pre_convert_hook = with_notes_of_its_own

# The kernel, which nbgrader starts in the student's folder, finds the course's helpers.
before = os.environ.get("PYTHONPATH")
os.environ["PYTHONPATH"] = os.pathsep.join([str(COURSE), *([before] if before else [])])
