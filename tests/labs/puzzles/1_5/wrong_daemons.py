"""Wrong: every gardener has gone home when water_all returns: the end of 3 of 3 processes"""

from multiprocessing import Process, SimpleQueue


def water(bed: str, watered: SimpleQueue) -> None:
    watered.put(bed)


def water_all(beds: list[str]) -> list[str]:
    watered = SimpleQueue()
    for bed in beds:
        Process(target=water, args=(bed, watered), daemon=True).start()
    return [watered.get() for _ in beds]
