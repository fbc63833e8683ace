"""Right: os.fork and os.waitpid.

methods: fork
pythons: 3.11-3.15
limit: 10
"""

import os

if __name__ == "__main__":
    child = os.fork()
    if child == 0:
        os._exit(3)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
