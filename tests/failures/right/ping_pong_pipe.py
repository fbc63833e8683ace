"""Right: messages both ways.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(line):
    for message in iter(line.recv, "end"):
        line.send(message + 1)


if __name__ == "__main__":
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs,))
    process.start()
    for number in range(50):
        ours.send(number)
        assert ours.recv() == number + 1
    ours.send("end")
    process.join()
