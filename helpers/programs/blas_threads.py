"""One process a core multiplies matrices, with the threads that BLAS takes or with one each."""

import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from time import perf_counter

import psutil

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.pop(name, None)
    if sys.argv[1] == "one":
        os.environ[name] = "1"

import numpy  # noqa: E402 (BLAS reads the variables when it is loaded)


def multiply(times: int) -> int:
    matrix = numpy.ones((500, 500))
    for _ in range(times):
        matrix @ matrix
    return psutil.Process().num_threads()


if __name__ == "__main__":
    workers = max(2, int(sys.argv[2]))
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        threads = max(pool.map(multiply, [1] * workers))
        took = []
        for _ in range(3):
            began = perf_counter()
            list(pool.map(multiply, [10] * workers))
            took.append(perf_counter() - began)
    print(f"workers: {workers}")
    print(f"threads in each: {threads}")
    print(f"milliseconds: {1e3 * min(took):.0f}")
