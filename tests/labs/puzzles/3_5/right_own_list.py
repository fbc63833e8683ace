"""Right: the caller keeps the busy ones until the end."""

from multiprocessing import Process, Queue


def phone(calls: Queue, answers: Queue) -> None:
    busy = []
    for name in iter(calls.get, None):
        if name.startswith("busy "):
            busy.append(name.removeprefix("busy "))
        else:
            answers.put(f"hello, {name} here")
    for name in busy:
        answers.put(f"hello, {name} here")


def phone_all(names: list[str]) -> list[str]:
    calls, answers = Queue(), Queue()
    caller = Process(target=phone, args=(calls, answers))
    caller.start()
    for name in [*names, None]:
        calls.put(name)
    heard = [answers.get() for _ in names]
    caller.join()
    return heard
