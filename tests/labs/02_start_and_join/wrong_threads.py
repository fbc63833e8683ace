"""Wrong: all the jobs ran at once, each in a process: threads of the parent did the work"""

import time
from threading import Thread


def supervise(jobs: dict, deadline: float, patience: float) -> dict[str, int]:
    threads = {name: Thread(target=function, args=args) for name, (function, args) in jobs.items()}
    for thread in threads.values():
        thread.start()
    end = time.monotonic() + deadline
    for thread in threads.values():
        thread.join(max(0, end - time.monotonic()))
    return {name: int(thread.is_alive()) for name, thread in threads.items()}
