"""The lessons' sources, for what reads the prose or the code of all of them."""

from __future__ import annotations

from collections.abc import Iterator

from tools.build.percent import Cell, SourceError, read_source
from tools.outline import LESSON, Course, Page


def readable_lessons(course: Course) -> Iterator[tuple[Page, tuple[Cell, ...]]]:
    """Yield the page and the cells of each lesson that is written and can be read.

    The check's rule `sources_can_be_read` reports one that can't be read.
    """
    for page in course.pages:
        path = course.root / page.source
        if page.folder != LESSON or not path.exists():
            continue
        try:
            cells = read_source(path, page.source)
        except SourceError:
            continue
        yield page, cells
