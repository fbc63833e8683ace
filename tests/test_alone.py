"""A lock between programs: one at a time, given back by the dead, and never waited for for ever."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from helpers.progress.store import alone


def test_who_comes_second_does_not_get_it_and_then_does(tmp_path):
    path = tmp_path / "lock"
    with alone(path) as first, alone(path, patience=0) as second:
        assert (first, second) == (True, False)
    with alone(path, patience=0) as third:
        assert third


def test_nothing_is_left(tmp_path):
    with alone(tmp_path / "lock"):
        assert [path.name for path in tmp_path.iterdir()] == ["lock"]
    assert list(tmp_path.iterdir()) == []


def test_an_error_inside_gives_it_back(tmp_path):
    with pytest.raises(ZeroDivisionError), alone(tmp_path / "lock"):
        raise ZeroDivisionError
    with alone(tmp_path / "lock", patience=0) as mine:
        assert mine


@pytest.mark.skipif(os.name == "nt", reason="on Windows the file goes with its holder")
def test_a_file_that_a_dead_holder_left_is_no_obstacle(tmp_path):
    (tmp_path / "lock").touch()
    with alone(tmp_path / "lock", patience=0) as mine:
        assert mine


@pytest.mark.parametrize("name", ["no folder/lock", "file/lock"])
def test_where_no_lock_can_be_it_goes_on_without(tmp_path, name):
    (tmp_path / "file").touch()
    with alone(tmp_path / name, patience=0) as mine:
        assert not mine


@pytest.mark.parametrize("path", ["lock", None, 5])
def test_what_is_no_path_is_refused(path):
    with pytest.raises(TypeError, match=r"path must be the Path of a file, got .*\. Pass Path"):
        alone(path).__enter__()
    with pytest.raises(ValueError, match="patience must be a number from 0 to 600"):
        alone(Path("lock"), -1).__enter__()
