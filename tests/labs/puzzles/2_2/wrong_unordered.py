"""Wrong: the amounts are changed, under every start method: got [(0, 30), (1, 60)]"""

from multiprocessing import Process, SimpleQueue


def change(place: int, amount: int, rate: int, answers: SimpleQueue) -> None:
    answers.put((place, amount * rate))


def change_all(amounts: list[int], todays_rate: int) -> list[tuple[int, int]]:
    answers = SimpleQueue()
    clerks = [
        Process(target=change, args=(*pair, todays_rate, answers)) for pair in enumerate(amounts)
    ]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    return sorted(answers.get() for _ in amounts)
