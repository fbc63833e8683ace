"""Right: a JoinableQueue knows when every call is done."""

from multiprocessing import JoinableQueue, Process, SimpleQueue


def phone(calls: JoinableQueue, answers: SimpleQueue) -> None:
    while (name := calls.get()) is not None:
        if name.startswith("busy "):
            calls.put(name.removeprefix("busy "))
        else:
            answers.put(f"hello, {name} here")
        calls.task_done()


def phone_all(names: list[str]) -> list[str]:
    calls, answers = JoinableQueue(), SimpleQueue()
    for name in names:
        calls.put(name)
    caller = Process(target=phone, args=(calls, answers))
    caller.start()
    calls.join()
    calls.put(None)
    caller.join()
    return [answers.get() for _ in names]
