"""`%%module` writes a cell into a file and imports it as it is now; nothing else is overwritten."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from helpers.magics import ModuleMagics, load_ipython_extension, write_module
from helpers.measure import measure


@pytest.fixture
def cell(tmp_path, monkeypatch):
    """A function that runs a cell of that name, in a folder of its own; and its names."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    shell = SimpleNamespace(user_ns={})
    magics = ModuleMagics.__new__(ModuleMagics)
    magics.__dict__["_trait_values"] = {}
    object.__setattr__(magics, "shell", shell)

    def run(line: str, text: str) -> dict:
        magics.module(line, text)
        return shell.user_ns

    yield run
    for name in [name for name in sys.modules if name.startswith("work_")]:
        del sys.modules[name]


def test_a_cell_becomes_a_module_of_that_name(cell, tmp_path):
    names = cell("work_90", "def triple(n):\n    return 3 * n\n")
    assert names["work_90"].triple(2) == 6
    assert names["work_90"].__file__ == str(tmp_path / "work_90.py")


def test_a_changed_cell_is_imported_afresh_however_fast_it_changed(cell):
    # Python takes a compiled file of the same second and size for a fresh one.
    for number in range(10):
        assert cell("work_91", f"answer = {number}\n")["work_91"].answer == number


def test_other_processes_find_what_the_cell_defines(cell):
    names = cell("work_92", "def triple(n):\n    return 3 * n\n")
    run = measure(names["work_92"].triple, [1, 2], "spawn", workers=1)
    assert run.results == [3, 6]


def test_an_error_in_the_cell_is_raised_and_the_mended_cell_works(cell):
    with pytest.raises(SyntaxError):
        cell("work_93", "def (:\n")
    with pytest.raises(ZeroDivisionError):
        cell("work_93", "1 / 0\n")
    assert cell("work_93", "answer = 1\n")["work_93"].answer == 1


def test_lines_of_the_file_say_where_they_come_from(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = write_module("work_94", "x = 1\n")
    assert path.read_text(encoding="utf-8").startswith("# Written by %%module from a notebook's")
    assert path.read_text(encoding="utf-8").endswith("x = 1\n")


def test_somebody_elses_file_is_not_overwritten(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    own = tmp_path / "work_95.py"
    own.write_text("mine = True\n", encoding="utf-8")
    with pytest.raises(FileExistsError, match=r"work_95\.py is there already and was not written"):
        write_module("work_95", "x = 1\n")
    assert own.read_text(encoding="utf-8") == "mine = True\n"


@pytest.mark.parametrize("name", ["", "json", "work_", "work 1", "work_1.py", "../work_1"])
def test_a_name_that_could_hide_another_module_is_refused(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=r"name must be work_ and more .*\. Say %%module work_01"):
        write_module(name, "x = 1\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "text"), [(5, "x"), (None, "x"), ("work_1", b"")])
def test_what_is_no_text_is_refused(name, text):
    with pytest.raises(TypeError, match="name and text must be two strings, got"):
        write_module(name, text)


def test_the_extension_registers_the_magic():
    registered = []
    load_ipython_extension(SimpleNamespace(register_magics=registered.append))
    assert registered == [ModuleMagics]
    assert ModuleMagics.magics["cell"] == {"module": "module"}
