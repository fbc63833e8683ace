"""Right: a child is started before the pipe to another program is opened.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import subprocess
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def background():
    time.sleep(60)


if __name__ == "__main__":
    child = context.Process(target=background, daemon=True)
    child.start()
    pipe = subprocess.PIPE
    reads_all = "import sys; print(len(sys.stdin.read()))"
    counter = subprocess.Popen([sys.executable, "-c", reads_all], stdin=pipe)
    counter.stdin.write(b"a line")
    counter.stdin.close()
    print("exit code", counter.wait())
