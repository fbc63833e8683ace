"""What children write to standard error is captured, and everything is restored afterward."""

from __future__ import annotations

import os
import sys
from multiprocessing import get_context

import pytest

from helpers.capture import CapturedStderr, print_traceback
from tests import odd_workers
from tests.running_processes import METHODS

pytestmark = pytest.mark.usefixtures("quiet")
HEARD = [method for method in METHODS if method != "forkserver"]


@pytest.mark.processes
@pytest.mark.parametrize("method", HEARD)
def test_a_childs_last_words_are_heard(method):
    with CapturedStderr() as heard:
        child = get_context(method).Process(target=odd_workers.fail, args=(7,))
        child.start()
        child.join()
    assert child.exitcode == 1
    assert heard.errors() == ["ValueError: on purpose, with 7"]
    assert heard.kinds() == ["ValueError"]
    assert "Traceback" in heard.text


def test_nothing_said_is_nothing_heard():
    with CapturedStderr() as heard:
        pass
    assert (heard.text, heard.errors(), heard.kinds()) == ("", [], [])


def test_colors_are_taken_out():
    with CapturedStderr() as heard:
        os.write(2, b"\x1b[1;35mValueError\x1b[0m: \x1b[35mwords\x1b[0m\n")
    assert heard.errors() == ["ValueError: words"]


def test_after_the_block_standard_error_is_what_it_was(capfd):
    before = sys.stderr
    with pytest.raises(LookupError), CapturedStderr():
        raise LookupError
    assert sys.stderr is before
    os.write(2, b"again\n")
    assert capfd.readouterr().err == "again\n"


def test_errors_of_modules_keep_their_whole_name():
    with CapturedStderr() as heard:
        print("_pickle.PicklingError: no", file=sys.stderr)
        print("not an error: no", file=sys.stderr)
    assert heard.kinds() == ["_pickle.PicklingError"]


@pytest.mark.parametrize(
    ("file", "printed"),
    [
        ("/usr/lib/python3.11/multiprocessing/spawn.py", "multiprocessing/spawn.py"),
        (r"C:\Python\Lib\multiprocessing\spawn.py", r"multiprocessing\spawn.py"),
        ("/opt/python3.14t/lib/python3.14t/runpy.py", "runpy.py"),
        ("/data/my course/work_first.py", "work_first.py"),
        ("work_first.py", "work_first.py"),
        ("<frozen runpy>", "<frozen runpy>"),
        ("<string>", "<string>"),
    ],
)
def test_a_traceback_is_printed_without_this_machines_folders(capsys, file, printed):
    print_traceback(f'Traceback\n  File "{file}", line 1\nValueError: "/a/b.py"\n')
    words = f'Traceback\n  File "{printed}", line 1\nValueError: "/a/b.py"\n'
    assert capsys.readouterr().out == words


@pytest.mark.parametrize("text", [None, 5, ["line"]])
def test_what_is_no_text_is_not_printed_as_a_traceback(text):
    with pytest.raises(TypeError, match=r"text must be a str, got .*\. Pass captured"):
        print_traceback(text)
