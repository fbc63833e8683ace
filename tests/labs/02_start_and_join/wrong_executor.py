"""Wrong: all the jobs ran at once, each in a process: the workers of a pool did the jobs"""

from concurrent.futures import ProcessPoolExecutor


def supervise(jobs: dict, deadline: float, patience: float) -> dict[str, int]:
    if not jobs:
        return {}
    with ProcessPoolExecutor(len(jobs)) as executor:
        futures = {name: executor.submit(job[0], *job[1]) for name, job in jobs.items()}
        return {name: future.result(deadline) for name, future in futures.items()}
