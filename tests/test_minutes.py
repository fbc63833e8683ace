"""A first reading takes half an hour at most, and the cell that ends it says what is below."""

from __future__ import annotations

import pytest

from tests.mini_course import DOUBLE, OUTLINE, write
from tools.build.compose import compose
from tools.build.percent import Cell
from tools.build.readme import map_text
from tools.check import reading_time
from tools.check.reading_time import halves, reckoned
from tools.outline import LESSON, Course, Page

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


def prose(words: int) -> Cell:
    return Cell("markdown", "word " * words)


def test_prose_code_predictions_and_widgets_take_their_time():
    assert reckoned([]) == 0
    assert reckoned([prose(300)]) == 2
    line = Cell("code", "x = 1")
    assert reckoned([line]) == pytest.approx((10 + 3) / 60)
    assert reckoned([Cell("code", "x = 1\n\ny = 2")]) == pytest.approx((10 + 6) / 60)
    question = Cell("code", 'predict("one", "How many?")')
    assert reckoned([question]) == pytest.approx(reckoned([line]) + 30 / 60)
    assert reckoned([Cell("code", "Explorer(1)")]) == pytest.approx(reckoned([line]) + 2)
    assert reckoned([line, prose(150)]) == pytest.approx(reckoned([line]) + 1)


def test_the_line_parts_what_is_read_first_from_the_rest():
    line, below = Cell("markdown", "## Deeper"), prose(3)
    assert halves([prose(1), line, below]) == ([prose(1)], [line, below])
    assert halves([prose(1), prose(2)]) == ([prose(1), prose(2)], [])


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


def test_the_end_of_the_first_reading_says_where_to_go_on_and_what_is_below(course_root):
    with_minutes(course_root, "minutes = 10\ndeeper = 20", DOUBLE + BELOW)
    course = Course(course_root)
    cells = compose(Page(LESSON, course.outline.lessons[1]), course).cells
    (line,) = [cell.source for cell in cells if cell.source.startswith("## Deeper")]
    assert "**The lesson ends here.** Go on: lab: [01 Double it yourself]" in line
    assert "What follows takes 20 minutes more" in line
    assert line.endswith("- Three times\n- Four times")
    assert "10 minutes, and 20 more for what lies deeper" in cells[0].source
    assert "| 10 + 20 |" in map_text(course)
    assert "30 min in all, labs included, and 20 min more for what lies deeper." in map_text(course)
