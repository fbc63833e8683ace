"""The source that a notebook shows: whole, with its file, and drawn as code."""

from __future__ import annotations

import inspect
import linecache
import pathlib

import pytest

from helpers.source_code import PROGRAMS, show
from helpers.workers import children, count_primes


def test_a_function_is_shown_whole_with_its_file():
    listing = show(count_primes)
    assert listing.file == "helpers/workers/compute.py"
    assert listing.code == inspect.getsource(count_primes).rstrip()
    assert repr(listing) == f"# helpers/workers/compute.py\n{listing.code}"


def test_a_module_and_a_program_are_shown_whole():
    assert show(children).code == inspect.getsource(children).rstrip()
    text = (PROGRAMS / "stays_at_zero.py").read_text(encoding="utf-8")
    assert show("stays_at_zero.py").code == text.rstrip()


def test_jupyter_draws_it_as_python():
    lines = show(count_primes)._repr_markdown_().splitlines()
    assert (lines[0], lines[-1]) == ("```python", "```")
    assert lines[1:-1] == repr(show(count_primes)).splitlines()


def test_a_method_is_shown_without_its_indentation():
    class Inner:
        def method(self):
            return 1

    assert show(Inner.method).code.startswith("def method(self):")


@pytest.mark.parametrize("what", [5, None, [count_primes], print])
def test_what_has_no_python_source_is_refused(what):
    with pytest.raises(TypeError, match=r"what must be something with Python source, got .*Pass"):
        show(what)


def test_a_file_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match=r"program must be a Python file, or one of .*got"):
        show(pathlib.Path("no_such.py"))


@pytest.mark.parametrize("kept", [True, False])
def test_what_was_defined_in_no_file_is_refused(kept, monkeypatch):
    if kept:  # as Python 3.13 keeps what it was started with by -c
        monkeypatch.setitem(linecache.cache, "<string>", (4, None, ["x = 1\n"], "<string>"))
    namespace: dict = {}
    exec("def square(n): return n * n", namespace)
    with pytest.raises(ValueError, match="something that is defined in a Python file"):
        show(namespace["square"])
