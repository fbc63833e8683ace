"""Right: a subclass of Process, and a word as the sentinel."""

from multiprocessing import Process, Queue

CLOSED = "the kitchen is closed"


class Cook(Process):
    def __init__(self, orders: Queue, dishes: Queue) -> None:
        super().__init__()
        self.orders, self.dishes = orders, dishes

    def run(self) -> None:
        for order in iter(self.orders.get, CLOSED):
            self.dishes.put(f"hot {order}")


def serve(names: list[str], cooks: int) -> list[str]:
    orders, dishes = Queue(), Queue()
    kitchen = [Cook(orders, dishes) for _ in range(cooks)]
    for process in kitchen:
        process.start()
    for order in names + cooks * [CLOSED]:
        orders.put(order)
    served = [dishes.get() for _ in names]
    for process in kitchen:
        process.join()
    return served
