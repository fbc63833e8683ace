"""Wrong: workers frame the pictures: Can't pickle"""

from concurrent.futures import ProcessPoolExecutor


class Studio:
    def __init__(self, edge: str, pool: ProcessPoolExecutor) -> None:
        self.edge = edge
        self.pool = pool

    def frame_all(self, pictures: list[str]) -> list[str]:
        edge = self.edge
        return list(self.pool.map(lambda picture: f"{edge}{picture}{edge}", pictures))


def exhibit(edge: str, pictures: list[str]) -> list[str]:
    with ProcessPoolExecutor(2) as pool:
        return Studio(edge, pool).frame_all(pictures)
