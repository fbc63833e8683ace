"""Kept to one core, what does this program take for the number of cores?"""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor

import loky
import psutil

if __name__ == "__main__":
    me = psutil.Process()
    if hasattr(me, "cpu_affinity"):  # not on macOS
        me.cpu_affinity(me.cpu_affinity()[:1])
    counts = {
        "os.cpu_count()": os.cpu_count(),
        "multiprocessing.cpu_count()": multiprocessing.cpu_count(),
        "ProcessPoolExecutor()": ProcessPoolExecutor()._max_workers,
        "loky.cpu_count()": loky.cpu_count(),
    }
    if hasattr(os, "process_cpu_count"):  # new in Python 3.13
        counts["os.process_cpu_count()"] = os.process_cpu_count()
    for name, count in counts.items():
        print(f"{name}: {count}")
