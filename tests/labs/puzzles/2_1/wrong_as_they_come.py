"""Wrong: every parcel has its weight: expected [5, 7], got [(0, 5), (1, 7)]"""

from multiprocessing import Process, SimpleQueue


def weigh(place: int, parcel: list[int], weights: SimpleQueue) -> None:
    weights.put((place, sum(parcel)))


def weigh_all(parcels: list[list[int]]) -> list[tuple[int, int]]:
    weights = SimpleQueue()
    scales = [Process(target=weigh, args=(*pair, weights)) for pair in enumerate(parcels)]
    for scale in scales:
        scale.start()
    for scale in scales:
        scale.join()
    return sorted(weights.get() for _ in parcels)
