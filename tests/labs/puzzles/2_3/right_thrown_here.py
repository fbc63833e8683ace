"""Right: the parent draws a seed for each player from one generator."""

import random
from concurrent.futures import ProcessPoolExecutor


def throw(seed: int) -> list[int]:
    return random.Random(seed).choices(range(1, 7), k=12)


def play(players: list[str]) -> dict[str, list[int]]:
    seeds = random.Random(6).sample(range(1_000_000), len(players))
    with ProcessPoolExecutor() as pool:
        return dict(zip(players, pool.map(throw, seeds), strict=True))
