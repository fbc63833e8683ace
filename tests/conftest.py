"""Fixtures that several test modules use."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mini_course import make_course
from tests.process_starts import Guard
from tests.running_processes import still_running
from tools.outline import Course

# These start a program when they are first used (pandoc, fc-list), so no test is blamed for it.
with contextlib.suppress(ImportError):  # `--standard-library` runs without them
    import jupytext  # noqa: F401
    import matplotlib.font_manager  # noqa: F401

# Lessons that a browser runs a second time, after a restart: all have the same frame, so one with
# an explorer and one that starts programs are enough.
RUN_AGAIN = ("00", "11")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the second run of most lessons: each takes as long as the first."""
    left_out = [
        item
        for item in items
        if getattr(item, "originalname", "") == "test_it_does_it_all_again_after_a_restart"
        and item.callspec.params["run"].number not in RUN_AGAIN
    ]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


guard = Guard()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Guard the fixtures of a test that should start no process."""
    with guard.around(item):
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Guard a test that should start no process."""
    with guard.around(item):
        return (yield)


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small course that is built; no test may change it."""
    from tools.build.notebooks import build_all  # not above: some tests run without its needs

    root = make_course(tmp_path_factory.mktemp("course"))
    with guard.lifted():  # it is built once for all
        assert build_all(Course(root), [], force=False) == 0
    return root


@pytest.fixture
def course_root(built_once: Path, tmp_path: Path) -> Path:
    """Return a built small course that the test may change."""
    return Path(shutil.copytree(built_once, tmp_path / "course"))


@pytest.fixture(scope="session", autouse=True)
def no_notes_of_the_learner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the tests away from the notes of the user who runs them."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("COURSE_STATE", str(tmp_path_factory.mktemp("notes") / "notes.json"))
        yield


@pytest.fixture
def quiet() -> Iterator[None]:
    """Check after the test that none of its processes and worker threads still runs."""
    yield
    assert still_running() == []


@pytest.fixture
def own_notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a path for learner's notes that belongs to the test; the file does not exist yet."""
    path = tmp_path / "notes" / "notes.json"
    monkeypatch.setenv("COURSE_STATE", str(path))
    return path
