"""Gives notebooks back as they were shipped, and keeps the learner's.

a name -> the notebook it means -> its copy in my_course: renamed, and a fresh one in its place
                                -> the shipped file: the same, from git or built, if it differs
                                -> what a lab's cell wrote, work_NN.py, is renamed
"""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from helpers.labs import free_name, put_aside
from tools.launcher import shipped
from tools.launcher.copies import (
    MY_COURSE,
    Exchange,
    Record,
    exchange,
    is_untouched,
    make_copies,
    read_records,
    reason,
    write_records,
)
from tools.launcher.paths import ROOT, Problem, say, variables, venv_python
from tools.outline import LAB, SOLUTION, OutlineError, pages_of, read_outline


def reset(name: str, make_environment: Callable[[], Path]) -> None:
    """Give the named notebook back, and keep the learner's beside it."""
    notebook = choose(name)
    put_work_aside(notebook)
    if not changed(notebook):
        say(f"{shown(notebook)} is as it was shipped. There is nothing to do.")
        return
    if not is_as_shipped(notebook):
        restore(notebook, free_name(notebook), make_environment)
    if copy_differs(notebook):
        restore_copy(notebook, free_name(copy_of(notebook)))
    say(f"{shown(notebook)} is as it was shipped.")
    say("If it is open in JupyterLab, close its tab and open it again.")


def reset_all() -> None:
    """Give everything back, and keep what the learner made in a folder, my_course/kept-1."""
    notebooks = list(known())
    lost = [one for one in notebooks if not is_as_shipped(one) and find(one) is None]
    edited = [one for one in notebooks if not is_as_shipped(one) and one not in lost]
    copied = [one for one in notebooks if copy_differs(one) and copy_of(one).exists()]
    works = sorted(ROOT.glob(f"{MY_COURSE}/{LAB}/work_*.py"))
    works = [work for work in works if "." not in work.stem]  # work_01.mine-1.py is kept already
    kept, mine = free_folder(), ROOT / MY_COURSE
    moves = [Exchange(one, find(one), kept / "shipped" / one.relative_to(ROOT)) for one in edited]
    for one in copied:
        name = copy_of(one).relative_to(mine)
        moves.append(Exchange(copy_of(one), fresh_copy(one), kept / name))
    moves += [Exchange(work, None, kept / work.relative_to(mine)) for work in works]
    put_in_place(moves)
    for one in copied:
        note_copy(one)
    report = make_copies(ROOT)
    if kept.exists():
        say(f"What you had changed is kept in {shown(kept)}.")
    for line in report.lines():
        say(line)
    for one in lost:
        say(
            f"{shown(one)} is not as it was shipped, and git does not have it. To build it:"
            f" python3 course.py reset {shown(one).removesuffix('.ipynb')}"
        )
    if report.complete and not lost:
        say("Everything is as it was shipped. Close the tabs in JupyterLab and open them again.")


def shown(notebook: Path) -> str:
    """Return how a notebook is called here: labs/01_processes.ipynb."""
    return notebook.relative_to(ROOT).as_posix()


def choose(name: str) -> Path:
    """Return the notebook that a name means; of several, the one that was changed.

    One that was edited comes before one that was only run.
    """
    means = [notebook for notebook in known() if is_meant(name, notebook)]
    if not means:
        raise Problem(f"There is no {name!r}. There is:\n  " + "\n  ".join(map(shown, known())))
    edited = [notebook for notebook in means if is_edited(notebook) or any(works_of(notebook))]
    touched = edited or [notebook for notebook in means if changed(notebook)]
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
    plain = name.replace("\\", "/").removeprefix("./").removeprefix(f"{MY_COURSE}/")
    folder, _, bare = plain.removesuffix(".ipynb").rpartition("/")
    folders = [folder] if folder else ["notebooks", "labs"]
    number, _, slug = notebook.stem.partition("_")
    return notebook.parent.name in folders and (
        bare in (notebook.stem, slug) or bare.zfill(2) == number
    )


# --- the shipped file --------------------------------------------------------------------------


def wanted(notebook: Path) -> shipped.Fingerprint | None:
    """Return the notebook's fingerprint as it was shipped."""
    return shipped.read_shipped(ROOT).get(shown(notebook))


def is_as_shipped(notebook: Path) -> bool:
    """Tell whether the shipped file is in place and unchanged."""
    return shipped.is_shipped(shipped.read_text(notebook), wanted(notebook))


def find(notebook: Path) -> str | None:
    """Return the notebook's shipped text, from its file or from git."""
    return shipped.find_shipped(ROOT, shown(notebook), wanted(notebook))


def restore(notebook: Path, mine: Path, make_environment: Callable[[], Path]) -> None:
    """Put the shipped file back in its place; build it where git does not have it."""
    text = find(notebook)
    if text is not None:
        there = notebook.exists()
        put_in_place([Exchange(notebook, text, mine)])
        if there:
            say(f"Yours is kept as {shown(mine)}.")
    else:
        build(notebook, mine, make_environment)


def build(notebook: Path, mine: Path, make_environment: Callable[[], Path]) -> None:
    """Build the notebook from its source; where that fails, put the learner's back."""
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


def fresh_copy(notebook: Path) -> str:
    """Return the text of a copy that nobody has touched; raise Problem where it can't be had."""
    text = shipped.find_shipped(ROOT, shown(notebook), wanted(notebook), outputs=False)
    if text is None:
        name = shown(notebook)
        raise Problem(
            f"{name} is not as it was shipped, and git does not have it. Nothing was changed.\n"
            f"Build it, then try again: python3 course.py build {name.removesuffix('.ipynb')}"
        )
    return shipped.without_outputs(text)


def copy_differs(notebook: Path) -> bool:
    """Tell whether the learner's copy is not what the course would give; False without copies."""
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


def restore_copy(notebook: Path, mine: Path) -> None:
    """Put a fresh copy in its place."""
    copy = copy_of(notebook)
    there = copy.exists()
    put_in_place([Exchange(copy, fresh_copy(notebook), mine)])
    note_copy(notebook)
    if there:
        say(f"Yours is kept as {shown(mine)}.")


def note_copy(notebook: Path) -> None:
    """Note in the manifest that the copy is new; if that fails, the next start finds out."""
    cells = copied_cells(notebook)
    try:
        write_records(ROOT, read_records(ROOT) | {shown(notebook): Record(cells, cells)})
    except OSError as error:
        say(f"{MY_COURSE}'s list of copies could not be written ({reason(error)}).")


def changed(notebook: Path) -> bool:
    """Tell whether the shipped file or the learner's copy differs from what was shipped."""
    return not is_as_shipped(notebook) or copy_differs(notebook)


def is_edited(notebook: Path) -> bool:
    """Tell whether more was done to it than running its cells."""
    texts = [shipped.read_text(notebook)]
    if copy_differs(notebook):
        texts.append(shipped.read_text(copy_of(notebook)))
    found = [shipped.fingerprint(text or "") for text in texts]
    return any(one is None or one.cells != copied_cells(notebook) for one in found)


# --- what a lab's cell wrote -------------------------------------------------------------------


def put_work_aside(notebook: Path) -> None:
    """Rename what the lab's cell wrote, if it is a lab: its check then begins with nothing."""
    for work in works_of(notebook):
        try:
            say(f"{shown(work)} is kept as {shown(put_aside(work))}.")
        except OSError as error:
            raise Problem(not_changed(error)) from error


def works_of(notebook: Path) -> Iterator[Path]:
    """Yield the files that the lab's cell has written, in my_course and beside the shipped lab."""
    if notebook.parent.name == LAB:
        for lab in (copy_of(notebook), notebook):
            work = lab.with_name(f"work_{notebook.name[:2]}.py")
            if work.exists():
                yield work


# --- writing -----------------------------------------------------------------------------------


def put_in_place(moves: list[Exchange]) -> None:
    """Do these exchanges; raise Problem, in words, where they can't be done."""
    try:
        exchange(moves)
    except OSError as error:
        raise Problem(not_changed(error)) from error


def not_changed(error: OSError) -> str:
    """Return what to tell the learner when a file can't be written or renamed."""
    file = f" ({error.filename})" if error.filename else ""
    return (
        f"A file can't be written: {reason(error)}{file}. Nothing of yours is lost.\n"
        "Make room on the disk, close what has the file open, and try again."
    )


def free_folder() -> Path:
    """Return the first my_course/kept-N that is not there yet."""
    names = (ROOT / MY_COURSE / f"kept-{number}" for number in range(1, 10_000))
    return next(name for name in names if not name.exists())
