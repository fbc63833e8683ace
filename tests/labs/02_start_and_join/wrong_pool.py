"""Wrong: all the jobs ran at once, each in a process: the workers of a pool did the jobs"""

from multiprocessing import Pool


def supervise(jobs: dict, deadline: float, patience: float) -> dict[str, int]:
    if not jobs:
        return {}
    codes = {}
    with Pool(len(jobs)) as pool:
        results = {name: pool.apply_async(*job) for name, job in jobs.items()}
        for name, result in results.items():
            try:
                result.get(timeout=deadline)
                codes[name] = 0
            except Exception:
                codes[name] = 1
    return codes
