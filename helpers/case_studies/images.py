"""Case 1, an image pipeline: denoise, sharpen, stretch, shrink and save photographs.

make_photographs(folder, count)   files, the same in every run
develop(path)                     one photograph, from file to file; a short summary comes back
load, enhance, save               the same in three steps, for a program that sends the pixels
denoise, sharpen, stretch         enhance in three steps, for one that sends them each time
"""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
from PIL import Image

from helpers.validation import all_of_kind, bad_type, bad_value, texts, whole_number

WIDTH, HEIGHT = 640, 480
_SEED = 20_240
_ADVICE = "Pass what load(path) returns."

Summary = tuple[str, float, int]


def make_photographs(folder: str | Path, count: int) -> list[str]:
    """Make `count` PPM files of 640 × 480 pixels, 0.9 MB each, in `folder`; return their paths.

    Each shows a sky, a sun and three ridges of hills, with the noise of a camera. The random
    numbers have a fixed seed, so the files are the same in every run.
    """
    whole_number("count", count, 1, 1_000, "Pass how many, e.g. 16.")
    paths = [Path(folder) / f"photo_{number:03}.ppm" for number in range(count)]
    for number, path in enumerate(paths):
        Image.fromarray(_photograph(number)).save(path)
    return [str(path) for path in paths]


def _photograph(number: int) -> np.ndarray:
    """Return the pixels of photograph `number`, an array of (height, width, 3) bytes."""
    draw = np.random.default_rng((_SEED, number))
    down, across = np.mgrid[0:HEIGHT, 0:WIDTH]
    height = (down / HEIGHT)[..., None]
    picture = (1 - height) * (70, 120, 200) + height * (250, 200, 150)
    sun_x, sun_y = draw.uniform(0.2, 0.8) * WIDTH, draw.uniform(0.1, 0.4) * HEIGHT
    glow = np.exp(-((across - sun_x) ** 2 + (down - sun_y) ** 2) / 2_500)
    picture += glow[..., None] * (90, 80, 30)
    for shade, base in ((110, 0.55), (70, 0.68), (35, 0.82)):
        waves = sum(
            draw.uniform(4, 18) * np.sin(across[0] * draw.uniform(0.005, 0.04) + draw.uniform(0, 6))
            for _ in range(4)
        )
        picture[down > base * HEIGHT + waves] = (shade * 0.7, shade, shade * 0.8)
    picture += draw.normal(0, 9, picture.shape)
    return picture.clip(0, 255).astype(np.uint8)


def load(path: str) -> np.ndarray:
    """Return the photograph's pixels, an array of (height, width, 3) bytes."""
    texts(path=path)
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def denoise(pixels: np.ndarray) -> np.ndarray:
    """Replace each value by the mean of its 3 × 3 neighborhood if they differ by less than 30.

    `pixels` are (height, width, 3) bytes. Return as many float32.
    """
    _check(pixels, np.uint8)
    plain = pixels.astype(np.float32)
    mean = _mean_of_nine(plain)
    return np.where(np.abs(plain - mean) < 30, mean, plain)


def sharpen(pixels: np.ndarray) -> np.ndarray:
    """Increase each value's distance from the mean of its 3 × 3 neighborhood by half.

    Takes and returns an array of (height, width, 3) float32.
    """
    _check(pixels, np.float32)
    return pixels + np.float32(0.5) * (pixels - _mean_of_nine(pixels))


def stretch(pixels: np.ndarray) -> np.ndarray:
    """Spread all but the darkest and the brightest percent of the values over 0 to 255.

    Takes an array of (height, width, 3) float32 and returns as many bytes.
    """
    _check(pixels, np.float32)
    low, high = np.percentile(pixels[::4, ::4], (1, 99))
    factor = np.float32(255 / max(1.0, high - low))
    return ((pixels - np.float32(low)) * factor).clip(0, 255).astype(np.uint8)


def enhance(pixels: np.ndarray) -> np.ndarray:
    """Denoise, sharpen and stretch an array of (height, width, 3) bytes; return as many."""
    return stretch(sharpen(denoise(pixels)))


def save(path: str, pixels: np.ndarray) -> Summary:
    """Save a small PNG next to `path`; return (name, mean of the pixels, checksum of the PNG)."""
    _check(pixels, np.uint8)
    small = Image.fromarray(pixels).resize((WIDTH // 4, HEIGHT // 4), Image.Resampling.BOX)
    small.save(Path(path).with_suffix(".png"), compress_level=1)
    return Path(path).name, round(float(pixels.mean()), 3), zlib.crc32(small.tobytes())


def develop(path: str) -> Summary:
    """Load, enhance and save one photograph; return (name, mean brightness 0 to 255, checksum)."""
    return save(path, enhance(load(path)))


def develop_all(paths: list[str]) -> list[Summary]:
    """Develop several photographs, one after the other; return what `develop` returns for each."""
    all_of_kind("paths", paths, str, "Pass what make_photographs returned.")
    return [develop(path) for path in paths]


def _mean_of_nine(picture: np.ndarray) -> np.ndarray:
    """Return each pixel's mean over its 3 × 3 neighborhood; edge pixels are repeated outward."""
    padded = np.pad(picture, ((1, 1), (1, 1), (0, 0)), mode="edge")
    rows = padded[:-2] + padded[1:-1] + padded[2:]
    return (rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / 9


def _check(pixels: object, kind: type) -> None:
    """Raise TypeError or ValueError for what is not (height, width, 3) numbers of that type."""
    if not isinstance(pixels, np.ndarray):
        raise bad_type("pixels", pixels, "a NumPy array", _ADVICE)
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != kind or not pixels.size:
        given = f"{pixels.shape} of {pixels.dtype}"
        allowed = f"(height, width, 3) of {np.dtype(kind)}"
        raise bad_value("pixels", given, allowed, _ADVICE)
