"""Row 74: shared memory that nobody gave back.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

from multiprocessing.shared_memory import SharedMemory

if __name__ == "__main__":
    memory = SharedMemory(create=True, size=100)
    memory.buf[0] = 1
    memory.close()
