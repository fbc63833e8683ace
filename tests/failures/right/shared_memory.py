"""Right: shared memory, given back.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys
from multiprocessing.shared_memory import SharedMemory

context = multiprocessing.get_context(sys.argv[1])


def work(name):
    memory = SharedMemory(name=name)
    memory.buf[0] = 7
    memory.close()


if __name__ == "__main__":
    memory = SharedMemory(create=True, size=100)
    process = context.Process(target=work, args=(memory.name,))
    process.start()
    process.join()
    print(memory.buf[0])
    memory.close()
    memory.unlink()
