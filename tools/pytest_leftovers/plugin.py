"""A pytest plugin: notebooks and test modules leave nothing behind.

Each notebook that nbval runs gets a clean environment:

    first cell's setup     -> own scratch folder, look around, nbval starts the kernel
    last cell's teardown   -> what still runs?  end the kernel  what is left?  -> error

What is left becomes an error of the notebook's last cell, which says how to fix it. After a module
of tests, when its fixtures are torn down, what is left becomes an error of its last test.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from helpers.process_control import MARKS, new_mark, with_mark
from tools.build.kernel_environment import kernel_environment, scratch_folder
from tools.outline import OutlineError, read_outline
from tools.pytest_leftovers.modules import Before
from tools.pytest_leftovers.watch import Watch


class Left(Exception):
    """A notebook or a module of tests left something behind."""


class Guard:
    """Watches over one notebook, from before its kernel starts until after it has ended."""

    def __init__(self, notebook: pytest.File, root: Path) -> None:
        self.notebook = notebook
        self.stack = ExitStack()
        self.scratch = self.stack.enter_context(scratch_folder())
        side_by_side = _is_beside_others(notebook.config)
        self.watch = Watch.begin(root, notebook.path.parent, self.scratch, side_by_side)
        self.working = self.scratch.working(notebook.path.parent)
        self.faults: list[str] = []

    def end_kernel(self) -> None:
        """Note what still runs beside the kernel, then end it before nbval kills it."""
        kernel = self.notebook.kernel
        if kernel is not None and kernel.is_alive():
            self.faults += self.watch.still_running()
            self.watch.end_kernel()
            kernel.stop()

    def after(self) -> None:
        """Raise Left if the notebook left anything."""
        with self.stack:
            faults = self.faults + self.watch.left_behind()
        if faults:
            name = self.notebook.path.name
            raise Left("\n".join([f"{name} left something behind:", *faults]))


STARTS, ALONE = "processes", "alone"  # marks: what starts processes, what runs beside nothing else
GUARD = pytest.StashKey[Guard]()
OPEN = pytest.StashKey[list[Guard]]()
BEFORE = pytest.StashKey[Before]()
MARK = pytest.StashKey[str]()
MEASURING = pytest.StashKey[frozenset[Path]]()


def pytest_configure(config: pytest.Config) -> None:
    """Mark every process that this run starts, so that the plugin can find orphans too."""
    for mark in (STARTS, ALONE):  # where no file registers them
        config.addinivalue_line("markers", f"{mark}: see pyproject.toml of the course")
    config.stash[MEASURING] = _measuring_notebooks(config.rootpath)
    config.stash[MARK] = new_mark()
    os.environ[MARKS] = with_mark(config.stash[MARK])


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark a notebook's cell, which no decorator can: its kernel is a process."""
    if _is_cell(item):
        item.add_marker(STARTS)
        if item.path in item.config.stash[MEASURING]:
            item.add_marker(ALONE)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Look around before tests run side by side."""
    if session.config.getoption("numprocesses", None):
        session.stash[BEFORE] = Before.look(session.config.stash[MARK])


@pytest.hookimpl(trylast=True)  # when pytest-xdist has ended the runs that it started
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Report what the tests that ran side by side have left, as an error of its own."""
    faults = session.stash[BEFORE].left_behind() if BEFORE in session.stash else []
    if not faults:
        return
    text = "\n".join(["the tests that ran side by side left something behind:", *faults])
    text += "\nTo find the module, run them in sequence: --numprocesses=0"
    place = ("tests", None, "tests")
    report = pytest.TestReport("tests", place, {}, "failed", text, "teardown")
    session.config.hook.pytest_runtest_logreport(report=report)
    session.testsfailed += 1
    session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Note what exists before a module's first test; prepare a notebook's kernel environment."""
    module = item.getparent(pytest.Module)
    if module is not None and BEFORE not in module.stash:
        mark, side_by_side = item.config.stash[MARK], _is_beside_others(item.config)
        module.stash[BEFORE] = Before.look(mark, side_by_side)
    if not _is_cell(item) or GUARD in item.parent.stash:
        return (yield)
    guard = item.parent.stash[GUARD] = Guard(item.parent, item.config.rootpath)
    item.config.stash.setdefault(OPEN, []).append(guard)
    with kernel_environment(guard.scratch), kernels_in(guard.working):
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Look for leftovers after a notebook's last cell and after a module's last test."""
    module = item.getparent(pytest.Module)
    if module is not None and (nextitem is None or nextitem.getparent(pytest.Module) is not module):
        try:
            return (yield)
        finally:
            _check_module(module)
    last = _is_cell(item) and (nextitem is None or nextitem.parent is not item.parent)
    if not last or GUARD not in item.parent.stash:
        return (yield)
    guard = item.parent.stash[GUARD]
    guard.end_kernel()
    try:
        return (yield)
    finally:
        guard.after()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    """Show what is left as plain lines; nbval's own way would call it a plugin's exception."""
    report = yield
    if call.excinfo is not None and isinstance(call.excinfo.value, Left):
        report.longrepr = str(call.excinfo.value)
    return report


@contextmanager
def kernels_in(folder: Path) -> Iterator[None]:
    """Let nbval start kernels in this folder, inside the `with`, and not in the notebook's own."""
    nbval = sys.modules["nbval.plugin"]
    start = nbval.RunningKernel

    def started(name: str, cwd: str, **how: object) -> object:
        return start(name, cwd=str(folder), **how)

    nbval.RunningKernel = started
    try:
        yield
    finally:
        nbval.RunningKernel = start


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the scratch folder of a notebook that was stopped in the middle, and our mark."""
    others = [mark for mark in os.environ.get(MARKS, "").split() if mark != config.stash[MARK]]
    os.environ[MARKS] = " ".join(others)
    for guard in config.stash.get(OPEN, []):
        guard.stack.close()


def _check_module(module: pytest.Module) -> None:
    """Raise Left if the module left anything."""
    faults = module.stash[BEFORE].left_behind()
    if faults:
        raise Left("\n".join([f"{module.path.name} left something behind:", *faults]))


def _measuring_notebooks(root: Path) -> frozenset[Path]:
    """Return the lessons that compare speeds; none if there is no course in the folder."""
    with suppress(OutlineError):
        lessons = read_outline(root).lessons
        return frozenset(root / lesson.file for lesson in lessons if lesson.measures)
    return frozenset()


def _is_beside_others(config: pytest.Config) -> bool:
    """Return whether pytest-xdist has started this run, beside another one."""
    return hasattr(config, "workerinput")


def _is_cell(item: pytest.Item) -> bool:
    plugin = sys.modules.get("nbval.plugin")
    return plugin is not None and isinstance(item, plugin.IPyNbCell)
