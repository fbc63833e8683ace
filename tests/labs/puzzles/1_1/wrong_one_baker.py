"""Wrong: each cake was baked by a process of its own: two cakes were baked by the same process"""

import os
from multiprocessing import Process, SimpleQueue


def bake(cake: str, done: SimpleQueue) -> None:
    done.put((cake, os.getpid()))


def bake_them(cakes: list[str], done: SimpleQueue) -> None:
    for cake in cakes:
        bake(cake, done)


def bake_all(cakes: list[str]) -> dict[str, int]:
    done = SimpleQueue()
    baker = Process(target=bake_them, args=(cakes, done))
    baker.start()
    baker.join()
    return dict(done.get() for _ in cakes)
