"""Wrong: every parcel has its weight: no process was started"""


def weigh_all(parcels: list[list[int]]) -> list[int]:
    return [sum(parcel) for parcel in parcels]
