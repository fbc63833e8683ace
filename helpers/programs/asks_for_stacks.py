"""Send SIGUSR2 to a child. Pass `parent` or `both`: which processes register faulthandler."""

import faulthandler
import os
import signal
import sys
from multiprocessing import Event, Process


def wait(registers, ready, never):
    if registers == "both":
        faulthandler.register(signal.SIGUSR2)
    ready.set()
    never.wait()


if __name__ == "__main__":
    faulthandler.register(signal.SIGUSR2)
    ready, never = Event(), Event()
    child = Process(target=wait, args=(sys.argv[1], ready, never))
    child.start()
    ready.wait()
    os.kill(child.pid, signal.SIGUSR2)
    child.join(2)
    print("exit code of the child:", child.exitcode)
    child.kill()
    child.join()
