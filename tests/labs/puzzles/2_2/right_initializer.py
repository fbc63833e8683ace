"""Right: each worker of an executor sets its own rate first."""

from concurrent.futures import ProcessPoolExecutor

rate = 1


def set_rate(todays_rate: int) -> None:
    global rate
    rate = todays_rate


def change(amount: int) -> int:
    return amount * rate


def change_all(amounts: list[int], todays_rate: int) -> list[int]:
    with ProcessPoolExecutor(2, initializer=set_rate, initargs=(todays_rate,)) as pool:
        return list(pool.map(change, amounts))
