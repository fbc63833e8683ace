"""Right: a subclass of Process."""

from multiprocessing import Process, SimpleQueue


class Baker(Process):
    def __init__(self, cake: str, done: SimpleQueue) -> None:
        super().__init__()
        self.cake, self.done = cake, done

    def run(self) -> None:
        self.done.put((self.cake, self.pid))


def bake_all(cakes: list[str]) -> dict[str, int]:
    done = SimpleQueue()
    bakers = [Baker(cake, done) for cake in cakes]
    for baker in bakers:
        baker.start()
    for baker in bakers:
        baker.join()
    return dict(done.get() for _ in cakes)
