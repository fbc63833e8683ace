"""Fails: running_task_not_canceled.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 6
"""

import asyncio
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor

context = multiprocessing.get_context(sys.argv[1])


async def main():
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(1, mp_context=context) as executor:
        try:
            await asyncio.wait_for(loop.run_in_executor(executor, time.sleep, 60), timeout=1)
        except TimeoutError:
            print("given up")


if __name__ == "__main__":
    asyncio.run(main())
