"""The work of lab 04: a picture is developed, or turns out to be spoilt.

Like `do_job`, it reports to a check's meeting while there is one.
"""

from __future__ import annotations

from helpers.validation import bad_type
from helpers.workers.lab_01 import do_job

SMALL, LARGE = 2_000, 400_000  # bytes; a pipe holds 65,536 on Linux, and less elsewhere


class SpoiltError(Exception):
    """A picture that light has got at."""


def develop(name: str) -> bytes:
    """The picture of that name. Raises SpoiltError for one that is spoilt.

    The name's first word tells what it will be: a `panorama` is large, a `blank` one is b"", which
    is a picture, too, and a `spoilt` one is none. Any other picture is small.
    """
    if not isinstance(name, str):
        raise bad_type("name", name, "one picture's name", "Call develop once for each name.")
    do_job(name)
    kind = name.split(" ")[0]
    if kind == "spoilt":
        raise SpoiltError(f"light has got at {name!r}")
    if kind == "blank":
        return b""
    return f"{name}\n".encode().ljust(LARGE if kind == "panorama" else SMALL, b".")
