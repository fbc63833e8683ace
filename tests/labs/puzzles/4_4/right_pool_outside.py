"""Right: the pool is no attribute of the studio."""

from multiprocessing import Pool


class Studio:
    def __init__(self, edge: str) -> None:
        self.edge = edge

    def frame(self, picture: str) -> str:
        return f"{self.edge}{picture}{self.edge}"


def exhibit(edge: str, pictures: list[str]) -> list[str]:
    with Pool(2) as pool:
        return pool.map(Studio(edge).frame, pictures)
