"""A program that is not our child attaches to a block and ends. Is the block still there?

Pass `tracked`, or from Python 3.13 on `untracked`.
"""

import subprocess
import sys
from multiprocessing.shared_memory import SharedMemory

TRACKED = "SharedMemory(name=sys.argv[1]).close()"
UNTRACKED = "SharedMemory(name=sys.argv[1], track=False).close()"

if __name__ == "__main__":
    line = UNTRACKED if sys.argv[1] == "untracked" else TRACKED
    stranger = f"import sys\nfrom multiprocessing.shared_memory import SharedMemory\n{line}"
    memory = SharedMemory(create=True, size=100)
    command = [sys.executable, "-c", stranger, memory.name]
    # The stranger's resource tracker holds stderr open, so this waits for the tracker's end too.
    subprocess.run(command, check=True, stderr=subprocess.PIPE)
    try:
        SharedMemory(name=memory.name).close()
        print("the block is still there")
        memory.unlink()
    except FileNotFoundError:
        print("the block is gone")
    memory.close()
