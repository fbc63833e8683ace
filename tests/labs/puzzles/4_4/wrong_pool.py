"""Wrong: workers frame the pictures: it raised NotImplementedError: pool objects"""

from multiprocessing import Pool
from multiprocessing.pool import Pool as Workers


class Studio:
    def __init__(self, edge: str, pool: Workers) -> None:
        self.edge = edge
        self.pool = pool

    def frame(self, picture: str) -> str:
        return f"{self.edge}{picture}{self.edge}"

    def frame_all(self, pictures: list[str]) -> list[str]:
        return self.pool.map(self.frame, pictures)


def exhibit(edge: str, pictures: list[str]) -> list[str]:
    with Pool(2) as pool:
        return Studio(edge, pool).frame_all(pictures)
