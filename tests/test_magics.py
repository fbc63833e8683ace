"""`%%module` writes a cell into a file and imports it as it is now; nothing else is overwritten."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from types import SimpleNamespace

import pytest
from IPython.core.error import UsageError

from helpers import files
from helpers.magics import ModuleMagics, load_ipython_extension, notebook_name, write_module
from helpers.measure.sweeps import measure


@pytest.fixture
def cell(tmp_path, monkeypatch):
    """Return a function that runs a cell of that name in its own folder, and its names."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
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


@pytest.mark.processes
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


BROKEN = "%%module work_80\n\n\ndef good():\n    pass\n\ndef broken(:\n"


def test_an_error_names_the_line_of_the_cell(cell, tmp_path):
    line = BROKEN.splitlines().index("def broken(:") + 1  # as a learner counts, magic and all
    with pytest.raises(SyntaxError) as caught:
        cell("work_80", BROKEN.split("\n", 1)[1])
    assert (caught.value.filename, caught.value.lineno) == ("work_80.py", line)
    with pytest.raises(ZeroDivisionError) as caught:
        cell("work_80", "\n\n1 / 0\n")
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert (last.filename, last.lineno) == (str(tmp_path / "work_80.py"), 4)


def test_of_an_error_only_what_is_the_learners_is_shown(cell, tmp_path):
    text = "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    raise KeyError from error\n"
    with pytest.raises(KeyError) as caught:
        cell("work_80", text)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    shown = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert not any("import" in name and name != "_import_module" for name in shown)


def test_a_broken_cell_is_written_so_that_a_check_does_not_try_an_older_one(cell, tmp_path):
    cell("work_81", "answer = 1\n")
    with pytest.raises(SyntaxError):
        cell("work_81", "def (:\n")
    assert "def (:" in (tmp_path / "work_81.py").read_text(encoding="utf-8")


# --- what it warns of -----------------------------------------------------------------------------

POOL = "from multiprocessing import Pool\n\npool = Pool(2)\nraise SystemExit('it was imported')\n"


def test_a_module_that_would_start_processes_is_written_and_not_imported(cell, tmp_path, capsys):
    assert "work_82" in cell("work_82", "answer = 1\n")
    assert capsys.readouterr().out == ""
    assert "work_82" not in cell("work_82", POOL)  # nor the older one
    assert "work_82" not in sys.modules
    assert (tmp_path / "work_82.py").read_text(encoding="utf-8").endswith(POOL)
    assert " ".join(capsys.readouterr().out.split()) == (
        "line 4: Pool(...) starts processes when work_82 is imported, and so does every child that"
        ' imports it. Put that into a function, or below if __name__ == "__main__":. For now'
        " work_82.py is written, but not imported here."
    )
    assert cell("work_82", "answer = 2\n")["work_82"].answer == 2


def test_a_module_with_a_guard_is_imported_without_a_word(cell, capsys):
    text = 'from multiprocessing import Pool\nif __name__ == "__main__":\n    Pool(2)\n'
    assert "work_83" in cell("work_83", text)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("notebook", "name", "warned"),
    [
        ("labs/01_processes.ipynb", "work_02", True),
        ("C:\\course\\labs\\01_processes.ipynb", "work_02", True),
        ("labs/01_processes.ipynb", "work_01", False),
        ("labs/01_processes.ipynb", "work_mine", False),
        ("notes.ipynb", "work_02", False),
        ("", "work_02", False),
    ],
)
def test_a_name_of_another_lab_is_warned_of(cell, capsys, monkeypatch, notebook, name, warned):
    monkeypatch.setenv("JPY_SESSION_NAME", notebook)
    assert name in cell(name, "answer = 1\n")
    assert " ".join(capsys.readouterr().out.split()) == warned * (
        "work_02 belongs to lab 02, and this notebook is 01_processes.ipynb."
        ' check("01") looks for work_01.'
    )


def test_the_notebook_is_known_where_the_kernel_tells(monkeypatch):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    assert notebook_name({}) == ""
    assert notebook_name({"__vsc_ipynb_file__": "/course/labs/02_x.ipynb"}) == "02_x.ipynb"
    assert notebook_name({"__vsc_ipynb_file__": 5}) == ""
    monkeypatch.setenv("JPY_SESSION_NAME", "/course/labs/01_x.ipynb")
    assert notebook_name({}) == "01_x.ipynb"


# --- what it writes over, and what not ------------------------------------------------------------


def test_lines_of_the_file_say_where_they_come_from(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = write_module("work_94", "x = 1\n")
    assert path.read_text(encoding="utf-8").startswith("# Written by %%module from a notebook's")
    assert path.read_text(encoding="utf-8").endswith("x = 1\n")


@pytest.mark.parametrize("how", ["edited", "more lines", "read-only", "another first line"])
def test_a_file_that_was_edited_since_is_put_aside_with_a_word(tmp_path, monkeypatch, capsys, how):
    monkeypatch.chdir(tmp_path)
    path = write_module("work_94", "x = 1\n")
    text = path.read_text(encoding="utf-8")
    if how == "read-only":
        path.chmod(0o400)
    else:
        digest = text.split("\n")[0].rpartition(" ")[2]
        new = {"edited": ("x = 1", "x = 2"), "more lines": ("x = 1", "x = 1\ny = 2")}
        path.write_text(text.replace(*new.get(how, (digest, "12345678"))), encoding="utf-8")
    before = path.read_bytes()
    write_module("work_94", "x = 3\n")
    assert (tmp_path / "work_94.mine-1.py").read_bytes() == before
    assert path.read_text(encoding="utf-8").endswith("\nx = 3\n")
    printed = " ".join(capsys.readouterr().out.split())
    assert printed == (
        "work_94.py was changed since %%module wrote it, so it is kept as work_94.mine-1.py."
    )


@pytest.mark.parametrize("cell", ["", "x = 1", "x = 1\n\n", "x = 'é\u2028'\n", "x = '\ud800'\n"])
def test_a_file_as_it_was_written_is_replaced_without_a_word(tmp_path, monkeypatch, capsys, cell):
    monkeypatch.chdir(tmp_path)
    with contextlib.suppress(UnicodeEncodeError):  # what is not text can't be written at all
        path = write_module("work_94", cell)
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))  # as git may do on Windows
        write_module("work_94", "x = 2\n")
    header = "# Written by %%module from a notebook's cell: edit the cell, not this file.\n"
    (tmp_path / "work_94.py").write_text(header + "x = 0\n", encoding="utf-8")  # an older course's
    write_module("work_94", "x = 3\n")
    assert [one.name for one in tmp_path.iterdir()] == ["work_94.py"]
    assert capsys.readouterr().out == ""


def test_somebody_elses_file_is_not_overwritten(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    own = tmp_path / "work_95.py"
    own.write_text("mine = True\n", encoding="utf-8")
    with pytest.raises(FileExistsError, match=r"work_95\.py is there already and was not written"):
        write_module("work_95", "x = 1\n")
    assert own.read_text(encoding="utf-8") == "mine = True\n"


def test_a_file_that_is_no_text_is_not_overwritten(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "work_95.py").write_bytes(b"\xff\xfe")
    with pytest.raises(FileExistsError, match="was not written by %%module"):
        write_module("work_95", "x = 1\n")


def test_an_empty_file_and_a_folder_of_the_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "work_95.py").touch()  # what a full disk leaves
    assert write_module("work_95", "x = 1\n").stat().st_size > 0
    (tmp_path / "work_96.py").mkdir()
    with pytest.raises(FileExistsError, match="was not written by %%module"):
        write_module("work_96", "x = 1\n")


def test_a_full_disk_leaves_the_old_module_and_is_said_without_a_traceback(
    cell, tmp_path, monkeypatch
):
    cell("work_97", "answer = 1\n")
    before = (tmp_path / "work_97.py").read_bytes()

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "_to_the_disk", full)
    with pytest.raises(UsageError, match=r"work_97\.py can't be written: No space left on device"):
        cell("work_97", "answer = 2\n")
    assert (tmp_path / "work_97.py").read_bytes() == before
    assert not list(tmp_path.glob(".*"))


@pytest.mark.skipif(os.name == "nt", reason="on Windows a symbolic link needs a right of its own")
def test_a_module_that_is_a_link_stays_one_and_is_for_this_user_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    real = tmp_path / "real.py"
    (tmp_path / "work_98.py").symlink_to(real)
    before = os.umask(0)
    try:
        write_module("work_98", "x = 1\n")
    finally:
        os.umask(before)
    assert (tmp_path / "work_98.py").is_symlink()
    assert real.read_text(encoding="utf-8").endswith("x = 1\n")
    assert real.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("digit", "039")
def test_a_number_of_one_digit_is_refused_with_the_name_that_was_meant(
    digit, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=rf"got 'work_{digit}'\. Say %%module work_0{digit}\."):
        write_module(f"work_{digit}", "x = 1\n")
    assert list(tmp_path.iterdir()) == []


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
