"""Wrong: every cook goes home by itself: the code did not come back"""

from multiprocessing import Process, SimpleQueue


def cook(orders: SimpleQueue, dishes: SimpleQueue) -> None:
    while (order := orders.get()) is not None:
        dishes.put(f"hot {order}")


def serve(names: list[str], cooks: int) -> list[str]:
    orders, dishes = SimpleQueue(), SimpleQueue()
    for order in cooks * [None] + names:
        orders.put(order)
    kitchen = [Process(target=cook, args=(orders, dishes)) for _ in range(cooks)]
    for process in kitchen:
        process.start()
    served = [dishes.get() for _ in names]
    for process in kitchen:
        process.join()
    return served
