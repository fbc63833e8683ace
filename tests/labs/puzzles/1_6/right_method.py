"""Right: a static method of a class at the top of the file."""

from multiprocessing import Process, SimpleQueue


class Crowd:
    @staticmethod
    def shout(place: int, word: str, answers: SimpleQueue) -> None:
        answers.put((place, word.upper()))


def shout_all(words: list[str]) -> list[str]:
    answers = SimpleQueue()
    shouters = [Process(target=Crowd.shout, args=(*pair, answers)) for pair in enumerate(words)]
    for shouter in shouters:
        shouter.start()
    for shouter in shouters:
        shouter.join()
    return [word for _, word in sorted(answers.get() for _ in words)]
