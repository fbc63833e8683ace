"""Right: the caller calls a busy person again at once."""

from multiprocessing import Process, SimpleQueue


def phone(calls: SimpleQueue, answers: SimpleQueue) -> None:
    while (name := calls.get()) is not None:
        while name.startswith("busy "):
            name = name.removeprefix("busy ")
        answers.put(f"hello, {name} here")


def phone_all(names: list[str]) -> list[str]:
    calls, answers = SimpleQueue(), SimpleQueue()
    for name in [*names, None]:
        calls.put(name)
    caller = Process(target=phone, args=(calls, answers))
    caller.start()
    heard = [answers.get() for _ in names]
    caller.join()
    return heard
