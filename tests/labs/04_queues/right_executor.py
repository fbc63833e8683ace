"""Right: an executor, and futures whose exceptions are asked for; fork, where it is."""

from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_all_start_methods, get_context

from helpers.workers.lab_04 import develop

HOW = get_context("fork") if "fork" in get_all_start_methods() else None


def run_line(names: list[str], consumers: int) -> dict[str, bytes | str]:
    with ProcessPoolExecutor(consumers, mp_context=HOW) as pool:
        futures = {pool.submit(develop, name): name for name in names}
        found = {}
        for future in as_completed(futures):
            error = future.exception()
            found[futures[future]] = str(error) if error else future.result()
    return found
