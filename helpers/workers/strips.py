"""Cut a picture into overlapping strips, and join the strips again.

      rows of the picture     a strip with halo = 2
      ....................      ==== halo: rows of the neighbor strip, needed and then dropped
      ....................      ----
      ....................      ---- the strip's own rows
      ....................      ==== halo

Blurring a pixel reads its neighbors, so each blur makes one more row at a cut edge wrong. A strip
with a halo of n rows can be blurred n times before an error reaches its own rows. Until then, it
needs no data from the other strips.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from helpers.validation import bad_type, bad_value, whole_number


@dataclass(frozen=True)
class Strip:
    """A strip's pixels, one byte each: `above` rows of halo, `rows` of its own, then more halo."""

    pixels: bytes
    above: int
    rows: int


def cut_strips(pixels: bytes, width: int, pieces: int, halo: int) -> list[Strip]:
    """Cut the picture into `pieces` strips of nearly equal height, with a halo on both sides.

    A halo has `halo` rows, or fewer where the picture ends.
    """
    advice = "Pass whole rows of pixels, and no more strips than rows."
    if not isinstance(pixels, bytes):
        raise bad_type("pixels", pixels, "bytes", advice)
    whole_number("width", width, 1, 10**9, advice)
    if not pixels or len(pixels) % width:
        raise bad_value("pixels", pixels, "whole rows of bytes", advice)
    height = len(pixels) // width
    whole_number("pieces", pieces, 1, height, advice)
    whole_number("halo", halo, 0, 10**9, advice)
    cuts = [height * piece // pieces for piece in range(pieces + 1)]
    strips = []
    for first, last in itertools.pairwise(cuts):
        top, bottom = max(0, first - halo), min(height, last + halo)
        strips.append(Strip(pixels[top * width : bottom * width], first - top, last - first))
    return strips


def put_together(strips: Sequence[Strip], done: Iterable[bytes], width: int) -> bytes:
    """Join the processed pixels of all strips, without their halos, and return the picture."""
    whole_number("width", width, 1, 10**9, "Pass the width of the picture, in pixels.")
    return b"".join(
        pixels[strip.above * width : (strip.above + strip.rows) * width]
        for strip, pixels in zip(strips, done, strict=True)
    )
