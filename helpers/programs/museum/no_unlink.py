"""Write a number into shared memory, and read it again."""

from multiprocessing.shared_memory import SharedMemory

if __name__ == "__main__":
    memory = SharedMemory(create=True, size=100)
    memory.buf[0] = 42
    print("it says", memory.buf[0])
    memory.close()
