"""Fails: memory_closed_in_use.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

from multiprocessing.shared_memory import SharedMemory

if __name__ == "__main__":
    memory = SharedMemory(create=True, size=100)
    view = memory.buf[:10]
    try:
        memory.close()
    finally:
        memory.unlink()
