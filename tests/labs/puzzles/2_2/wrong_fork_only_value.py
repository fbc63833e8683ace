"""Wrong: the amounts are changed, under every start method: expected [30, 60], got [10, 20]"""

from multiprocessing import Process, SimpleQueue, Value

rate = Value("q", 1)


def change(place: int, amount: int, answers: SimpleQueue) -> None:
    answers.put((place, amount * rate.value))


def change_all(amounts: list[int], todays_rate: int) -> list[int]:
    rate.value = todays_rate
    answers = SimpleQueue()
    clerks = [Process(target=change, args=(*pair, answers)) for pair in enumerate(amounts)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    return [changed for _, changed in sorted(answers.get() for _ in amounts)]
