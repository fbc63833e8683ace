"""Right: each child opens the file itself.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys
import tempfile

context = multiprocessing.get_context(sys.argv[1])


def count(name, results):
    file = open(name)  # noqa: PTH123, SIM115
    results.put(sum(1 for _ in file))


if __name__ == "__main__":
    with tempfile.NamedTemporaryFile("w") as written:
        written.write("a line\n" * 10_000)
        written.flush()
        results = context.Queue()
        children = [context.Process(target=count, args=(written.name, results)) for _ in range(2)]
        for child in children:
            child.start()
        print(sorted(results.get() for _ in children))
        for child in children:
            child.join()
