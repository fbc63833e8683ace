"""Right: each weight is sent with its place."""

from multiprocessing import Process, SimpleQueue


def weigh(place: int, parcel: list[int], weights: SimpleQueue) -> None:
    weights.put((place, sum(parcel)))


def weigh_all(parcels: list[list[int]]) -> list[int]:
    weights = SimpleQueue()
    scales = [Process(target=weigh, args=(*pair, weights)) for pair in enumerate(parcels)]
    for scale in scales:
        scale.start()
    for scale in scales:
        scale.join()
    return [weight for _, weight in sorted(weights.get() for _ in parcels)]
