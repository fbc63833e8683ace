"""Wrong: the words come back in capitals, under every start method: got [None, None]"""


def shout_all(words: list[str]) -> list[None]:
    return [None for _ in words]
