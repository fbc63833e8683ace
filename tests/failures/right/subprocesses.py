"""Right: programs that are not Python's.

methods: spawn
pythons: 3.11-3.15
limit: 10
"""

import subprocess
import sys

if __name__ == "__main__":
    command = [sys.executable, "-c", "print('from another Python')"]
    print(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    print(subprocess.run([sys.executable, "-c", "import sys; sys.exit(4)"]).returncode)
