"""Wrong: no two players throw the same: Ada and Bob threw the same"""

import random
from multiprocessing import Process, SimpleQueue


def throw(player: str, table: SimpleQueue) -> None:
    dice = random.Random(6)
    table.put((player, [dice.randint(1, 6) for _ in range(12)]))


def play(players: list[str]) -> dict[str, list[int]]:
    table = SimpleQueue()
    throwing = [Process(target=throw, args=(player, table)) for player in players]
    for process in throwing:
        process.start()
    for process in throwing:
        process.join()
    return dict(table.get() for _ in players)
