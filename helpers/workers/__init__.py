"""The functions that run in other processes, one module for each subject or lab.

    compute                                 pure computations, re-exported here
    workloads                               tasks for each of them, and their right results
    beside, children, counting, isolation,  what the lessons' children do
    sharing, pools, design, payloads, pipeline,
    strips, network, dask_tasks
    lab_01, lab_02, lab_03, lab_04          what the labs' workers do

A child imports this package to find its function, so the package itself loads only `compute`.
"""

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
