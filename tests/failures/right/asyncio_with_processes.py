"""Right: an executor under asyncio.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import asyncio
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

context = multiprocessing.get_context(sys.argv[1])


def work(number):
    return number * number


async def main():
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        tasks = [loop.run_in_executor(executor, work, number) for number in range(5)]
        print(await asyncio.gather(*tasks))


if __name__ == "__main__":
    asyncio.run(main())
