"""Fetch one page twelve times at once. Pass `processes`, `threads` or `asyncio`, and an address."""

import asyncio
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from time import perf_counter

from helpers.workers.compute import fetch, fetch_async

KINDS = {"processes": ProcessPoolExecutor, "threads": ThreadPoolExecutor}


async def fetch_all(pages: list[str]) -> list:
    return await asyncio.gather(*map(fetch_async, pages))


if __name__ == "__main__":
    how, pages = sys.argv[1], [sys.argv[2]] * 12
    began = perf_counter()
    if how == "asyncio":
        sizes = asyncio.run(fetch_all(pages))
    else:
        with KINDS[how](12) as executor:
            sizes = list(executor.map(fetch, pages))
    print("pages:", len(sizes))
    print("seconds:", perf_counter() - began)
