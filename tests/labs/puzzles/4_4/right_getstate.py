"""Right: the studio is pickled without its pool."""

from concurrent.futures import ProcessPoolExecutor


class Studio:
    def __init__(self, edge: str, pool: ProcessPoolExecutor) -> None:
        self.edge = edge
        self.pool = pool

    def __getstate__(self) -> dict[str, object]:
        return {"edge": self.edge}

    def frame(self, picture: str) -> str:
        return f"{self.edge}{picture}{self.edge}"

    def frame_all(self, pictures: list[str]) -> list[str]:
        return list(self.pool.map(self.frame, pictures))


def exhibit(edge: str, pictures: list[str]) -> list[str]:
    with ProcessPoolExecutor(2) as pool:
        return Studio(edge, pool).frame_all(pictures)
