"""The main process starts a child and ends without join. Pass `daemon` or `plain`."""

import multiprocessing
import sys
import time


def work() -> None:
    time.sleep(0.5)  # stands for half a second of work
    print("child: my work is done", flush=True)


if __name__ == "__main__":
    daemon = sys.argv[1] == "daemon"
    multiprocessing.Process(target=work, daemon=daemon).start()
    print("main: I have reached my last line", flush=True)
