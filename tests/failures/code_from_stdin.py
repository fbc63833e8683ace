"""Fails: code_in_no_file.

methods: spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import subprocess
import sys

TEXT = """
import multiprocessing
import sys

def work():
    print("hello")

if __name__ == "__main__":
    process = multiprocessing.get_context(sys.argv[1]).Process(target=work)
    process.start()
    process.join()
"""

if __name__ == "__main__":
    command = [sys.executable, "-", sys.argv[1]]
    subprocess.run(command, input=TEXT, text=True, check=True)
