"""A child that waits for an event is terminated; then the main program sets the event."""

import time
from multiprocessing import Event, Process


def wait(started: Event, go: Event) -> None:
    started.set()
    go.wait()


if __name__ == "__main__":
    started, go = Event(), Event()
    child = Process(target=wait, args=(started, go))
    child.start()
    started.wait()
    time.sleep(0.3)  # until the child waits for `go`
    child.terminate()
    child.join()
    print("main: now I set the event", flush=True)
    go.set()
    print("main: done")
