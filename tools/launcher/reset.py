"""Give notebooks back as they were shipped, and keep the learner's.

a name -> the notebook it means -> its copy in my_course: renamed, and a fresh one in its place
                                -> the shipped file: the same, from git or built, if it differs
                                -> what a lab's cell wrote, work_NN.py, is renamed
"""

import contextlib
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from helpers.files import FOLDER_MODE, free_name, reason
from tools.launcher import shipped
from tools.launcher.copies import (
    MY_COURSE,
    Exchange,
    Record,
    exchange,
    is_untouched,
    make_copies,
    read_records,
    write_records,
)
from tools.launcher.paths import ROOT, Problem, say, variables, venv_python
from tools.outline import LAB, SOLUTION, Course, OutlineError, Page, folder_and_name


def reset(name: str, make_environment: Callable[[], Path]) -> None:
    """Give the named notebook back, and keep the learner's beside it."""
    notebook = choose(name)
    was_changed = changed(notebook)
    if not is_as_shipped(notebook) and find(notebook) is None:
        build(notebook, free_name(notebook), make_environment)
    moves = list(exchanges(notebook, free_name))
    put_in_place(moves)
    note_copies([notebook])
    for path, text, aside in moves:
        if aside.exists():
            say(f"{'Yours' if text else shown(path)} is kept as {shown(aside)}.")
    if wanted(notebook) is None:
        say(
            f"{shipped.SHIPPED} can't be read, so it is not known what {shown(notebook)} was when"
            " it was shipped. To know, get that file again, and reset once more."
        )
    elif was_changed:
        say(f"{shown(notebook)} is as it was shipped.")
        say("If it is open in JupyterLab, close its tab and open it again.")
    else:
        say(f"{shown(notebook)} is as it was shipped. There is nothing to do.")


def reset_all() -> None:
    """Give everything back, and keep what the learner made in a folder, my_course/kept-1."""
    notebooks = list(known())
    kept = claim_folder()
    try:
        give_all_back(notebooks, kept)
    finally:
        with contextlib.suppress(OSError):  # it holds something, or could not be made
            kept.rmdir()


def give_all_back(notebooks: list[Path], kept: Path) -> None:
    """Give all of these back, and keep what the learner made in the folder `kept`."""
    lost = [one for one in notebooks if not is_as_shipped(one) and find(one) is None]

    def aside(path: Path) -> Path:
        mine = ROOT / MY_COURSE
        copied = path.is_relative_to(mine)
        return kept / (path.relative_to(mine) if copied else Path("shipped", shown(path)))

    put_in_place([move for one in notebooks for move in exchanges(one, aside)])
    note_copies(notebooks)
    report = make_copies(ROOT)
    if any(kept.glob("*")):
        say(f"What you had changed is kept in {shown(kept)}.")
    for line in report.lines():
        say(line)
    for one in lost:
        say(
            f"{shown(one)} is not as it was shipped, and git does not have it. To build it:"
            f" python3 course.py reset {shown(one).removesuffix('.ipynb')}"
        )
    if lost or not report.complete:
        raise Problem("Not everything is as it was shipped: what is missing is named above.")
    say("Everything is as it was shipped. Close the tabs in JupyterLab and open them again.")


def exchanges(notebook: Path, aside: Callable[[Path], Path]) -> Iterator[Exchange]:
    """Yield what it takes to give a notebook back; `aside` says where the learner's is kept.

    A copy whose shipped text can't be had is left as it is.
    """
    if not is_as_shipped(notebook) and (text := find(notebook)) is not None:
        yield Exchange(notebook, text, aside(notebook))
    if copy_differs(notebook) and (text := fresh_copy(notebook)) is not None:
        yield Exchange(copy_of(notebook), text, aside(copy_of(notebook)))
    for work in works_of(notebook):
        yield Exchange(work, None, aside(work))


def shown(notebook: Path) -> str:
    """Return a notebook's name in messages, such as labs/01_processes.ipynb."""
    return notebook.relative_to(ROOT).as_posix()


def choose(name: str) -> Path:
    """Return the notebook that a name means; of several, the one that was changed.

    One that was edited comes before one that was only run.
    """
    pages = known_pages()
    means = [ROOT / page.file for page in pages if page.is_meant(name) and with_folder(name, page)]
    if not means:
        names = "\n  ".join(page.file for page in pages)
        raise Problem(f"There is no {name!r}. There is:\n  {names}")
    edited = [notebook for notebook in means if is_edited(notebook) or any(works_of(notebook))]
    touched = edited or [notebook for notebook in means if changed(notebook)]
    if len(touched) > 1:
        raise Problem(f"{name} means {' and '.join(map(shown, touched))}. Say which one.")
    return (touched or means)[0]


def known_pages() -> list[Page]:
    """Return every lesson, lab and solution of the course."""
    try:
        return list(Course(ROOT).pages)
    except OutlineError as error:
        raise Problem(str(error)) from error


def known() -> Iterator[Path]:
    """Yield every notebook of the course."""
    return (ROOT / page.file for page in known_pages())


def with_folder(name: str, page: Page) -> bool:
    """Return whether the name includes the folder if it is a solution, as it must."""
    return page.folder != SOLUTION or folder_and_name(name)[0] == SOLUTION


# --- the shipped file --------------------------------------------------------------------------


def wanted(notebook: Path) -> shipped.Fingerprint | None:
    """Return the notebook's fingerprint as it was shipped."""
    return shipped.read_shipped(ROOT).get(shown(notebook))


def is_as_shipped(notebook: Path) -> bool:
    """Return whether the shipped file is in place and unchanged."""
    return shipped.is_shipped(shipped.read_text(notebook), wanted(notebook))


def find(notebook: Path) -> str | None:
    """Return the notebook's shipped text, from its file or from git."""
    return shipped.find_shipped(ROOT, shown(notebook), wanted(notebook))


def build(notebook: Path, mine: Path, make_environment: Callable[[], Path]) -> None:
    """Build the notebook from its source; if that fails, put the learner's back."""
    try:
        if notebook.exists():
            notebook.rename(mine)
            say(f"Yours is kept as {shown(mine)}.")
    except OSError as error:
        raise Problem(not_changed(error)) from error
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


# --- the learner's copy ------------------------------------------------------------------------


def copy_of(notebook: Path) -> Path:
    """Return where the learner's copy of a notebook belongs."""
    return ROOT / MY_COURSE / shown(notebook)


def fresh_copy(notebook: Path) -> str | None:
    """Return the text of a copy that the learner has not touched, or None if there is none."""
    text = shipped.find_shipped(ROOT, shown(notebook), wanted(notebook), outputs=False)
    return text and shipped.without_outputs(text)


def copy_differs(notebook: Path) -> bool:
    """Return whether the learner's copy is not what the course would give; False without copies."""
    copy = copy_of(notebook)
    if not (ROOT / MY_COURSE).is_dir() or (notebook.parent.name == SOLUTION and not copy.exists()):
        return False
    text = shipped.read_text(copy)
    found = shipped.fingerprint(text) if text else None
    return found is None or not is_untouched(found, None, copied_cells(notebook))


def copied_cells(notebook: Path) -> str:
    """Return the fingerprint of the cells that an untouched copy has."""
    as_shipped = wanted(notebook) or shipped.fingerprint(shipped.read_text(notebook) or "")
    return as_shipped.cells if as_shipped else ""


def note_copies(notebooks: list[Path]) -> None:
    """Note in the manifest which copies are as shipped; if that fails, the next start does it."""
    fresh = [one for one in notebooks if copy_of(one).exists() and not copy_differs(one)]
    new = {shown(one): Record(copied_cells(one), copied_cells(one)) for one in fresh}
    with contextlib.suppress(OSError):
        if new:
            write_records(ROOT, read_records(ROOT) | new)


def changed(notebook: Path) -> bool:
    """Return whether the shipped file or the learner's copy differs from what was shipped."""
    return not is_as_shipped(notebook) or copy_differs(notebook)


def is_edited(notebook: Path) -> bool:
    """Return whether the learner did more to it than run its cells."""
    texts = [shipped.read_text(notebook)]
    if copy_differs(notebook):
        texts.append(shipped.read_text(copy_of(notebook)))
    found = [shipped.fingerprint(text or "") for text in texts]
    return any(one is None or one.cells != copied_cells(notebook) for one in found)


# --- what a lab's cell wrote -------------------------------------------------------------------


def works_of(notebook: Path) -> Iterator[Path]:
    """Yield the files that a lab's or puzzles' cells wrote, in my_course and beside the lab."""
    if notebook.parent.name == LAB:
        puzzles = re.match(r"puzzles_(\d+)_", notebook.name)
        pattern = f"work_{puzzles[1]}_[0-9].py" if puzzles else f"work_{notebook.name[:2]}.py"
        for lab in (copy_of(notebook), notebook):
            yield from sorted(lab.parent.glob(pattern))


# --- writing -----------------------------------------------------------------------------------


def put_in_place(moves: list[Exchange]) -> None:
    """Do these exchanges; raise a Problem, which says why, if they can't be done."""
    try:
        exchange(moves)
    except OSError as error:
        raise Problem(not_changed(error)) from error


def not_changed(error: OSError) -> str:
    """Return what to tell the learner when a file can't be written or renamed."""
    file = f" ({error.filename})" if error.filename else ""
    return (
        f"A file can't be written: {reason(error)}{file}. Nothing of yours is lost.\n"
        "Make room on the disk, see that the folder is yours to write, close what has the file\n"
        "open, and try again."
    )


def claim_folder() -> Path:
    """Return the first my_course/kept-N that was not there yet, made for this reset alone.

    Without my_course there is nothing to keep in it, so nothing is made.
    """
    for number in range(1, 10_000):
        folder = ROOT / MY_COURSE / f"kept-{number}"
        try:
            folder.mkdir(mode=FOLDER_MODE)
        except FileExistsError:  # also one of a reset that runs at the same time
            continue
        except FileNotFoundError:
            return folder
        except OSError as error:
            raise Problem(not_changed(error)) from error
        return folder
    raise Problem(f"{MY_COURSE} has too many folders kept-N. Move some of them, then try again.")
