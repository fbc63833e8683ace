"""What runs in other processes: plain functions, a file a subject or lab, made to be read."""

from helpers.workers.compute import (
    blur_image,
    count_primes,
    count_queens,
    count_words,
    do_nothing,
    hash_buffer,
    mandelbrot_row,
    sample_pi,
    wait,
)

__all__ = [
    "blur_image",
    "count_primes",
    "count_queens",
    "count_words",
    "do_nothing",
    "hash_buffer",
    "mandelbrot_row",
    "sample_pi",
    "wait",
]
