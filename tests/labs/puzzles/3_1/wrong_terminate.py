"""Wrong: every cook goes home by itself: 1 of 2 cooks were stopped"""

from multiprocessing import Process, Queue


def cook(orders: Queue, dishes: Queue) -> None:
    while (order := orders.get()) is not None:
        dishes.put(f"hot {order}")


def serve(names: list[str], cooks: int) -> list[str]:
    orders, dishes = Queue(), Queue()
    kitchen = [Process(target=cook, args=(orders, dishes)) for _ in range(cooks)]
    for process in kitchen:
        process.start()
    for name in [*names, None]:
        orders.put(name)
    served = [dishes.get() for _ in names]
    while all(process.is_alive() for process in kitchen):
        pass
    for process in kitchen:
        if process.is_alive():
            process.terminate()
        process.join()
    return served
