"""The rule about words: prose in every kind of file is checked, and code is not."""

from __future__ import annotations

import pytest

from tests.mini_course import write
from tools.check import words
from tools.outline import Course

pytestmark = [pytest.mark.once, pytest.mark.processes]  # the rule asks git for the files


def refusals(root):
    """Return the text of each problem that the rule finds."""
    return [str(problem) for problem in words.words_are_plain(Course(root))]


@pytest.mark.parametrize(
    ("text", "said", "better"),
    [
        ('def f():\n    """Wait for ever."""\n', "x.py:2: says 'for ever'", "'forever'"),
        ("# Nobody reads it.\n", "x.py:1: says 'Nobody'", "'no process'"),
        ("x = (\n    'one'\n    'the colour'\n)\n", "x.py:3: says 'colour'", "'color'"),
        ("x = f'{mend} {{grey}}'\n", "x.py:1: says 'grey'", "'gray'"),
        ("x = f'{1} at the most'\n", "x.py:1: says 'at the most'", "'at most'"),
        ('"""Wait at\nthe most once."""\n', "x.py:1: says 'at the most'", "'at most'"),
        ("# A speed-up of 2.\n", "x.py:1: says 'speed-up'", "'speedup'"),
        ("# It waits for\n# ever.\n", "x.py:1: says 'for ever'", "'forever'"),
        ("def f(:\n# mended\n", "x.py:2: says 'mended'", "'fix'"),
    ],
)
def test_a_word_in_python_is_refused_at_its_line(tmp_path, text, said, better):
    write(tmp_path, "tools/x.py", text)
    (problem,) = refusals(tmp_path)
    assert problem.startswith(f"tools/{said}")
    assert better in problem


@pytest.mark.parametrize(
    "text",
    [
        "nobody = 1\nprint(nobody, f'{nobody}')\n",
        "print(f'{nobody!r:>{grey}}', f'{ {mend: 1}[shall]}')\n",
        "x = 'programs/nobody_asked.py'\n",
        "import shutil\n\n\ndef mend():\n    grey = shutil.which('x')\n    return grey\n",
    ],
)
def test_names_are_not_prose(tmp_path, text):
    write(tmp_path, "tools/x.py", text)
    assert refusals(tmp_path) == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("README.md", "You shall see.\n"),
        ("classroom/README.md", "A neighbour helps.\n"),
        ("helpers/data/x.toml", 'words = "what everybody knows"\n'),
        ("tests/test_x.py", "# the behaviour\n"),
    ],
)
def test_a_word_in_any_of_our_folders_is_refused(tmp_path, file, text):
    write(tmp_path, file, text)
    (problem,) = refusals(tmp_path)
    assert problem.startswith(f"{file}:1: says ")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("helpers/data/lesson.txt", "nobody\n"),  # a text that others wrote
        ("my_course/x.md", "nobody\n"),
        ("LICENSE", "the licensor shall\n"),
    ],
)
def test_texts_that_are_not_ours_are_left_alone(tmp_path, file, text):
    write(tmp_path, file, text)
    assert refusals(tmp_path) == []


def test_each_form_of_a_word_is_found(tmp_path):
    write(tmp_path, "README.md", "serialised\nreckons\nfavourite\nspoilt\nNeighbouring\n")
    assert [problem.split("'")[1] for problem in refusals(tmp_path)] == [
        "serialised",
        "reckons",
        "favourite",
        "spoilt",
        "Neighbouring",
    ]
