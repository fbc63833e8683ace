"""The work of lab 04: develop a picture, or raise SpoiledError.

`develop` calls `do_job`, which reports to a check while one runs.
"""

from __future__ import annotations

from helpers.validation import bad_type
from helpers.workers.lab_01 import do_job

# Sizes of a picture in bytes. A pipe holds 65,536 bytes on most Linux machines and no more on macOS
# and Windows, so a few small pictures fit into an empty pipe and a large one does not.
SMALL, LARGE = 2_000, 400_000


class SpoiledError(Exception):
    """The picture was exposed to light and can't be developed."""


def develop(name: str) -> bytes:
    """Return the picture of that name, as bytes. Raise SpoiledError if it is spoiled.

    The first word of the name decides: a `panorama` is large, a `blank` picture is b"", which is a
    valid result, and a `spoiled` one raises. Every other picture is small.
    """
    if not isinstance(name, str):
        raise bad_type("name", name, "one picture's name", "Call develop once for each name.")
    do_job(name)
    kind = name.split(" ")[0]
    if kind == "spoiled":
        raise SpoiledError(f"light has got at {name!r}")
    if kind == "blank":
        return b""
    return f"{name}\n".encode().ljust(LARGE if kind == "panorama" else SMALL, b".")
