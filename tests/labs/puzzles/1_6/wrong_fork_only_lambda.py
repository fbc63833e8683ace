"""Wrong: the words come back in capitals, under every start method: Can't pickle"""

from multiprocessing import Process, SimpleQueue


def shout_all(words: list[str]) -> list[str]:
    answers = SimpleQueue()
    shout = lambda *pair: answers.put((pair[0], pair[1].upper()))  # noqa: E731
    shouters = [Process(target=shout, args=pair) for pair in enumerate(words)]
    for shouter in shouters:
        shouter.start()
    for shouter in shouters:
        shouter.join()
    return [word for _, word in sorted(answers.get() for _ in words)]
