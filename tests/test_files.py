"""The learner's files are written whole, through links, and for this user alone."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from helpers import files

pytestmark = pytest.mark.once
POSIX = os.name == "posix"
links = pytest.mark.skipif(not POSIX, reason="on Windows a symbolic link needs a right of its own")


def mode(path: Path) -> int:
    """Return the permissions of a file."""
    return stat.S_IMODE(path.stat().st_mode)


def full(*_: object) -> None:
    """Stand in for a disk without room."""
    raise OSError(28, "No space left on device")


def test_a_file_and_the_folders_above_it_are_written(tmp_path):
    path = tmp_path / "a" / "b" / "work_01.py"
    for content, expected in (("é\n", "é\n".encode()), (b"\x00", b"\x00")):
        files.write(path, content)
        assert path.read_bytes() == expected
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.skipif(not POSIX, reason="Windows has no umask")
@pytest.mark.parametrize("umask", [0, 0o022, 0o077, 0o777])
def test_what_is_new_is_for_this_user_alone_under_any_umask(tmp_path, umask):
    path, old = tmp_path / "a" / "b" / "new", tmp_path / "old"
    old.touch()
    old.chmod(0o666)
    before = os.umask(umask)
    try:
        files.write(path, "x")
        files.write(old, "x")
        files.keep_as(path, tmp_path / "c" / "kept")
    finally:
        os.umask(before)
    assert [mode(one) for one in (path, path.parent, path.parent.parent)] == [0o600, 0o700, 0o700]
    assert [mode(tmp_path / one) for one in ("c", "c/kept")] == [0o700, 0o600]
    assert mode(old) == 0o644  # who may read it is its owner's choice; no other user writes it


def test_a_full_disk_leaves_the_old_file_and_nothing_beside_it(tmp_path, monkeypatch):
    path = tmp_path / "notes.json"
    files.write(path, "old")
    monkeypatch.setattr(files, "_to_the_disk", full)
    with pytest.raises(OSError, match="No space left"):
        files.write(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_error_names_the_file_and_not_the_new_version(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r"file'$|file"):
        files.write(tmp_path / "file" / "x", "new")
    with pytest.raises(FileNotFoundError) as raised:
        files.stage(tmp_path / "not there" / "x.py", "new")
    assert raised.value.filename == str(tmp_path / "not there" / "x.py")


@links
def test_a_link_stays_one_and_its_target_is_written(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    for name in ("there", "not yet there"):
        real, link = tmp_path / "elsewhere" / name, tmp_path / f"link to {name}"
        link.symlink_to(real)
        files.write(link, "x")
        assert link.is_symlink()
        assert real.read_text() == "x"


WRITER = """
import itertools, sys
from pathlib import Path
from helpers import files
for number in itertools.count():
    files.write(Path(sys.argv[1]), str(number) * 100_000)
"""


@pytest.mark.processes
def test_a_writer_that_is_killed_leaves_a_whole_file(tmp_path):
    path = tmp_path / "copy.ipynb"
    for _ in range(5):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(path)]) as writer:
            until = time.monotonic() + 30
            while not path.exists() and time.monotonic() < until:
                time.sleep(0.01)
            time.sleep(0.05)
            writer.kill()
        text = path.read_text()
        assert len(text) % 100_000 == 0
        assert text
    for left in files.unfinished_versions(path):
        left.unlink()
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("how", ["link", "copy"])
def test_a_kept_file_is_there_before_its_name_gets_a_new_content(tmp_path, monkeypatch, how):
    path, aside = tmp_path / "lab.ipynb", tmp_path / "kept" / "lab.ipynb"
    path.write_text("mine")
    if how == "copy":  # another file system, or one without hard links
        monkeypatch.setattr(os, "link", full)
    files.keep_as(path, aside)
    assert (path.read_text(), aside.read_text()) == ("mine", "mine")
    files.write(path, "new")
    assert (path.read_text(), aside.read_text()) == ("new", "mine")
    with pytest.raises(FileExistsError):
        files.keep_as(path, aside)
    files.move(path, tmp_path / "moved")
    assert not path.exists()
    assert (tmp_path / "moved").read_text() == "new"


@links
def test_of_a_link_the_content_is_kept_and_of_a_folder_everything(tmp_path):
    (tmp_path / "real").write_text("mine")
    (tmp_path / "link").symlink_to("real")
    files.keep_as(tmp_path / "link", tmp_path / "kept" / "link")
    assert (tmp_path / "kept" / "link").read_text() == "mine"
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "x").write_text("mine")
    files.move(tmp_path / "folder", tmp_path / "kept" / "folder")
    assert (tmp_path / "kept" / "folder" / "x").read_text() == "mine"
    assert not (tmp_path / "folder").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a second file system here")
def test_a_file_can_be_kept_on_another_file_system(tmp_path):
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is one file system only")
    aside = memory / f"course-kept-{os.getpid()}"
    (tmp_path / "lab").write_text("mine")
    try:
        files.move(tmp_path / "lab", aside)
        assert aside.read_text() == "mine"
        assert not (tmp_path / "lab").exists()
    finally:
        aside.unlink(missing_ok=True)


@pytest.mark.skipif(os.name == "nt", reason="Windows has its own limits")
def test_the_longest_name_that_there_can_be_is_written(tmp_path):
    path = tmp_path / ("é" * 127)
    files.write(path, "x")
    assert path.read_text() == "x"


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path):
    (tmp_path / "file").touch()
    for name in ("file", "file/below"):
        with pytest.raises(OSError, match="file"):
            files.make_folder(tmp_path / name)
