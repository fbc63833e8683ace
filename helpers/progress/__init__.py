"""The course's outline and what the learner has done: tries, predictions and the map of both.

outline       which lessons and labs there are
store         the learner's notes, one small file
labs          tries, hints and solved labs
predictions   what was predicted and what was measured
course_map    the map that `show_progress()` returns
"""

from helpers.progress.course_map import show_progress

__all__ = [
    "show_progress",
]
