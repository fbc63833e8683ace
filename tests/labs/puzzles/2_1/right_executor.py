"""Right: an executor returns the weights in order."""

from concurrent.futures import ProcessPoolExecutor


def weigh_all(parcels: list[list[int]]) -> list[int]:
    with ProcessPoolExecutor() as pool:
        return list(pool.map(sum, parcels))
