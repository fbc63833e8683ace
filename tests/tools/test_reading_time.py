"""A first reading takes half an hour at most."""

from __future__ import annotations

import pytest

from tests.mini_course import DOUBLE, OUTLINE, write
from tools.check import reading_time
from tools.outline import Course

pytestmark = pytest.mark.once

DOUBLED = "source/lessons/01_double.py"
BELOW = """
# %% [markdown]
# ## Deeper

# %% [markdown]
# ### Three times

# %%
print(3 * 2)

# %% [markdown]
# ### Four times
"""


def problems(root) -> list[str]:
    return [str(problem) for problem in reading_time.minutes_are_honest(Course(root))]


def with_minutes(root, told: str, lesson: str) -> None:
    write(root, "source/outline.toml", OUTLINE.replace("minutes = 10", told))
    write(root, DOUBLED, lesson)


def test_a_lesson_that_takes_longer_than_it_says_is_told(course_root):
    long = "# %% [markdown]\n# " + "word " * 151 + "\n\n"
    with_minutes(course_root, "minutes = 10", DOUBLE + 10 * long)
    assert problems(course_root) == []
    with_minutes(course_root, "minutes = 10", DOUBLE + 17 * long)
    (said,) = problems(course_root)
    assert said.startswith(
        f"{DOUBLED}: takes about 18 minutes, and says 10\n    Move what can wait"
    )
    with_minutes(course_root, "minutes = 31", DOUBLE)
    assert "takes 31 minutes; 30 are allowed" in problems(course_root)[0]


def test_what_lies_deeper_has_minutes_of_its_own(course_root):
    with_minutes(course_root, "minutes = 10\ndeeper = 20", DOUBLE + BELOW)
    assert problems(course_root) == []
    long = "\n# %% [markdown]\n# " + "word " * 151 + "\n"
    with_minutes(course_root, "minutes = 10\ndeeper = 20", DOUBLE + BELOW + 27 * long)
    assert "takes about 27 minutes more, and says 20" in problems(course_root)[0]
    with_minutes(course_root, "minutes = 10", DOUBLE + BELOW)
    assert "has a cell '## Deeper', and `deeper` is 0" in problems(course_root)[0]
    with_minutes(course_root, "minutes = 10\ndeeper = 20", DOUBLE)
    assert "has no cell '## Deeper', and `deeper` is 20" in problems(course_root)[0]
