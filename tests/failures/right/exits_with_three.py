"""Right: ends with an exit code of its own.

methods: spawn
pythons: 3.11-3.15
limit: 10
"""

import sys

if __name__ == "__main__":
    print("nothing to do")
    sys.exit(3)
