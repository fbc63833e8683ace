"""Wrong: every gardener has gone home when water_all returns: one after the other"""

from multiprocessing import Process, SimpleQueue


def water(bed: str, watered: SimpleQueue) -> None:
    watered.put(bed)


def water_all(beds: list[str]) -> list[str]:
    watered = SimpleQueue()
    for bed in beds:
        gardener = Process(target=water, args=(bed, watered))
        gardener.start()
        gardener.join()
    return [watered.get() for _ in beds]
