"""Right: each child seeds its own copy of the generator with its number."""

import random
from multiprocessing import Process, SimpleQueue

dice = random.Random(6)


def throw(number: int, player: str, table: SimpleQueue) -> None:
    dice.seed(number)
    table.put((player, [dice.randint(1, 6) for _ in range(12)]))


def play(players: list[str]) -> dict[str, list[int]]:
    table = SimpleQueue()
    throwing = [Process(target=throw, args=(*pair, table)) for pair in enumerate(players)]
    for process in throwing:
        process.start()
    for process in throwing:
        process.join()
    return dict(table.get() for _ in players)
