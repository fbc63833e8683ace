"""Right: a static method belongs to the class, not to the studio."""

from concurrent.futures import ProcessPoolExecutor


class Studio:
    def __init__(self, edge: str, pool: ProcessPoolExecutor) -> None:
        self.edge = edge
        self.pool = pool

    @staticmethod
    def frame(edge: str, picture: str) -> str:
        return f"{edge}{picture}{edge}"

    def frame_all(self, pictures: list[str]) -> list[str]:
        return list(self.pool.map(self.frame, [self.edge] * len(pictures), pictures))


def exhibit(edge: str, pictures: list[str]) -> list[str]:
    with ProcessPoolExecutor(2) as pool:
        return Studio(edge, pool).frame_all(pictures)
