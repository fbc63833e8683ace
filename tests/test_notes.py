"""The learner's notes are kept, survive what is broken, and leave nothing beside them."""

from __future__ import annotations

import json
import os
from multiprocessing import get_context

import pytest

from helpers.progress import store
from tests import writers
from tests.quiet import METHODS
from tools.outline import ROOT

pytestmark = pytest.mark.usefixtures("own_notes")


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
    assert store.place() == own_notes
    monkeypatch.delenv("COURSE_STATE")
    assert store.place() == ROOT / ".course" / "notes.json"


@pytest.mark.parametrize("text", ["", "{", "[1]", "5", '{"a": 5}', "\x00\xff"])
def test_broken_notes_count_as_none_and_can_be_written_again(own_notes, text):
    own_notes.parent.mkdir()
    own_notes.write_text(text, encoding="latin-1")
    assert store.read("a") == {}
    store.keep("a", "b", 1)
    assert store.read("a") == {"b": 1}


def test_nothing_is_left_beside_the_notes(own_notes):
    store.keep("a", "b", 1)
    with pytest.raises(TypeError):
        store.keep("a", "c", object())
    assert [path.name for path in own_notes.parent.iterdir()] == [own_notes.name]


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
    assert [path.name for path in own_notes.parent.iterdir()] == [own_notes.name]


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
    assert [path.name for path in own_notes.parent.iterdir()] == [own_notes.name]


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
    assert [path.name for path in own_notes.parent.iterdir()] == [own_notes.name]


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
