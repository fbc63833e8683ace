"""Wrong: each cake was baked by a process of its own: Can't pickle"""

import os
from multiprocessing import Process, SimpleQueue


def bake(cake: str, done: SimpleQueue) -> None:
    done.put((cake, os.getpid()))


def bake_all(cakes: list[str]) -> dict[str, int]:
    done = SimpleQueue()
    bakers = [Process(target=lambda cake=cake: bake(cake, done)) for cake in cakes]
    for baker in bakers:
        baker.start()
    for baker in bakers:
        baker.join()
    return dict(done.get() for _ in cakes)
