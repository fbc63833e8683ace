"""Fails: memory_removed_by_stranger.

methods: spawn
pythons: 3.11-3.15
limit: 20
"""

import subprocess
import sys
from multiprocessing.shared_memory import SharedMemory

STRANGER = """
import sys
from multiprocessing.shared_memory import SharedMemory

SharedMemory(name=sys.argv[1]).close()
"""

if __name__ == "__main__":
    memory = SharedMemory(create=True, size=100)
    command = [sys.executable, "-c", STRANGER, memory.name]
    # Its resource tracker holds standard error, so this waits for the tracker's end too.
    print(subprocess.run(command, check=True, stderr=subprocess.PIPE, text=True).stderr)
    memory.close()
    memory.unlink()
