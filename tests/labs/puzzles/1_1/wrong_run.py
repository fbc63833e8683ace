"""Wrong: each cake was baked by a process of its own: a cake was baked by the parent"""

import os
from multiprocessing import Process, SimpleQueue


def bake(cake: str, done: SimpleQueue) -> None:
    done.put((cake, os.getpid()))


def bake_all(cakes: list[str]) -> dict[str, int]:
    done = SimpleQueue()
    for cake in cakes:
        Process(target=bake, args=(cake, done)).run()
    return dict(done.get() for _ in cakes)
