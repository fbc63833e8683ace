"""The learner's notes are kept, survive what is broken, and leave nothing beside them."""

from __future__ import annotations

import json
import os
import sys
from multiprocessing import get_context
from pathlib import Path

import pytest

from helpers.progress import store
from tests import writers
from tests.quiet import METHODS
from tools.outline import ROOT

pytestmark = pytest.mark.usefixtures("own_notes")


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


def test_notes_lie_in_the_courses_folder_unless_told_otherwise(own_notes, monkeypatch):
    assert store.notes_file() == own_notes
    monkeypatch.delenv("COURSE_STATE")
    assert store.notes_file() == ROOT / ".course" / "notes.json"


@pytest.mark.parametrize("text", ["{", "[1]", "5", '{"a": 5}', '{"a": {"b": 1,}}', "\x00\xff"])
def test_broken_notes_are_put_aside_and_it_is_said(own_notes, text, capsys):
    own_notes.parent.mkdir()
    for number in (1, 2):
        own_notes.write_text(text, encoding="latin-1")
        assert store.read("a") == {}
        capsys.readouterr()
        assert store.keep("a", "b", 1)
        assert store.read("a") == {"b": 1}
        aside = own_notes.with_name(f"notes.broken-{number}.json")
        assert aside.read_text(encoding="latin-1") == text
        assert f"They are kept as {aside.name}" in capsys.readouterr().err


def test_whoever_reads_broken_notes_is_told_once(own_notes, capsys):
    own_notes.parent.mkdir()
    own_notes.write_text("{", encoding="utf-8")
    assert (store.read("a"), store.read("b")) == ({}, {})
    assert capsys.readouterr().err.count("no longer valid JSON. Repair it.") == 1
    assert own_notes.read_text(encoding="utf-8") == "{"


def test_a_broken_section_takes_no_other_along(own_notes):
    own_notes.parent.mkdir()
    own_notes.write_text('{"a": 5, "c": {"d": 1}}', encoding="utf-8")
    assert store.keep("a", "b", 1)
    assert (store.read("a"), store.read("c")) == ({"b": 1}, {"d": 1})


@pytest.mark.parametrize("text", ["", "\n"])
def test_empty_notes_are_not_broken(own_notes, text, capsys):
    own_notes.parent.mkdir()
    own_notes.write_text(text, encoding="utf-8")
    assert store.keep("a", "b", 1)
    assert capsys.readouterr().err == ""
    assert beside(own_notes) == []


def test_a_byte_order_mark_is_skipped(own_notes, capsys):
    own_notes.parent.mkdir()
    own_notes.write_text('{"a": {"b": 1}}', encoding="utf-8-sig")
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
        patched.setattr(type(own_notes), "read_text", locked)
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
