"""Wrong: workers frame the pictures: no worker process was started"""

from concurrent.futures import ProcessPoolExecutor


class Studio:
    def __init__(self, edge: str, pool: ProcessPoolExecutor) -> None:
        self.edge = edge
        self.pool = pool

    def frame_all(self, pictures: list[str]) -> list[str]:
        return [f"{self.edge}{picture}{self.edge}" for picture in pictures]


def exhibit(edge: str, pictures: list[str]) -> list[str]:
    with ProcessPoolExecutor(2) as pool:
        return Studio(edge, pool).frame_all(pictures)
