"""Fails: max_tasks_with_fork.

methods: fork
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

context = multiprocessing.get_context(sys.argv[1])


if __name__ == "__main__":
    ProcessPoolExecutor(2, mp_context=context, max_tasks_per_child=2)
