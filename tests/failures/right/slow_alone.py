"""Right: waits for a while.

methods: spawn
pythons: 3.11-3.15
limit: 10
"""

import time

if __name__ == "__main__":
    time.sleep(1.2)
