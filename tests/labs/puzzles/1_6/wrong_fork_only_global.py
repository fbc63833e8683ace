"""Wrong: the words come back in capitals, under every start method: the code did not come back"""

from multiprocessing import Process, SimpleQueue

answers = SimpleQueue()


def shout(place: int, word: str) -> None:
    answers.put((place, word.upper()))


def shout_all(words: list[str]) -> list[str]:
    shouters = [Process(target=shout, args=pair) for pair in enumerate(words)]
    for shouter in shouters:
        shouter.start()
    for shouter in shouters:
        shouter.join()
    return [word for _, word in sorted(answers.get() for _ in words)]
