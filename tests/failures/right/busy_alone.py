"""Right: computes for a while.

methods: spawn
pythons: 3.11-3.15
limit: 10
"""

import time

if __name__ == "__main__":
    until = time.process_time() + 0.7
    while time.process_time() < until:
        pass
