"""What the course knows of its outline, and of the learner: tries, predictions, the map."""

from helpers.progress.course_map import show_progress

__all__ = [
    "show_progress",
]
