"""Right: reads what was watered, then joins each."""

from multiprocessing import Process, SimpleQueue


def water(bed: str, watered: SimpleQueue) -> None:
    watered.put(bed)


def water_all(beds: list[str]) -> list[str]:
    watered = SimpleQueue()
    gardeners = []
    for bed in beds:
        gardeners.append(Process(target=water, args=(bed, watered)))
        gardeners[-1].start()
    found = [watered.get() for _ in beds]
    for gardener in gardeners:
        gardener.join()
    return found
