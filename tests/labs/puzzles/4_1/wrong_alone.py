"""Wrong: both ends of the table are lifted: 0 of 2 worker processes were started"""


def carry(ends: list[str]) -> list[str]:
    return list(ends)
