"""Wrong: every parcel has its weight: expected [5, 7], got [None, None]"""

from multiprocessing import Process


def weigh(parcel: list[int]) -> int:
    return sum(parcel)


def weigh_all(parcels: list[list[int]]) -> list[None]:
    scales = [Process(target=weigh, args=(parcel,)) for parcel in parcels]
    for scale in scales:
        scale.start()
    return [scale.join() for scale in scales]
