"""Wrong: every parcel has its weight: expected [5, 7], got <SynchronizedArray"""

from ctypes import Array as Numbers
from multiprocessing import Array, Process
from multiprocessing.sharedctypes import SynchronizedArray


def weigh(place: int, parcel: list[int], weights: Numbers) -> None:
    weights[place] = sum(parcel)


def weigh_all(parcels: list[list[int]]) -> SynchronizedArray:
    weights = Array("q", len(parcels))
    scales = [Process(target=weigh, args=(*pair, weights)) for pair in enumerate(parcels)]
    for scale in scales:
        scale.start()
    for scale in scales:
        scale.join()
    return weights
