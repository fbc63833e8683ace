"""Fails: memory_name_taken.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import os
from multiprocessing.shared_memory import SharedMemory

if __name__ == "__main__":
    name = f"psm_again{os.getpid()}"
    first = SharedMemory(name=name, create=True, size=9)
    try:
        second = SharedMemory(name=name, create=True, size=9)
    finally:
        first.close()
        first.unlink()
