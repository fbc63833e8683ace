"""A picture cut into strips that overlap, and put together again: one problem, many decompositions.

      rows of the picture     a strip with halo = 2
      ....................      ==== halo: rows of the neighbour, needed and thrown away
      ....................      ----
      ....................      ---- the strip's own rows
      ....................      ==== halo

To blur a pixel once takes its neighbours. So a strip with a halo of n rows can be blurred n times
before anything is wrong in its own rows, and nobody needs to be asked in between.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from helpers.validation import bad_type, bad_value, whole_number

_SEED = 11


@dataclass(frozen=True)
class Strip:
    """Some rows of a picture with their halo: `above` rows of it, then `rows` of its own."""

    pixels: bytes
    above: int
    rows: int


def grey_picture(width: int, height: int) -> bytes:
    """Rings and noise, one byte a pixel, row after row; the same in every run."""
    whole_number("width", width, 1, 10_000, "Pass pixels, e.g. 160.")
    whole_number("height", height, 1, 10_000, "Pass pixels, e.g. 240.")
    noise = random.Random(_SEED).randbytes(width * height)
    return bytes(
        (((x - width // 2) ** 2 + (y - height // 2) ** 2) // 64 % 192) + (noise[y * width + x] >> 2)
        for y in range(height)
        for x in range(width)
    )


def cut_strips(pixels: bytes, width: int, pieces: int, halo: int) -> list[Strip]:
    """The picture in so many strips, as even as can be, each with up to `halo` rows on both sides.

    At the picture's own rim there is no halo, as there is no neighbour.
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
    """The whole picture, from what was made of each strip; the halos are left out."""
    whole_number("width", width, 1, 10**9, "Pass the picture's.")
    return b"".join(
        pixels[strip.above * width : (strip.above + strip.rows) * width]
        for strip, pixels in zip(strips, done, strict=True)
    )
