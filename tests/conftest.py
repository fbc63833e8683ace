"""Fixtures that several test modules use."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.mini_course import make_course
from tools.build import build_all
from tools.outline import Course


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small course, built; not to be changed."""
    root = make_course(tmp_path_factory.mktemp("course"))
    assert build_all(Course(root), [], force=False) == 0
    return root


@pytest.fixture
def course_root(built_once: Path, tmp_path: Path) -> Path:
    """A built small course of the test's own."""
    return Path(shutil.copytree(built_once, tmp_path / "course"))
