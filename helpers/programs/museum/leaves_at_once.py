"""Measure three words in an executor, then leave at once."""

import os
from concurrent.futures import ProcessPoolExecutor

if __name__ == "__main__":
    executor = ProcessPoolExecutor(2)
    print(*executor.map(len, ["one", "three", "fifteen"]), flush=True)
    os._exit(0)
