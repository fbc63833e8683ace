"""Right: nothing asks for bakers that work at the same time."""

import os
from multiprocessing import Process, SimpleQueue


def bake(cake: str, done: SimpleQueue) -> None:
    done.put((cake, os.getpid()))


def bake_all(cakes: list[str]) -> dict[str, int]:
    done = SimpleQueue()
    for cake in cakes:
        baker = Process(target=bake, args=(cake, done))
        baker.start()
        baker.join()
    return dict(done.get() for _ in cakes)
