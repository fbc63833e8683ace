"""Wrong: every person is reached: got ['hello, Ada here']"""

from multiprocessing import Process, SimpleQueue


def phone(calls: SimpleQueue, answers: SimpleQueue) -> None:
    while (name := calls.get()) is not None:
        if name.startswith("busy "):
            calls.put(name.removeprefix("busy "))
        else:
            answers.put(f"hello, {name} here")
    answers.put(None)


def phone_all(names: list[str]) -> list[str]:
    calls, answers = SimpleQueue(), SimpleQueue()
    for name in [*names, None]:
        calls.put(name)
    caller = Process(target=phone, args=(calls, answers))
    caller.start()
    heard = list(iter(answers.get, None))
    caller.join()
    return heard
