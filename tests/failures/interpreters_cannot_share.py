"""Fails: interpreters_cannot_share.

methods: spawn
pythons: 3.14-3.15
limit: 20
"""

import threading

if __name__ == "__main__":
    from concurrent.futures import InterpreterPoolExecutor

    with InterpreterPoolExecutor(1) as executor:
        print(executor.submit(lambda lock: lock, threading.Lock()).result())
