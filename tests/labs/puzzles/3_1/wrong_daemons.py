"""Wrong: every cook goes home by itself: of 2 processes were never joined"""

from multiprocessing import Process, Queue


def cook(orders: Queue, dishes: Queue) -> None:
    while (order := orders.get()) is not None:
        dishes.put(f"hot {order}")


def serve(names: list[str], cooks: int) -> list[str]:
    orders, dishes = Queue(), Queue()
    for _ in range(cooks):
        Process(target=cook, args=(orders, dishes), daemon=True).start()
    for name in [*names, None]:
        orders.put(name)
    return [dishes.get() for _ in names]
