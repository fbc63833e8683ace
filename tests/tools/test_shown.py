"""The rule that a lesson shows all code before another process runs it."""

from __future__ import annotations

import textwrap

import pytest

from tests.mini_course import make_course, write
from tools.check import shown
from tools.outline import Course

pytestmark = pytest.mark.once

BEGIN = """
    # %%
    from multiprocessing import Process
    from helpers.source_code import show
    from helpers.runner import run_safely
    from helpers.engines import executors
    from helpers.workers import count_primes, isolation
    from helpers.workers.isolation import append_often
"""


@pytest.fixture
def refused(tmp_path):
    """Return a function that returns what the rule says about a lesson with these cells."""
    root = make_course(tmp_path)

    def refusals(cells: str) -> list[str]:
        text = textwrap.dedent(BEGIN) + textwrap.dedent(cells)
        write(root, "source/lessons/01_double.py", text.lstrip())
        return [str(one) for one in shown.lessons_show_what_children_run(Course(root))]

    return refusals


@pytest.mark.parametrize(
    "code",
    [
        "Process(target=append_often)",
        "Process(target=isolation.append_often, args=(1,))",
        "executor.submit(append_often, 1)",
        "pool.map(partial(append_often, 1), [2])",
        "measure(append_often, [1], 'serial')",
        "loop.run_in_executor(pool, append_often, 1)",
        "run_safely('stays_at_zero.py', limit=3)",
        "Process(target=append_often)\nshow(append_often)",
    ],
)
def test_what_was_not_shown_is_refused_at_its_line(refused, code):
    (problem,) = refused(f"\n# %%\n{code}\n")
    assert problem.startswith("source/lessons/01_double.py:10: another process runs ")
    assert "Show it before: show(" in problem


@pytest.mark.parametrize(
    ("before", "code"),
    [
        ("show(append_often)", "Process(target=append_often)"),
        ("show(append_often)", "Process(target=isolation.append_often)"),
        ("show(isolation)", "executor.submit(isolation.append_often, 1)"),
        ("show('stays_at_zero.py')", "run_safely('stays_at_zero.py')"),
        ("", "executor.submit(count_primes, range(9))"),
        ("", "pool.map(abs, [1])"),
        ("import time", "executor.submit(time.sleep, 1)"),
        ("%%module work_01\ndef greet(): pass", "Process(target=work_01.greet)"),
        ("%%writefile work_01.py\nprint()", "run_safely('work_01.py')"),
    ],
)
def test_what_was_shown_and_the_standard_library_may_run(refused, before, code):
    assert refused(f"\n# %%\n{before}\n\n# %%\n{code}\n") == []
