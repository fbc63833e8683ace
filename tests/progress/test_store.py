"""The learner's notes are kept, survive what is broken, and leave nothing beside them."""

from __future__ import annotations

import errno
import json
import os
import signal
import stat
import subprocess
import sys
import time
from multiprocessing import get_context
from pathlib import Path

import filelock
import psutil
import pytest

from helpers import files
from helpers.progress import store
from tests import writers
from tests.running_processes import METHODS
from tools.outline import ROOT

pytestmark = pytest.mark.usefixtures("own_notes")
POSIX = os.name == "posix"


@pytest.fixture(autouse=True)
def told_nothing_yet(monkeypatch):
    """The learner was not warned of anything before."""
    monkeypatch.setattr(store, "_warned", set())


def beside(notes: Path) -> list[str]:
    """Return the names of all files beside the notes, except the lock's, which may stay."""
    expected = (notes.name, f"{notes.name}.lock")
    return [path.name for path in notes.parent.iterdir() if path.name not in expected]


def test_what_is_kept_is_read_again():
    store.keep("predictions", "speed", {"predicted": 1.5})
    store.keep("predictions", "size", 3)
    store.keep("machine", "cores", 2)
    assert store.read("predictions") == {"speed": {"predicted": 1.5}, "size": 3}
    assert store.read("machine") == {"cores": 2}


def test_there_is_nothing_at_first():
    assert store.read("predictions") == {}


def test_the_newest_counts():
    store.keep("a", "b", 1)
    store.keep("a", "b", 2)
    assert store.read("a") == {"b": 2}


def test_a_relative_path_leads_every_notebook_to_the_same_notes(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_STATE", str(Path("mine", "notes.json")))
    found = []
    for folder in ("notebooks", "labs"):  # a kernel runs in the folder of its notebook
        (tmp_path / folder).mkdir()
        monkeypatch.chdir(tmp_path / folder)
        found.append(store.notes_file())
    assert found == [ROOT / "mine" / "notes.json"] * 2


def test_notes_lie_in_the_courses_folder_unless_told_otherwise(own_notes, monkeypatch):
    assert store.notes_file() == own_notes
    monkeypatch.delenv("COURSE_STATE")
    assert store.notes_file() == ROOT / ".course" / "notes.json"


# How deep is too deep depends on the version, and from 3.14 on also on the size of the stack.
DEEP = '{"c": ' + "[" * 1_000_000 + "]" * 1_000_000 + "}"
BROKEN = ["{", "[1]", "5", '{"a": 5}', '{"a": {"b": 1,}}', "\x00\xff", "\x00" * 9, DEEP]


@pytest.mark.parametrize("text", BROKEN)
def test_broken_notes_are_put_aside_and_it_is_said(own_notes, text, capsys):
    own_notes.parent.mkdir()
    for number in (1, 2):
        own_notes.write_text(text, encoding="latin-1")
        if number == 1:  # a reader does the same as a writer
            assert store.read("a") == {}
        assert store.keep("a", "b", 1)
        assert store.read("a") == {"b": 1}
        aside = own_notes.with_name(f"notes.broken-{number}.json")
        assert aside.read_text(encoding="latin-1") == text
        assert f"They are kept as {aside.name}" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["{", "[]", "null", '{"a": 5, "c": {"d": 1}}'])
@pytest.mark.parametrize("installed", [True, False])
def test_whoever_reads_broken_notes_puts_them_aside(
    own_notes, capsys, monkeypatch, text, installed
):
    own_notes.parent.mkdir()
    own_notes.write_text(text, encoding="utf-8")
    if not installed:
        monkeypatch.setitem(sys.modules, "filelock", None)
    assert (store.read("a"), store.read("a"), store.read("b")) == ({}, {}, {})
    assert own_notes.with_name("notes.broken-1.json").read_text(encoding="utf-8") == text
    assert capsys.readouterr().err.count("They are kept as notes.broken-1.json") == 1
    assert store.read("c") == ({"d": 1} if "d" in text else {})
    assert beside(own_notes) == ["notes.broken-1.json"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such pipes")
@pytest.mark.parametrize("what", ["pipe", "device"])
def test_what_is_no_regular_file_is_refused_in_words(own_notes, capsys, what):
    own_notes.parent.mkdir()
    os.mkfifo(own_notes) if what == "pipe" else own_notes.symlink_to("/dev/zero")
    assert "is not a regular file. Rename it" in store.why_not_kept(own_notes)
    assert store.read("a") == {}
    assert not store.keep("a", "b", 1)
    said = capsys.readouterr().err
    assert said.count("is not a regular file. Rename it, or set COURSE_STATE to a file.") == 2


def test_a_broken_section_takes_no_other_along(own_notes):
    own_notes.parent.mkdir()
    own_notes.write_text('{"a": 5, "c": {"d": 1}}', encoding="utf-8")
    assert store.keep("a", "b", 1)
    assert (store.read("a"), store.read("c")) == ({"b": 1}, {"d": 1})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([1], {"tries": 1}),
        ("done", {"tries": 1}),
        (5, {"tries": 1}),
        ({"tries": {"count": 3}}, {"tries": 1}),
        ({"hints": {"it ends": "all"}}, {"hints": {"it ends": 1}}),
    ],
)
def test_a_value_of_another_versions_kind_is_kept_aside(own_notes, capsys, old, new):
    own_notes.parent.mkdir()
    text = json.dumps({"version": 9, "labs": {"01": old, "02": {"tries": 2}}})
    own_notes.write_text(text, encoding="utf-8")
    for _ in range(2):
        assert store.keep("labs", "01", new)
    assert own_notes.with_name("notes.broken-1.json").read_text(encoding="utf-8") == text
    assert capsys.readouterr().err.count("They are kept as notes.broken-1.json") == 1
    assert beside(own_notes) == ["notes.broken-1.json"]
    assert json.loads(own_notes.read_text(encoding="utf-8")) == {
        "version": 9,
        "labs": {"01": new, "02": {"tries": 2}},
    }


def test_a_value_may_get_more_and_lose_some(own_notes, capsys):
    for value in (None, {"predicted": 1}, {"predicted": 1.5, "first": True}, {"first": None}):
        assert store.keep("a", "b", value)
    assert beside(own_notes) == []
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("text", ["", "\n", "\ufeff", "\ufeff\n"])
def test_empty_notes_are_not_broken(own_notes, text, capsys):
    own_notes.parent.mkdir()
    own_notes.write_text(text, encoding="utf-8")
    assert store.keep("a", "b", 1)
    assert capsys.readouterr().err == ""
    assert beside(own_notes) == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_skipped(own_notes, capsys, encoding):
    own_notes.parent.mkdir()
    own_notes.write_text('{"a": {"b": 1}}', encoding=encoding)
    assert store.read("a") == {"b": 1}
    assert store.keep("a", "c", 2)
    assert store.read("a") == {"b": 1, "c": 2}
    assert capsys.readouterr().err == ""


def test_a_value_that_is_refused_leaves_broken_notes_where_they_are(own_notes):
    own_notes.parent.mkdir()
    own_notes.write_text("{", encoding="utf-8")
    with pytest.raises(TypeError):
        store.keep("a", "b", object())
    assert own_notes.read_text(encoding="utf-8") == "{"


@pytest.mark.skipif(os.name == "nt", reason="on Windows a symbolic link needs a right of its own")
def test_notes_that_are_a_symbolic_link_stay_one(own_notes, tmp_path):
    own_notes.parent.mkdir()
    (tmp_path / "elsewhere").mkdir()
    real = tmp_path / "elsewhere" / "real.json"
    own_notes.symlink_to(real)
    assert store.keep("a", "b", 1)
    assert own_notes.is_symlink()
    assert json.loads(real.read_text(encoding="utf-8")) == {"a": {"b": 1}}


@pytest.mark.processes
def test_a_note_that_has_to_wait_too_long_is_not_kept_and_it_is_said(
    own_notes, monkeypatch, capsys
):
    context = get_context("spawn")
    reading, go_on = context.Event(), context.Event()
    other = context.Process(target=writers.stop_while_locked, args=(str(own_notes), reading, go_on))
    other.start()
    reading.wait()
    with monkeypatch.context() as patched:
        patched.setattr(store, "LOCK_PATIENCE", 0.1)
        assert not store.keep("numbers", "second", 2)
    assert "This was not noted: another program" in capsys.readouterr().err
    go_on.set()
    assert store.keep("numbers", "third", 3)
    other.join()
    assert store.read("numbers") == {"first": 1, "third": 3}


@pytest.mark.processes
@pytest.mark.skipif(not POSIX, reason="Windows has no SIGSTOP")
@pytest.mark.parametrize("stopped", ["holder", "waiter"])
def test_of_two_writers_one_of_whom_is_stopped_no_note_is_lost(own_notes, stopped):
    context = get_context("spawn")
    reading, go_on = context.Event(), context.Event()
    holder = context.Process(
        target=writers.stop_while_locked, args=(str(own_notes), reading, go_on)
    )
    holder.start()
    reading.wait()
    began = context.Event()
    waiter = context.Process(target=writers.wait_for_the_lock, args=(str(own_notes), began, 1.0))
    waiter.start()
    began.wait()
    process = {"holder": holder, "waiter": waiter}[stopped]
    os.kill(process.pid, signal.SIGSTOP)
    while psutil.Process(process.pid).status() != psutil.STATUS_STOPPED:
        time.sleep(0.01)
    if stopped == "waiter":
        go_on.set()
        holder.join()
        time.sleep(1.2)  # more than the waiter's patience
    else:
        waiter.join()  # it gives up, says so, and writes nothing
        assert waiter.exitcode == 1
        assert store.read("numbers") == {}
    os.kill(process.pid, signal.SIGCONT)
    go_on.set()
    holder.join()
    waiter.join()
    assert store.read("numbers") == {"first": 1, **({"second": 2} if stopped == "waiter" else {})}
    assert store.keep("numbers", "second", 2)
    assert store.read("numbers") == {"first": 1, "second": 2}


def test_without_filelock_notes_are_read_and_a_change_says_what_is_missing(monkeypatch, capsys):
    store.keep("a", "b", 1)
    monkeypatch.setitem(sys.modules, "filelock", None)
    assert store.read("a") == {"b": 1}
    assert not store.keep("a", "b", 2)
    assert "pip install filelock" in capsys.readouterr().err
    assert store.read("a") == {"b": 1}


def test_nothing_is_left_beside_the_notes(own_notes):
    store.keep("a", "b", 1)
    with pytest.raises(TypeError):
        store.keep("a", "c", object())
    assert beside(own_notes) == []


def test_a_value_that_cannot_be_kept_is_refused_and_the_others_stay():
    store.keep("a", "b", 1)
    match = r"value must be numbers, strings, lists and dicts, got .*\. Convert it first"
    with pytest.raises(TypeError, match=match):
        store.keep("a", "b", {1, 2})
    assert store.read("a") == {"b": 1}


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "file" / "notes.json"))
    store.keep("a", "b", 1)
    assert store.read("a") == {}


def test_where_nothing_can_be_written_it_is_said_once_and_what_to_do(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").touch()
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "file" / "notes.json"))
    assert not store.keep("a", "b", 1)
    assert not store.keep("a", "b", 1)
    told = capsys.readouterr().err
    assert told.count("Your progress and predictions are not kept") == 1
    assert f"{tmp_path / 'file'} is a file, not a folder. Rename it, or set COURSE_STATE" in told


def test_a_folder_in_the_place_of_the_notes_is_left_alone_and_named(own_notes, capsys):
    own_notes.mkdir(parents=True)
    (own_notes / "mine").touch()
    assert store.read("a") == {}
    assert not store.keep("a", "b", 1)
    told = capsys.readouterr().err
    assert told.count(f"{own_notes} is a folder. Rename it") == 2  # a reader and a writer
    assert (own_notes / "mine").exists()


def test_what_cannot_be_kept_is_known_before(tmp_path, own_notes, monkeypatch):
    assert store.why_not_kept(own_notes) == ""
    (tmp_path / "file").touch()
    assert "is a file, not a folder" in store.why_not_kept(tmp_path / "file" / "notes.json")
    assert "is a folder" in store.why_not_kept(tmp_path)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "can't be written: Permission denied" in store.why_not_kept(own_notes)


def test_the_users_own_folder_can_be_named_shortly(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("COURSE_STATE", "~/notes.json")
    assert store.notes_file() == tmp_path / "notes.json"


FULL_DISK = """
import resource
from helpers.progress import store
assert store.keep("a", "b", 1)
resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))
assert not store.keep("a", "c", "x" * 4000)
"""


@pytest.mark.processes
@pytest.mark.skipif(not POSIX, reason="Windows has no such limit")
def test_a_file_that_has_no_room_is_not_written_and_it_is_said(own_notes):
    done = subprocess.run([sys.executable, "-c", FULL_DISK], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "File too large. What it held is unchanged. Make room on the disk" in done.stderr
    assert json.loads(own_notes.read_text(encoding="utf-8")) == {"a": {"b": 1}}
    assert beside(own_notes) == []


@pytest.mark.parametrize("text", ["{}", "{"])
def test_broken_notes_stay_in_place_until_the_new_ones_are(own_notes, monkeypatch, text):
    own_notes.parent.mkdir()
    own_notes.write_text(text, encoding="utf-8")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "_to_the_disk", full)
    assert not store.keep("a", "b", 1)
    assert own_notes.read_text(encoding="utf-8") == text
    assert beside(own_notes) == []


@pytest.mark.skipif(not POSIX, reason="Windows has no umask")
@pytest.mark.parametrize("umask", [0, 0o022, 0o077])
def test_notes_are_for_this_user_alone_under_any_umask(own_notes, umask):
    before = os.umask(umask)
    try:
        for text in ("{}", "{"):
            assert store.keep("a", "b", 1)
            own_notes.write_text(text, encoding="utf-8")
        assert store.keep("a", "b", 1)
    finally:
        os.umask(before)
    found = [own_notes.parent, *own_notes.parent.iterdir()]
    assert {path.name for path in found} >= {"notes.json", "notes.json.lock", "notes.broken-1.json"}
    assert [path.name for path in found if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_a_crash_while_writing_loses_nothing(own_notes, monkeypatch):
    store.keep("a", "b", 1)

    def crash(*_):
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", crash)
    monkeypatch.setattr(type(own_notes), "replace", crash)
    store.keep("a", "b", 2)
    assert json.loads(own_notes.read_text(encoding="utf-8")) == {"a": {"b": 1}}
    assert beside(own_notes) == []


@pytest.mark.processes
@pytest.mark.parametrize("method", METHODS)
def test_of_what_two_processes_note_at_once_nothing_is_lost(own_notes, method):
    context = get_context(method)
    together = context.Barrier(2)
    both = [
        context.Process(target=writers.count_up, args=(str(own_notes), together, 40))
        for _ in range(2)
    ]
    for process in both:
        process.start()
    for process in both:
        process.join()
    assert [process.exitcode for process in both] == [0, 0]
    assert store.read("numbers") == {"sum": 80}
    assert beside(own_notes) == []


@pytest.mark.processes
@pytest.mark.parametrize("dies", [writers.die_while_reading, writers.die_while_writing])
def test_a_process_that_is_killed_in_the_middle_loses_and_blocks_nothing(own_notes, dies):
    store.keep("a", "b", 1)
    process = get_context("spawn").Process(target=dies, args=(str(own_notes),))
    process.start()
    process.join()
    assert process.exitcode == 7
    assert store.read("a") == {"b": 1}
    assert store.read("numbers") == {}
    assert store.keep("a", "c", 2)
    assert store.read("a") == {"b": 1, "c": 2}
    assert beside(own_notes) == []


def test_a_change_is_made_to_what_is_there():
    assert store.change("a", "b", lambda value: [value])
    assert store.change("a", "b", lambda value: [value])
    assert store.read("a") == {"b": [[None]]}


def test_it_is_said_whether_it_could_be_kept(tmp_path, monkeypatch):
    assert store.keep("a", "b", 1)
    (tmp_path / "file").touch()
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "file" / "notes.json"))
    assert not store.keep("a", "b", 1)
    monkeypatch.setenv("COURSE_STATE", str(tmp_path))  # a folder can't be written as a file
    assert not store.keep("a", "b", 1)
    assert store.read("a") == {}


def test_notes_that_are_there_and_cannot_be_read_are_not_written_anew(own_notes, monkeypatch):
    store.keep("a", "b", 1)

    def locked(*_, **__):
        raise PermissionError("another program reads it")

    with monkeypatch.context() as patched:
        patched.setattr(type(own_notes), "read_bytes", locked)
        assert not store.keep("a", "c", 2)
        assert store.read("a") == {}
    assert store.read("a") == {"b": 1}


@pytest.mark.parametrize("changed", [None, 5, "x"])
def test_a_change_that_is_no_function_is_refused(changed):
    with pytest.raises(TypeError, match=r"changed must be a function .*\. Use keep for a value"):
        store.change("a", "b", changed)


@pytest.mark.parametrize("name", [None, 5, ["a"]])
def test_names_that_are_none_are_refused(name):
    with pytest.raises(TypeError, match=r"section must be a str, got .*\. Pass a short name"):
        store.read(name)
    with pytest.raises(TypeError, match="section must be a str"):
        store.keep(name, "a", 1)
    with pytest.raises(TypeError, match="name must be a str"):
        store.keep("a", name, 1)
    with pytest.raises(TypeError, match="section must be a str"):
        store.change(name, "a", lambda value: value)


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_drive_without_locks_is_named(monkeypatch, capsys, number):
    def acquire(*_given, **_named):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(filelock.FileLock, "acquire", acquire)
    assert not store.keep("section", "name", 1)
    said = capsys.readouterr().err
    assert "can't be locked. Set COURSE_STATE to a file on a local disk." in said
    assert "writable" not in said
