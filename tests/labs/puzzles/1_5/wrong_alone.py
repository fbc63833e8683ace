"""Wrong: every gardener has gone home when water_all returns: no process was started"""


def water_all(beds: list[str]) -> list[str]:
    return list(beds)
