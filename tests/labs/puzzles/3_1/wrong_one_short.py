"""Wrong: every cook goes home by itself: the code did not come back"""

from multiprocessing import Process, Queue


def cook(orders: Queue, dishes: Queue) -> None:
    while (order := orders.get()) is not None:
        dishes.put(f"hot {order}")


def serve(names: list[str], cooks: int) -> list[str]:
    orders, dishes = Queue(), Queue()
    kitchen = [Process(target=cook, args=(orders, dishes)) for _ in range(cooks)]
    for process in kitchen:
        process.start()
    for name in names:
        orders.put(name)
    for _ in range(1, cooks):
        orders.put(None)
    served = [dishes.get() for _ in names]
    for process in kitchen:
        process.join()
    return served
