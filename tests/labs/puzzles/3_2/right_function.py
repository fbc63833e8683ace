"""Right: a function catches the error."""

from multiprocessing import Process, Queue


def price(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return "no price"


def read(texts: Queue, report: Queue) -> None:
    report.put({text: price(text) for text in iter(texts.get, None)})


def read_all(lines: list[str]) -> dict[str, float | str]:
    texts, report = Queue(), Queue()
    reader = Process(target=read, args=(texts, report))
    reader.start()
    for text in [*lines, None]:
        texts.put(text)
    prices = report.get()
    reader.join()
    return prices
