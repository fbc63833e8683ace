"""What processes noted of themselves is read whatever becomes of the files meanwhile."""

from __future__ import annotations

import pytest

from helpers.runner import events
from helpers.runner.events import read_notes

pytestmark = pytest.mark.usefixtures("quiet")


def test_events_come_in_the_order_of_their_time(tmp_path):
    (tmp_path / "7.notes").write_text(
        "{'at': 3, 'pid': 7}\n{'at': 5, 'pid': 7}\n", encoding="utf-8"
    )
    (tmp_path / "8.notes").write_text("{'at': 4, 'pid': 8}\n", encoding="utf-8")
    (tmp_path / "8.stack").write_text("no note", encoding="utf-8")
    assert [event["pid"] for event in read_notes(tmp_path)] == [7, 8, 7]


def test_a_line_that_is_half_written_is_left_out(tmp_path):
    (tmp_path / "7.notes").write_text("{'at': 3}\n{'at': 4, 'wh", encoding="utf-8")
    assert read_notes(tmp_path) == [{"at": 3}]


def test_a_parser_that_another_thread_disturbs_is_asked_again(tmp_path, monkeypatch):
    (tmp_path / "7.notes").write_text("{'at': 3}\n", encoding="utf-8")
    parse, disturbed = events.ast.literal_eval, [SystemError("recursion depth mismatch")]

    def sometimes(line: str) -> object:
        if disturbed:
            raise disturbed.pop()
        return parse(line)

    monkeypatch.setattr(events.ast, "literal_eval", sometimes)
    assert read_notes(tmp_path) == [{"at": 3}]
    assert disturbed == []


def test_a_folder_that_is_gone_has_no_notes(tmp_path):
    assert read_notes(tmp_path / "gone") == []


def test_a_file_that_goes_while_it_is_read_has_no_notes(tmp_path, monkeypatch):
    (tmp_path / "7.notes").write_text("{'at': 3}\n", encoding="utf-8")

    def gone(path: object, *_: object) -> list:
        raise FileNotFoundError(path)

    monkeypatch.setattr(type(tmp_path), "open", gone)
    assert events.read_notes(tmp_path) == []
    monkeypatch.setattr(type(tmp_path), "iterdir", gone)
    assert events.read_notes(tmp_path) == []
