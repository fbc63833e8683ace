"""Shared memory is made, used and closed, but never unlinked."""

from multiprocessing.shared_memory import SharedMemory

if __name__ == "__main__":
    memory = SharedMemory(create=True, size=1_000_000)
    memory.buf[0] = 1
    memory.close()
    print("all done")
