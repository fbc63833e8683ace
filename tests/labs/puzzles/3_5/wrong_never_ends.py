"""Wrong: every person is reached: the code did not come back"""

from multiprocessing import Process, SimpleQueue


def phone(calls: SimpleQueue, answers: SimpleQueue) -> None:
    while (name := calls.get()) is not None:
        if name.startswith("busy "):
            calls.put(name.removeprefix("busy "))
        else:
            answers.put(f"hello, {name} here")


def phone_all(names: list[str]) -> list[str]:
    calls, answers = SimpleQueue(), SimpleQueue()
    for name in names:
        calls.put(name)
    caller = Process(target=phone, args=(calls, answers))
    caller.start()
    heard = [answers.get() for _ in names]
    caller.join()
    calls.put(None)
    return heard
