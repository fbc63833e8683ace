"""Fails: code_in_no_file.

methods: spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


TEXT = """
def work():
    print("hello")

process = context.Process(target=work)
process.start()
"""

if __name__ == "__main__":
    exec(TEXT, {"context": context, "__name__": "__main__"})
