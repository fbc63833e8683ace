"""Right: the rate is a part of what is sent."""

from multiprocessing import Process, SimpleQueue


def change(place: int, amount_and_rate: tuple[int, int], answers: SimpleQueue) -> None:
    amount, rate = amount_and_rate
    answers.put((place, amount * rate))


def change_all(amounts: list[int], todays_rate: int) -> list[int]:
    answers = SimpleQueue()
    pairs = [(amount, todays_rate) for amount in amounts]
    clerks = [Process(target=change, args=(*pair, answers)) for pair in enumerate(pairs)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    return [changed for _, changed in sorted(answers.get() for _ in amounts)]
