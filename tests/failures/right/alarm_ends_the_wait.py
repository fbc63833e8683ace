"""Right: a signal ends a wait that has no limit.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import signal
import sys

context = multiprocessing.get_context(sys.argv[1])


class TooLate(Exception):
    pass


def ring(number, frame):
    raise TooLate


def work(event):
    event.wait()


if __name__ == "__main__":
    event = context.Event()
    process = context.Process(target=work, args=(event,))
    process.start()
    signal.signal(signal.SIGALRM, ring)
    signal.alarm(2)
    try:
        process.join()
    except TooLate:
        event.set()
    process.join()
    print(process.exitcode)
