"""Right: an executor's block waits for its workers."""

from concurrent.futures import ProcessPoolExecutor


def water(bed: str) -> str:
    return bed


def water_all(beds: list[str]) -> list[str]:
    with ProcessPoolExecutor() as pool:
        return list(pool.map(water, beds))
