"""Fails: end_open_in_bystander.

methods: fork
pythons: 3.11-3.15
limit: 8
"""

import multiprocessing
import subprocess
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def background():
    time.sleep(60)


if __name__ == "__main__":
    pipe = subprocess.PIPE
    reads_all = "import sys; print(len(sys.stdin.read()))"
    counter = subprocess.Popen([sys.executable, "-c", reads_all], stdin=pipe)
    child = context.Process(target=background, daemon=True)
    child.start()
    counter.stdin.write(b"a line")
    counter.stdin.close()
    print("exit code", counter.wait())
