"""Right: each cook puts the sentinel back for the next one."""

from multiprocessing import Process, Queue


def cook(orders: Queue, dishes: Queue) -> None:
    while (order := orders.get()) is not None:
        dishes.put(f"hot {order}")
    orders.put(None)


def serve(names: list[str], cooks: int) -> list[str]:
    orders, dishes = Queue(), Queue()
    kitchen = [Process(target=cook, args=(orders, dishes)) for _ in range(cooks)]
    for process in kitchen:
        process.start()
    for name in [*names, None]:
        orders.put(name)
    served = [dishes.get() for _ in names]
    for process in kitchen:
        process.join()
    return served
