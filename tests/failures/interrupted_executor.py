"""Fails: executor_ignores_interrupt.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import os
import signal
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor

context = multiprocessing.get_context(sys.argv[1])


def press_stop():
    os.killpg(os.getpgrp(), signal.SIGINT)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a shell's background job
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        list(executor.map(time.sleep, [0.3] * 4))  # both workers have begun
        threading.Timer(1, press_stop).start()
        for future in [executor.submit(time.sleep, 2) for _ in range(8)]:
            future.result()
